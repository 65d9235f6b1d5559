/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fill that continues edges into the holes: the second, after the smooth one, and nearly at once.
 *
 * Edge-enhancing diffusion (Weickert, "Anisotropic Diffusion in Image Processing", 1998) as
 * Galic et al. use it to fill in pictures ("Image Compression with Anisotropic Diffusion",
 * JMIV 2008): what is unknown becomes the steady state of
 *
 *   u_t = div (T grad u),   T = g (m) v v' + w w',   g (m) = 1 / sqrt (1 + m / lambda^2),
 *
 * with v the direction of the steepest slope, w the one along the edge, and m the square of
 * that slope, summed over the colours.  They are those of the structure tensor, the products
 * of the slopes averaged over some pixels around, so that an edge keeps its direction on its
 * way across a hole.  Values flow along edges and hardly over them.
 *
 * Gradients stand at the corners between four pixels, and the divergence is the adjoint of
 * the gradient, so that each step is of the form u - tau G' T G u.  Steps are taken in cycles
 * of varying lengths, some of them beyond the limit of stability, which are stable together
 * (fast explicit diffusion: Weickert, Grewenig, Schroers and Bruhn, "Cyclic Schemes for
 * PDE-Based Image Analysis", IJCV 2016).
 *
 * The continuous equation obeys a maximum principle: nothing in a hole is brighter than what
 * surrounds it.  On a grid, edges at most angles break it, and a line that is too bright is an edge
 * that makes itself brighter still: a bar across the stripes of a fence.  So the values are kept
 * within bounds (bounds.c). */
#include "restore/fill/coherence.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/fill/bounds.h"

/* Derived: FED of n steps reaches as far as n^2 / 3 steps of the limit, so that these cycles carry
 * a value across some 40 pixels; the coarser levels carry it further.  Measured
 * on scratches, blotches, specks and creases over four photographs: half as many cycles lose 0.1
 * dB, twice as many gain 0.2 on scratches and take twice the time. */
#define CYCLES 16
#define CYCLE 24
#define MOST_STEP 0.25 /* the longest stable step of the explicit scheme */

/* Slopes that count as edges, of white for a pixel: at first steep ones only, so that values
 * spread, in the end faint ones too. Measured on the same: half of both loses 0.1 to 0.2 dB. */
#define FIRST_LAMBDA 0.01f
#define LAST_LAMBDA 0.002f

/* Pixels a side of the coarsest level. */
#define SMALLEST 8

/* Times that the structure tensor is smoothed by the taps 1/4, 1/2, 1/4 across and down. Measured
 * on the same: 1 loses 1.4 dB in blotches and up to 0.5 elsewhere, 6 gains 0.4 on creases and loses
 * 0.5 on specks. */
#define SPREAD 3

/* The colours of a pixel side by side, so that a vector is full where holes are thin: a flow has
 * but a few pixels in a row there. */
typedef float Colours __attribute__ ((vector_size (16)));

#define LANES 4

typedef struct
{
  int    width, height, channels;
  gsize *hole, holes;      /* pixels that are not wholly known */
  gsize *corner, corners;  /* corners, named by the pixel above left, that touch one */
  float *smooth, *scratch; /* (H, W): one channel smoothed; a scratch buffer */
  float *slope;            /* (3, H, W), at corners: the structure tensor, xx, xy, yy */
  float *tensor;           /* (3, corners): T, xx, xy, yy */
  float *flux;             /* (2, H + 1, W + 1), at corners: across and down; 0 elsewhere */
  float *colours;          /* (nullable): (H, W, 4), the picture near the holes, if it has colours;
                              the flux has four numbers for each corner too then */
} Flow;

static void
flow_clear (Flow *flow)
{
  g_free (flow->hole);
  g_free (flow->corner);
  g_free (flow->smooth);
  g_free (flow->scratch);
  g_free (flow->slope);
  g_free (flow->tensor);
  g_free (flow->flux);
  g_free (flow->colours);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flow, flow_clear)

/* Whether the corner right below pixel (x, y) touches a hole. */
static gboolean
touches (const float *known, int width, int x, int y)
{
  const float *k = known + (gsize) y * width + x;

  return k[0] < 1 || k[1] < 1 || k[width] < 1 || k[width + 1] < 1;
}

/* Numbers of a plane of fluxes, before whose first pixel zeros stand for a row and a pixel. */
static gsize
get_padded (const Flow *flow)
{
  return (gsize) (flow->width + 1) * (flow->height + 1);
}

static gboolean
is_colour (const HlImage *image)
{
  return image->channels > 1 && image->channels <= LANES;
}

static gboolean
flow_init (Flow *flow, const HlImage *image, const float *known)
{
  int   W = image->width, H = image->height;
  gsize pixels = (gsize) W * H, holes = 0, corners = 0;

  *flow = (Flow) { .width = W, .height = H, .channels = image->channels };
  for (gsize i = 0; i < pixels; i++)
    flow->holes += known[i] < 1;
  for (int y = 0; y + 1 < H; y++)
    for (int x = 0; x + 1 < W; x++)
      flow->corners += touches (known, W, x, y);
  flow->hole    = g_try_new (gsize, flow->holes + 1);
  flow->corner  = g_try_new (gsize, flow->corners + 1);
  flow->smooth  = g_try_new (float, pixels);
  flow->scratch = g_try_new (float, pixels);
  flow->slope   = g_try_new (float, 3 * pixels);
  flow->tensor  = g_try_new (float, 3 * flow->corners + 1);
  flow->flux    = g_try_new0 (float, (is_colour (image) ? LANES : 1) * 2 * get_padded (flow));
  flow->colours = is_colour (image) ? g_try_new (float, LANES *pixels) : NULL;
  if (!flow->hole || !flow->corner || !flow->smooth || !flow->scratch || !flow->slope
      || !flow->tensor || !flow->flux || (is_colour (image) && !flow->colours))
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    if (known[i] < 1)
      flow->hole[holes++] = i;
  for (int y = 0; y + 1 < H; y++)
    for (int x = 0; x + 1 < W; x++)
      if (touches (known, W, x, y))
        flow->corner[corners++] = (gsize) y * W + x;
  return TRUE;
}

/* One pass of the taps 1/4, 1/2, 1/4 across and down. */
static void
smooth (float *plane, float *scratch, int W, int H)
{
  for (int y = 0; y < H; y++)
    {
      const float *from = plane + (gsize) y * W;
      float       *to   = scratch + (gsize) y * W;

      to[0]     = 0.75f * from[0] + 0.25f * from[MIN (1, W - 1)];
      to[W - 1] = 0.75f * from[W - 1] + 0.25f * from[MAX (W - 2, 0)];
      for (int x = 1; x < W - 1; x++)
        to[x] = 0.5f * from[x] + 0.25f * (from[x - 1] + from[x + 1]);
    }
  for (int y = 0; y < H; y++)
    {
      const float *a = scratch + (gsize) MAX (y - 1, 0) * W, *b = scratch + (gsize) y * W;
      const float *c  = scratch + (gsize) MIN (y + 1, H - 1) * W;
      float       *to = plane + (gsize) y * W;

      for (int x = 0; x < W; x++)
        to[x] = 0.5f * b[x] + 0.25f * (a[x] + c[x]);
    }
}

/* The structure tensor at all corners. */
static void
form_slopes (Flow *flow, const HlImage *image)
{
  int    W = flow->width, H = flow->height;
  gsize  pixels = (gsize) W * H;
  float *xx = flow->slope, *xy = xx + pixels, *yy = xy + pixels;

  memset (flow->slope, 0, 3 * pixels * sizeof (float));
  for (int c = 0; c < flow->channels; c++)
    {
      memcpy (flow->smooth, image->planes + c * pixels, pixels * sizeof (float));
      smooth (flow->smooth, flow->scratch, W, H);
      for (int y = 0; y + 1 < H; y++)
        for (int x = 0; x + 1 < W; x++)
          {
            gsize        i = (gsize) y * W + x;
            const float *s = flow->smooth + i, *b = s + W;
            float        dx = 0.5f * (s[1] - s[0] + b[1] - b[0]);
            float        dy = 0.5f * (b[0] - s[0] + b[1] - s[1]);

            xx[i] += dx * dx;
            xy[i] += dx * dy;
            yy[i] += dy * dy;
          }
    }
  for (int k = 0; k < 3 * SPREAD; k++)
    smooth (flow->slope + k / SPREAD * pixels, flow->scratch, W, H);
}

/* T at the corners that touch a hole. */
static void
form_tensors (Flow *flow, const HlImage *image, float lambda)
{
  gsize        pixels = (gsize) flow->width * flow->height;
  const float *xx = flow->slope, *xy = xx + pixels, *yy = xy + pixels;

  form_slopes (flow, image);
  for (gsize i = 0; i < flow->corners; i++)
    {
      gsize at   = flow->corner[i];
      float half = 0.5f * (xx[at] + yy[at]), d = 0.5f * (xx[at] - yy[at]);
      float root = sqrtf (d * d + xy[at] * xy[at]), m = half + root;
      float g = 1 / sqrtf (1 + m / (lambda * lambda)), *t = flow->tensor + i;

      /* v v' = (1 + (J - half) / root) / 2 for the structure tensor J. */
      float vxx = root > 0 ? 0.5f + 0.5f * d / root : 0.5f;
      float vxy = root > 0 ? 0.5f * xy[at] / root : 0;

      t[0]                 = 1 - (1 - g) * vxx;
      t[flow->corners]     = -(1 - g) * vxy;
      t[2 * flow->corners] = 1 - (1 - g) * (1 - vxx);
    }
}

/* How many of the places from @i on follow each other. */
static gsize
count_run (const gsize *place, gsize i, gsize n)
{
  gsize end = i + 1;

  while (end < n && place[end] == place[i] + end - i)
    end++;
  return end - i;
}

/* The fluxes of @n corners beside each other, the first one below right of @a. */
static void
find_fluxes (const float *restrict a, int W, const float *restrict xx, const float *restrict xy,
             const float *restrict yy, float *restrict across, float *restrict down, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      const float *b  = a + W;
      float        dx = 0.5f * (a[i + 1] - a[i] + b[i + 1] - b[i]);
      float        dy = 0.5f * (b[i] - a[i] + b[i + 1] - a[i + 1]);

      across[i] = xx[i] * dx + xy[i] * dy;
      down[i]   = xy[i] * dx + yy[i] * dy;
    }
}

