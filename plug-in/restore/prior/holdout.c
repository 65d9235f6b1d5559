/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound places that are treated as damage, to see how well damage is repaired.
 *
 * A few windows are laid onto the damage, evenly along it.  In each, its damage is mirrored onto
 * sound pixels: so they have the damage's own shapes, beside the damage, where the photograph
 * looks alike.  They are taken out of what may be learnt from, and so their true values judge
 * what was learnt. */
#include "restore/prior/holdout.h"

#include <math.h>
#include <string.h>

#include "restore/fill/coherence.h"
#include "restore/fill/diffuse.h"
#include "restore/error.h"

/* Pixels of a window's side, and what they must be a multiple of for the network. Derived: what a
 * region sees around its damage to both sides, and as much damage. */
#define SIDE 128
#define UNIT 8

/* How many windows, pixels between damage and what is held out, and pixels held out in all that can
 * judge. Derived: with 100 of them a gain of 0.5 dB is about as large as its error. */
#define WINDOWS 4
#define APART 2
#define FEWEST 100

static void
window_free (gpointer data)
{
  HlWindow *window = data;

  g_clear_pointer (&window->truth, hl_image_free);
  g_clear_pointer (&window->start, hl_image_free);
  hl_maps_clear (&window->maps);
  g_clear_pointer (&window->held, hl_image_free);
  g_free (window);
}

/**
 * hl_holdout_free:
 * @holdout: what is held out
 */
void
hl_holdout_free (HlHoldout *holdout)
{
  g_clear_pointer (&holdout->windows, g_ptr_array_unref);
  g_free (holdout->damaged);
  g_free (holdout->counts);
  g_free (holdout);
}

/**
 * hl_holdout_get_damaged:
 * @holdout: what is held out
 * @at: 0 to below 1
 *
 * Returns: where a damaged pixel lies; equally many for equal parts of @at
 */
gsize
hl_holdout_get_damaged (const HlHoldout *holdout, double at)
{
  return holdout->damaged[(gsize) (at * holdout->n_damaged)];
}

/**
 * hl_window_get_error:
 * @window: a window
 * @result: (C, height, width)
 *
 * Returns: the sum over what is held out of the squared error, the mean of the channels
 */
double
hl_window_get_error (const HlWindow *window, const HlImage *result)
{
  gsize  pixels = (gsize) result->width * result->height;
  double sum    = 0;

  for (gsize i = 0; i < result->channels * pixels; i++)
    if (window->held->planes[i % pixels] > 0)
      sum += pow (result->planes[i] - window->truth->planes[i], 2);
  return sum / result->channels;
}

static gboolean
is_sound (const HlMaps *maps, int y, int x)
{
  for (int r = MAX (y - APART, 0); r <= MIN (y + APART, maps->height - 1); r++)
    for (int c = MAX (x - APART, 0); c <= MIN (x + APART, maps->width - 1); c++)
      if (maps->source[r * maps->width + c] < 1)
        return FALSE;
  return TRUE;
}

/* Of the three ways to mirror the damage, the one that leaves most of it on sound pixels;
 * nothing is held out where there is no memory to find it. */
static gsize
hold_out (HlWindow *window)
{
  HlMaps            *maps = &window->maps;
  int                H = maps->height, W = maps->width, way = 0;
  g_autofree guint8 *sound = g_try_new (guint8, (gsize) H * W);
  gsize              most  = 0;

  if (!sound)
    return 0;
  for (int i = 0; i < H * W; i++)
    sound[i] = is_sound (maps, i / W, i % W);
  for (int flip = 1; flip <= 4; flip++)
    {
      int   chosen = flip < 4 ? flip : way;
      gsize held   = 0;

      for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
          {
            int from = (chosen & 1 ? H - 1 - y : y) * W + (chosen & 2 ? W - 1 - x : x);

            if (maps->target[from] <= 0 || !sound[y * W + x])
              continue;
            held++;
            if (flip == 4)
              window->held->planes[y * W + x] = 1;
          }
      if (held > most)
        {
          most = held;
          way  = chosen;
        }
    }
  for (int i = 0; i < H * W; i++)
    if (window->held->planes[i] > 0)
      {
        maps->target[i] = 1;
        maps->source[i] = 0;
      }
  return most;
}

/* A window around a damaged pixel. */
static gboolean
add_window (HlHoldout *holdout, const HlImage *image, const HlMaps *maps, gsize at,
            GCancellable *cancel, GError **error)
{
  HlWindow *window = g_new0 (HlWindow, 1);
  int       W = holdout->width, H = holdout->height;
  int       y    = CLAMP ((int) (at / image->width) - H / 2, 0, image->height - H);
  int       x    = CLAMP ((int) (at % image->width) - W / 2, 0, image->width - W);
  HlRect    rect = { x, y, x + W, y + H };

  g_ptr_array_add (holdout->windows, window);
  window->truth = hl_image_crop (image, rect, error);
  window->held  = window->truth ? hl_image_new (1, W, H, error) : NULL;
  if (!window->held || !hl_maps_init_crop (&window->maps, maps, rect, error))
    return FALSE;
  holdout->held += hold_out (window);
  for (int i = 0; i < W * H; i++)
    if (window->held->planes[i] > 0)
      holdout->counts[(gsize) (y + i / W) * image->width + x + i % W] = 0;
  window->start = hl_image_copy (window->truth, error);
  return window->start && hl_diffuse (window->start, window->maps.source, cancel, error)
         && hl_cohere (window->start, window->maps.source, cancel, error);
}

/**
 * hl_holdout_new:
 * @image: (C, H, W), the photograph, finite
 * @maps: of it; not all without a source
 * @cancel: (nullable): to give up
 * @error: %G_IO_ERROR_NO_SPACE, %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what is held out, which is nothing in a photograph that is too small
 * or has too little that is sound
 */
HlHoldout *
hl_holdout_new (const HlImage *image, const HlMaps *maps, GCancellable *cancel, GError **error)
{
  g_autoptr (HlHoldout) holdout = g_new0 (HlHoldout, 1);
  gsize pixels                  = (gsize) image->width * image->height;

  holdout->width   = MIN (SIDE, image->width / UNIT * UNIT);
  holdout->height  = MIN (SIDE, image->height / UNIT * UNIT);
  holdout->windows = g_ptr_array_new_with_free_func (window_free);
  for (gsize i = 0; i < pixels; i++)
    holdout->n_damaged += maps->target[i] > 0;
  holdout->damaged = g_try_new (gsize, holdout->n_damaged + 1);
  holdout->counts  = g_try_new (float, pixels);
  if (!holdout->damaged || !holdout->counts)
    {
      hl_error_set_memory (error, image->width, image->height);
      return NULL;
    }
  memcpy (holdout->counts, maps->source, pixels * sizeof (float));
  for (gsize i = 0, n = 0; i < pixels; i++)
    if (maps->target[i] > 0)
      holdout->damaged[n++] = i;
  if (holdout->n_damaged == 0 || holdout->width == 0 || holdout->height == 0)
    return g_steal_pointer (&holdout);
  for (int i = 0; i < WINDOWS; i++)
    if (!add_window (holdout, image, maps, hl_holdout_get_damaged (holdout, (i + 0.5) / WINDOWS),
                     cancel, error))
      return NULL;
  if (holdout->held < FEWEST)
    g_ptr_array_set_size (holdout->windows, 0);
  return g_steal_pointer (&holdout);
}
