/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fill that carries edges across: the second, after the smooth one, and nearly at once.
 *
 * Edge-enhancing diffusion (Weickert, "Anisotropic Diffusion in Image Processing", 1998) as
 * Galic et al. use it to fill in pictures ("Image Compression with Anisotropic Diffusion",
 * JMIV 2008): what is unknown becomes the steady state of
 *
 *   u_t = div (T grad u),   T = g (m) v v' + w w',   g (m) = 1 / sqrt (1 + m / lambda^2),
 *
 * with v the direction of the steepest slope, w the one along the edge, and m the square of
 * that slope, summed over the colours; all of them of the picture smoothed a little.  So
 * values flow along edges and hardly over them.
 *
 * Gradients stand at the corners between four pixels, and the divergence is the adjoint of
 * the gradient, so that each step is of the form u - tau G' T G u.  Steps are taken in cycles
 * of varying lengths, some of them beyond the limit of stability, which are stable together
 * (fast explicit diffusion: Weickert, Grewenig, Schroers and Bruhn, "Cyclic Schemes for
 * PDE-Based Image Analysis", IJCV 2016). */
#include "restore/coherence.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"

#define CYCLES 16
#define CYCLE 24
#define MOST_STEP 0.25 /* the longest stable step of the explicit scheme */

/* Slopes that count as edges, of white for a pixel: at first steep ones only, so that values
 * spread, in the end faint ones too. */
#define FIRST_LAMBDA 0.015f
#define LAST_LAMBDA 0.004f

/* Pixels a side of the coarsest level. */
#define SMALLEST 8

/* Around each pixel to fill: its square of 3x3 must be there. */
typedef struct
{
  int    width, height, channels;
  gsize *hole, holes;     /* pixels that are not wholly known */
  gsize *corner, corners; /* corners, named by the pixel above left, that touch one */
  float *smooth;          /* (H, W) of one channel */
  float *slope;           /* (corners, 3): the tensor of the slope, xx, xy, yy */
  float *tensor;          /* (corners, 3): T */
  float *flux;            /* (H, W, 2), at corners */
} Flow;

static void
flow_clear (Flow *flow)
{
  g_free (flow->hole);
  g_free (flow->corner);
  g_free (flow->smooth);
  g_free (flow->slope);
  g_free (flow->tensor);
  g_free (flow->flux);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flow, flow_clear)

/* Whether the corner right below pixel (x, y) touches a hole. */
static gboolean
touches (const float *known, int width, int x, int y)
{
  const float *k = known + (gsize) y * width + x;

  return k[0] < 1 || k[1] < 1 || k[width] < 1 || k[width + 1] < 1;
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
  flow->hole   = g_try_new (gsize, flow->holes + 1);
  flow->corner = g_try_new (gsize, flow->corners + 1);
  flow->smooth = g_try_new0 (float, pixels);
  flow->slope  = g_try_new (float, 3 * flow->corners + 1);
  flow->tensor = g_try_new (float, 3 * flow->corners + 1);
  flow->flux   = g_try_new0 (float, 2 * pixels);
  if (!flow->hole || !flow->corner || !flow->smooth || !flow->slope || !flow->tensor || !flow->flux)
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

/* The plane smoothed by the binomial filter of 5 taps, at one pixel. */
static float
smooth_at (const Flow *flow, const float *u, int x, int y)
{
  static const float tap[] = { 1 / 16.0f, 4 / 16.0f, 6 / 16.0f, 4 / 16.0f, 1 / 16.0f };
  float              sum   = 0;

  for (int i = -2; i <= 2; i++)
    {
      const float *row = u + (gsize) CLAMP (y + i, 0, flow->height - 1) * flow->width;
      float        r   = 0;

      for (int j = -2; j <= 2; j++)
        r += tap[j + 2] * row[CLAMP (x + j, 0, flow->width - 1)];
      sum += tap[i + 2] * r;
    }
  return sum;
}

/* T at all corners, from the slopes of all channels. */
static void
form_tensors (Flow *flow, const HlImage *image, float lambda)
{
  gsize pixels = (gsize) flow->width * flow->height;

  memset (flow->slope, 0, 3 * flow->corners * sizeof (float));
  for (int c = 0; c < flow->channels; c++)
    {
      const float *u = image->planes + c * pixels;

      for (gsize i = 0; i < flow->corners; i++)
        for (int k = 0; k < 4; k++)
          {
            gsize at = flow->corner[i] + k / 2 * flow->width + k % 2;

            flow->smooth[at] = smooth_at (flow, u, at % flow->width, at / flow->width);
          }
      for (gsize i = 0; i < flow->corners; i++)
        {
          const float *s  = flow->smooth + flow->corner[i];
          const float *b  = s + flow->width;
          float        dx = 0.5f * (s[1] - s[0] + b[1] - b[0]);
          float        dy = 0.5f * (b[0] - s[0] + b[1] - s[1]);

          flow->slope[3 * i] += dx * dx;
          flow->slope[3 * i + 1] += dx * dy;
          flow->slope[3 * i + 2] += dy * dy;
        }
    }
  for (gsize i = 0; i < flow->corners; i++)
    {
      const float *s    = flow->slope + 3 * i;
      float        half = 0.5f * (s[0] + s[2]), d = 0.5f * (s[0] - s[2]);
      float        root = sqrtf (d * d + s[1] * s[1]), m = half + root;
      float        g = 1 / sqrtf (1 + m / (lambda * lambda)), *t = flow->tensor + 3 * i;

      /* v v' = (1 + (J - half) / root) / 2 for the tensor J of the slopes. */
      float xx = root > 0 ? 0.5f + 0.5f * d / root : 0.5f, xy = root > 0 ? 0.5f * s[1] / root : 0;

      t[0] = 1 - (1 - g) * xx;
      t[1] = -(1 - g) * xy;
      t[2] = 1 - (1 - g) * (1 - xx);
    }
}

/* u += tau div (T grad u), where it is not known. */
static void
step (Flow *flow, float *u, const float *known, float tau)
{
  int W = flow->width;

  for (gsize i = 0; i < flow->corners; i++)
    {
      gsize        at = flow->corner[i];
      const float *a = u + at, *b = a + W, *t = flow->tensor + 3 * i;
      float        dx = 0.5f * (a[1] - a[0] + b[1] - b[0]);
      float        dy = 0.5f * (b[0] - a[0] + b[1] - a[1]);

      flow->flux[2 * at]     = t[0] * dx + t[1] * dy;
      flow->flux[2 * at + 1] = t[1] * dx + t[2] * dy;
    }
  for (gsize i = 0; i < flow->holes; i++)
    {
      gsize at = flow->hole[i];
      int   x = at % W, y = at / W;
      float sum = 0;

      /* A corner beyond the picture's edge has no flux. */
      for (int k = 0; k < 4; k++)
        {
          int left = k % 2, above = k / 2;

          if (x - left >= 0 && x - left + 1 < W && y - above >= 0 && y - above + 1 < flow->height)
            {
              const float *f = flow->flux + 2 * (at - left - above * (gsize) W);

              sum += (left ? -0.5f : 0.5f) * f[0] + (above ? -0.5f : 0.5f) * f[1];
            }
        }
      u[at] += (1 - known[at]) * tau * sum;
    }
}

/* Half the size: the mean of what is known of four pixels. */
static gboolean
halve (const HlImage *image, const float *known, HlImage **small, HlImage **trust)
{
  int W = image->width, H = image->height, w = (W + 1) / 2, h = (H + 1) / 2;

  *small = hl_image_new (image->channels, w, h, NULL);
  *trust = hl_image_new (1, w, h, NULL);
  if (!*small || !*trust)
    return FALSE;
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      {
        float k  = known[(gsize) y * W + x];
        gsize to = (gsize) (y / 2) * w + x / 2;

        (*trust)->planes[to] += k;
        for (int c = 0; c < image->channels; c++)
          (*small)->planes[(gsize) c * w * h + to]
              += k * image->planes[((gsize) c * H + y) * W + x];
      }
  for (gsize i = 0; i < (gsize) w * h; i++)
    {
      float k = (*trust)->planes[i];

      for (int c = 0; c < image->channels && k > 0; c++)
        (*small)->planes[(gsize) c * w * h + i] /= k;
      (*trust)->planes[i] = fminf (k, 1);
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

/* One level of a pyramid, after the coarser ones, which see across wide holes. */
static gboolean
cohere (HlImage *image, const float *known)
{
  gsize pixels       = (gsize) image->width * image->height;
  g_auto (Flow) flow = { 0 };

  if (!flow_init (&flow, image, known))
    return FALSE;
  if (flow.holes == 0)
    return TRUE;
  if (MIN (image->width, image->height) >= 2 * SMALLEST)
    {
      g_autoptr (HlImage) small = NULL, trust = NULL;

      if (!halve (image, known, &small, &trust) || !cohere (small, trust->planes))
        return FALSE;
      enlarge (small, image, known);
    }
  for (int cycle = 0; cycle < CYCLES; cycle++)
    {
      form_tensors (&flow, image,
                    FIRST_LAMBDA * powf (LAST_LAMBDA / FIRST_LAMBDA, cycle / (CYCLES - 1.0f)));
      for (int c = 0; c < image->channels; c++)
        for (int i = 0; i < CYCLE; i++)
          {
            /* In an order in which roundings do not grow: IJCV 2016, section 3.3. */
            int    k      = i * 5 % CYCLE;
            double cosine = cos (G_PI * (2 * k + 1) / (4 * CYCLE + 2));

            step (&flow, image->planes + c * pixels, known, MOST_STEP / (2 * cosine * cosine));
          }
    }
  return TRUE;
}

/**
 * hl_cohere:
 * @image: (C, H, W), finite; what is not known is a first, smooth fill, and overwritten
 * @known: (H, W), 0 for unknown to 1 for known
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_cohere (HlImage *image, const float *known, GError **error)
{
  if (cohere (image, known))
    return TRUE;
  hl_error_set_memory (error, image->width, image->height);
  return FALSE;
}