/* Adds the divergence to @n pixels beside each other; @across and @down are of the corner below
 * right of the first. */
static void
add_divergence (float *restrict u, int W, const float *restrict across, const float *restrict down,
                float tau, gsize n)
{
  const float *above = across - W, *above_down = down - W;

  for (gsize i = 0; i < n; i++)
    {
      float sum = 0.5f * across[i] + 0.5f * down[i];

      sum += -0.5f * across[i - 1] + 0.5f * down[i - 1];
      sum += 0.5f * above[i] - 0.5f * above_down[i];
      sum += -0.5f * above[i - 1] - 0.5f * above_down[i - 1];
      u[i] += tau * sum;
    }
}

/* u += tau div (T grad u), where it is not wholly known.  A corner beyond the picture's edge has no
 * flux. */
static void
step (Flow *flow, float *u, float tau)
{
  int    W      = flow->width;
  float *across = flow->flux + W + 1, *down = across + get_padded (flow);

  for (gsize i = 0, n; i < flow->corners; i += n)
    {
      gsize        at = flow->corner[i];
      const float *t  = flow->tensor + i;

      n = count_run (flow->corner, i, flow->corners);
      find_fluxes (u + at, W, t, t + flow->corners, t + 2 * flow->corners, across + at, down + at,
                   n);
    }
  for (gsize i = 0, n; i < flow->holes; i += n)
    {
      gsize at = flow->hole[i];

      n = count_run (flow->hole, i, flow->holes);
      add_divergence (u + at, W, across + at, down + at, tau, n);
    }
}

