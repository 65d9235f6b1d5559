/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound places that are treated as damage, to learn from and to see how well damage is repaired.
 *
 * Windows are laid onto the damage, evenly along it.  In each, its damage is mirrored onto sound
 * pixels: so they have the damage's own shapes, beside the damage, where the photograph looks
 * alike.  Where damage is everywhere, some of the known pixels between it are held out instead.
 * Three quarters of what is held out, in squares, are to learn from, and the rest judges what was
 * learnt. */
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

/* How many places at most, pixels between damage and what is held out, and pixels in all that can
 * judge. Derived: with 40 of them a gain of 0.8 dB is about as large as its error. */
#define PLACES 24
#define APART 2
#define FEWEST 40

/* Ways to mirror a window. */
#define WAYS 3

/* Where no more than such a share of a window is sound, such a share of the known pixels is held
 * out. */
#define SOUND 0.25
#define SCATTERED 0.125

/* Pixels of a square's side that is to judge by or to learn from; and of four squares in a row, the
 * one to judge by: one in each column too. */
#define SQUARE 8

static const int judging[4] = { 0, 2, 1, 3 };

static void
window_free (gpointer data)
{
  HlWindow *window = data;

  g_clear_pointer (&window->truth, hl_image_free);
  g_clear_pointer (&window->start, hl_image_free);
  hl_maps_clear (&window->maps);
  g_clear_pointer (&window->learnt, hl_image_free);
  g_clear_pointer (&window->judged, hl_image_free);
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
  g_free (holdout);
}

/**
 * hl_window_get_error:
 * @window: a window
 * @result: (C, height, width)
 *
 * Returns: the sum over what is to judge by of the squared error, the mean of the channels
 */
double
hl_window_get_error (const HlWindow *window, const HlImage *result)
{
  gsize  pixels = (gsize) result->width * result->height;
  double sum    = 0;

  for (gsize i = 0; i < result->channels * pixels; i++)
    if (window->judged->planes[i % pixels] > 0)
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

/* Marks in @held where the damage, mirrored in a @way, falls on sound pixels. Returns how many. */
static gsize
mirror (const HlMaps *maps, const guint8 *sound, int way, guint8 *held)
{
  int   H = maps->height, W = maps->width;
  gsize count = 0;

  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        int from = (way & 1 ? H - 1 - y : y) * W + (way & 2 ? W - 1 - x : x);

        held[y * W + x] = maps->target[from] > 0 && sound[y * W + x];
        count += held[y * W + x];
      }
  return count;
}

/* Returns how many pixels are held out. */
static gsize
choose (const HlMaps *maps, int way, GRand *random, guint8 *sound, guint8 *held)
{
  int   pixels = maps->height * maps->width;
  gsize sounds = 0, count;

  for (int i = 0; i < pixels; i++)
    {
      sound[i] = is_sound (maps, i / maps->width, i % maps->width);
      sounds += sound[i];
    }
  count = mirror (maps, sound, way, held);
  if (sounds > SOUND * pixels)
    return count;
  for (int i = 0; i < pixels; i++)
    {
      gboolean chosen = g_rand_double (random) < SCATTERED && maps->source[i] == 1;

      count += chosen && !held[i];
      held[i] |= chosen;
    }
  return count;
}

/* Takes what is held out from the window's source. Returns how many pixels are to judge by. */
static gsize
hold_out (HlWindow *window, const guint8 *held)
{
  HlMaps *maps   = &window->maps;
  gsize   judged = 0;

  for (int i = 0; i < maps->height * maps->width; i++)
    if (held[i])
      {
        int      row = i / maps->width / SQUARE, column = i % maps->width / SQUARE;
        gboolean judges = column % 4 == judging[row % 4];

        (judges ? window->judged : window->learnt)->planes[i] = 1;
        judged += judges;
        maps->target[i] = 1;
        maps->source[i] = 0;
      }
  return judged;
}

/* A window with a damaged pixel at a quarter of it, so that its mirror images lie elsewhere. */
static HlRect
place_window (const HlHoldout *holdout, const HlImage *image, gsize at)
{
  int W = holdout->width, H = holdout->height;
  int y = CLAMP ((int) (at / image->width) - H / 4, 0, image->height - H);
  int x = CLAMP ((int) (at % image->width) - W / 4, 0, image->width - W);

  return (HlRect) { x, y, x + W, y + H };
}