static inline Colours
load (const float *colours, gsize at)
{
  Colours all;

  memcpy (&all, colours + LANES * at, sizeof all);
  return all;
}

static inline void
store (float *colours, gsize at, Colours all)
{
  memcpy (colours + LANES * at, &all, sizeof all);
}

/* The fluxes of all colours at once: find_fluxes(). */
static void
find_fluxes_of_colours (const float *restrict a, int W, const float *restrict xx,
                        const float *restrict xy, const float *restrict yy, float *restrict across,
                        float *restrict down, gsize n)
{
  const float *b    = a + LANES * W;
  Colours      left = load (a, 0), left_below = load (b, 0);

  for (gsize i = 0; i < n; i++)
    {
      Colours right = load (a, i + 1), right_below = load (b, i + 1);
      Colours dx = 0.5f * (right - left + right_below - left_below);
      Colours dy = 0.5f * (left_below - left + right_below - right);

      store (across, i, xx[i] * dx + xy[i] * dy);
      store (down, i, xy[i] * dx + yy[i] * dy);
      left       = right;
      left_below = right_below;
    }
}

/* Likewise add_divergence(). */
static void
add_divergence_of_colours (float *restrict u, int            W, const float *restrict across,
                           const float *restrict down, float tau, gsize n)
{
  const float *above = across - LANES * W, *above_down = down - LANES * W;

  for (gsize i = 0; i < n; i++)
    {
      Colours sum = 0.5f * load (across, i) + 0.5f * load (down, i);

      sum += -0.5f * load (across, i - 1) + 0.5f * load (down, i - 1);
      sum += 0.5f * load (above, i) - 0.5f * load (above_down, i);
      sum += -0.5f * load (above, i - 1) - 0.5f * load (above_down, i - 1);
      store (u, i, load (u, i) + tau * sum);
    }
}

/* step() for all colours at once. */
static void
step_colours (Flow *flow, float tau)
{
  int    W      = flow->width;
  float *across = flow->flux + LANES * (W + 1), *down = across + LANES * get_padded (flow);

  for (gsize i = 0, n; i < flow->corners; i += n)
    {
      gsize        at = flow->corner[i];
      const float *t  = flow->tensor + i;

      n = count_run (flow->corner, i, flow->corners);
      find_fluxes_of_colours (flow->colours + LANES * at, W, t, t + flow->corners,
                              t + 2 * flow->corners, across + LANES * at, down + LANES * at, n);
    }
  for (gsize i = 0, n; i < flow->holes; i += n)
    {
      gsize at = flow->hole[i];

      n = count_run (flow->hole, i, flow->holes);
      add_divergence_of_colours (flow->colours + LANES * at, W, across + LANES * at,
                                 down + LANES * at, tau, n);
    }
}

static void
gather_pixel (Flow *flow, const HlImage *image, gsize at)
{
  gsize   pixels = (gsize) flow->width * flow->height;
  Colours all    = { 0 };

  for (int c = 0; c < flow->channels; c++)
    all[c] = image->planes[c * pixels + at];
  store (flow->colours, at, all);
}

/* Lays the colours side by side of the holes' pixels and of those around each corner. */
static void
gather_colours (Flow *flow, const HlImage *image)
{
  for (gsize i = 0; i < flow->holes; i++)
    gather_pixel (flow, image, flow->hole[i]);
  for (gsize i = 0; i < flow->corners; i++)
    for (int k = 0; k < 4; k++)
      gather_pixel (flow, image, flow->corner[i] + k / 2 * flow->width + k % 2);
}

static void
scatter_colours (const Flow *flow, HlImage *image)
{
  gsize pixels = (gsize) flow->width * flow->height;

  for (gsize i = 0; i < flow->holes; i++)
    for (int c = 0; c < flow->channels; c++)
      image->planes[c * pixels + flow->hole[i]] = flow->colours[LANES * flow->hole[i] + c];
}

/* Half the size: the mean of what is known of four pixels. */
static gboolean
halve (const HlImage *image, const float *known, HlImage **small, HlImage **small_known)
{
  int W = image->width, H = image->height, w = (W + 1) / 2, h = (H + 1) / 2;

  *small       = hl_image_new (image->channels, w, h, NULL);
  *small_known = hl_image_new (1, w, h, NULL);
  if (!*small || !*small_known)
    return FALSE;
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        float k  = known[(gsize) y * W + x];
        gsize to = (gsize) (y / 2) * w + x / 2;

        (*small_known)->planes[to] += k;
        for (int c = 0; c < image->channels; c++)
          (*small)->planes[(gsize) c * w * h + to]
              += k * image->planes[((gsize) c * H + y) * W + x];
      }
  for (gsize i = 0; i < (gsize) w * h; i++)
    {
      float k = (*small_known)->planes[i];

      for (int c = 0; c < image->channels && k > 0; c++)
        (*small)->planes[(gsize) c * w * h + i] /= k;
      (*small_known)->planes[i] = fminf (k, 1);
    }
  return TRUE;
}