/* Whether a window would show little that no other one shows. */
static gboolean
is_shown (const HlHoldout *holdout, HlRect rect)
{
  for (guint i = 0; i < holdout->windows->len; i++)
    {
      const HlWindow *window = g_ptr_array_index (holdout->windows, i);

      if (abs (window->left - rect.left) < holdout->width / 2
          && abs (window->top - rect.top) < holdout->height / 2)
        return TRUE;
    }
  return FALSE;
}

/* A window, its damage mirrored in a @way; none where that leaves nothing to hold out. */
static gboolean
add_window (HlHoldout *holdout, const HlImage *image, const HlMaps *maps, HlRect rect, int way,
            GRand *random, GCancellable *cancel, GError **error)
{
  HlWindow          *window = g_new0 (HlWindow, 1);
  int                W = holdout->width, H = holdout->height;
  g_autofree guint8 *sound = g_try_new (guint8, (gsize) W * H);
  g_autofree guint8 *held  = g_try_new (guint8, (gsize) W * H);

  window->left = rect.left;
  window->top  = rect.top;
  g_ptr_array_add (holdout->windows, window);
  if (!sound || !held)
    {
      hl_error_set_memory (error, W, H);
      return FALSE;
    }
  if (!hl_maps_init_crop (&window->maps, maps, rect, error))
    return FALSE;
  if (choose (&window->maps, way, random, sound, held) == 0)
    {
      g_ptr_array_set_size (holdout->windows, holdout->windows->len - 1);
      return TRUE;
    }
  window->truth  = hl_image_crop (image, rect, error);
  window->learnt = window->truth ? hl_image_new (1, W, H, error) : NULL;
  window->judged = window->learnt ? hl_image_new (1, W, H, error) : NULL;
  window->start  = window->judged ? hl_image_copy (window->truth, error) : NULL;
  if (!window->start)
    return FALSE;
  holdout->judged += hold_out (window, held);
  return hl_diffuse (window->start, window->maps.source, cancel, error)
         && hl_cohere (window->start, window->maps.source, cancel, error);
}

/**
 * hl_holdout_new:
 * @image: (C, H, W), the photograph, finite
 * @maps: of it; not all without a source
 * @seed: of which pixels are held out where damage is everywhere
 * @cancel: (nullable): to give up
 * @error: %G_IO_ERROR_NO_SPACE, %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what is held out, which is nothing in a photograph that is too small
 * or has too little that is sound
 */
HlHoldout *
hl_holdout_new (const HlImage *image, const HlMaps *maps, guint32 seed, GCancellable *cancel,
                GError **error)
{
  g_autoptr (HlHoldout) holdout = g_new0 (HlHoldout, 1);
  g_autoptr (GRand) random      = g_rand_new_with_seed (seed);
  gsize pixels = (gsize) image->width * image->height, damaged = 0, passed = 0, places = 0;

  holdout->width   = MIN (SIDE, image->width / UNIT * UNIT);
  holdout->height  = MIN (SIDE, image->height / UNIT * UNIT);
  holdout->windows = g_ptr_array_new_with_free_func (window_free);
  for (gsize i = 0; i < pixels; i++)
    damaged += maps->target[i] > 0;
  if (holdout->width == 0 || holdout->height == 0)
    return g_steal_pointer (&holdout);
  for (gsize i = 0; i < pixels && places < PLACES; i++)
    {
      HlRect rect;

      if (maps->target[i] <= 0 || passed++ < (places + 0.5) / PLACES * damaged)
        continue;
      rect = place_window (holdout, image, i);
      if (is_shown (holdout, rect))
        continue;
      places++;
      for (int way = 1; way <= WAYS; way++)
        if (!add_window (holdout, image, maps, rect, way, random, cancel, error))
          return NULL;
    }
  if (holdout->judged < FEWEST)
    g_ptr_array_set_size (holdout->windows, 0);
  return g_steal_pointer (&holdout);
}