/* What is not known of the picture, from one of half its size, bilinearly. */
static void
enlarge (const HlImage *small, HlImage *image, const float *known)
{
  int W = image->width, H = image->height, w = small->width, h = small->height;

  for (int c = 0; c < image->channels; c++)
    for (int y = 0; y < H; y++)
      for (int x = 0; x < W; x++)
        {
          const float *from = small->planes + (gsize) c * w * h;
          gsize        at   = ((gsize) c * H + y) * W + x;
          float        k    = known[(gsize) y * W + x];
          const float *a    = from + (gsize) (y / 2) * w;
          const float *b    = from + (gsize) CLAMP (y % 2 ? y / 2 + 1 : y / 2 - 1, 0, h - 1) * w;
          int          i = x / 2, j = CLAMP (x % 2 ? i + 1 : i - 1, 0, w - 1);

          if (k < 1)
            image->planes[at]
                = k * image->planes[at]
                  + (1 - k) * (0.5625f * a[i] + 0.1875f * (a[j] + b[i]) + 0.0625f * b[j]);
        }
}

/* The length of a step of a cycle, in an order in which roundings do not grow: IJCV 2016, section
 * 3.3. */
static double
get_length (int i)
{
  double cosine = cos (G_PI * (2 * (i * 5 % CYCLE) + 1) / (4 * CYCLE + 2));

  return MOST_STEP / (2 * cosine * cosine);
}

/* One cycle of steps in each channel. */
static void
run_cycle (Flow *flow, HlImage *image, GCancellable *cancel)
{
  gsize pixels = (gsize) flow->width * flow->height;

  if (flow->colours)
    {
      gather_colours (flow, image);
      for (int i = 0; i < CYCLE && !g_cancellable_is_cancelled (cancel); i++)
        step_colours (flow, get_length (i));
      scatter_colours (flow, image);
      return;
    }
  for (int c = 0; c < image->channels; c++)
    for (int i = 0; i < CYCLE && !g_cancellable_is_cancelled (cancel); i++)
      step (flow, image->planes + c * pixels, get_length (i));
}

/* One level of a pyramid, after the coarser ones, which see across wide holes.  Where it is
 * cancelled it leaves off. */
static gboolean
cohere (HlImage *image, const float *known, GCancellable *cancel)
{
  g_auto (HlBounds) bounds = { 0 };
  g_auto (Flow) flow       = { 0 };

  if (g_cancellable_is_cancelled (cancel))
    return TRUE;
  if (!flow_init (&flow, image, known))
    return FALSE;
  if (flow.holes == 0)
    return TRUE;
  if (MIN (image->width, image->height) >= 2 * SMALLEST)
    {
      g_autoptr (HlImage) small = NULL, small_known = NULL;

      if (!halve (image, known, &small, &small_known)
          || !cohere (small, small_known->planes, cancel))
        return FALSE;
      enlarge (small, image, known);
    }
  if (!hl_bounds_init (&bounds, image, flow.hole, flow.holes))
    return FALSE;
  for (int cycle = 0; cycle < CYCLES && !g_cancellable_is_cancelled (cancel); cycle++)
    {
      form_tensors (&flow, image,
                    FIRST_LAMBDA * powf (LAST_LAMBDA / FIRST_LAMBDA, cycle / (CYCLES - 1.0f)));
      run_cycle (&flow, image, cancel);
      hl_bounds_keep (&bounds, image);
    }
  return TRUE;
}

/**
 * hl_cohere:
 * @image: (C, H, W), finite; what is not known is a first, smooth fill, and overwritten
 * @known: (H, W), 0 for unknown to 1 for known; what is half known is a beginning only
 * @cancel: (nullable): to give up; @image is then unfinished
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it went to the end
 */
gboolean
hl_cohere (HlImage *image, const float *known, GCancellable *cancel, GError **error)
{
  gboolean is_enough = cohere (image, known, cancel);

  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  if (is_enough)
    return TRUE;
  hl_error_set_memory (error, image->width, image->height);
  return FALSE;
}
