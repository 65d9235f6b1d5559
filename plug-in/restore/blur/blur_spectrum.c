/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power spectrum of a photograph's busiest places, by direction and frequency: what the search
 * for a blur goes by (blur_search.c). It is that of values half way to light: there, the dark
 * rings of a disk and lines of a motion show, be it light or values that were blurred.
 *
 * It is the mean of the periodograms of a few windows under Hann's taper (P. D. Welch, IEEE
 * Transactions on Audio and Electroacoustics 15(2), 1967), so that it takes as long for a large
 * photograph as for a small one. The windows are those with the largest differences between
 * pixels: they show a blur, while sky and walls show noise alone. */
#include "restore/blur/blur_spectrum.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/linear_light.h"

/* Frequencies that count, cycles per pixel: lower ones are smeared by the taper, and beyond 0.48
 * there are only the corners. */
#define LOWEST 0.03
#define HIGHEST 0.48

/* Windows begin at multiples of a cell's side, which is half of theirs. Of chosen ones no two begin
 * so near that they overlap by more than a quarter, unless the photograph is that small. */
#define CELL (HL_BLUR_WINDOW / 2)
#define APART (3 * HL_BLUR_WINDOW / 4)
#define FEWEST 4

/* Of a window's pixels, the share that may be unknown or cut off at white. Chosen, not tuned. */
#define MOST_UNUSABLE 0.02
#define CLIPPED 0.995f

/* A power that no photograph falls below: below a step of 8 bits. */
#define LEAST_POWER 1e-9

/* A plane, a spectrum, and the bins. */
#define BUFFERS 3

/* What is in a cell: the sum of absolute differences, and how many pixels are unusable. */
typedef struct
{
  double busy;
  int    unusable;
} Cell;

typedef struct
{
  double busy;
  int    x, y;
} Window;

static float
get_gray (const HlImage *image, gsize i)
{
  gsize pixels = (gsize) image->width * image->height;
  float sum    = 0;

  for (int c = 0; c < image->channels; c++)
    sum += image->planes[c * pixels + i];
  return hl_curve_decode (HL_CURVE_BETWEEN, sum / image->channels);
}

static Cell
look_at_cell (const HlImage *image, const float *known, int left, int top)
{
  gsize pixels = (gsize) image->width * image->height;
  Cell  cell   = { 0, 0 };

  for (int y = top; y < top + CELL; y++)
    for (int x = left; x < left + CELL; x++)
      {
        gsize    i      = (gsize) y * image->width + x;
        gboolean usable = known[i] >= 1;
        float    gray   = get_gray (image, i);

        for (int c = 0; c < image->channels; c++)
          usable = usable && image->planes[c * pixels + i] < CLIPPED;
        cell.unusable += !usable;
        if (x > left)
          cell.busy += fabsf (gray - get_gray (image, i - 1));
        if (y > top)
          cell.busy += fabsf (gray - get_gray (image, i - image->width));
      }
  return cell;
}

static int
compare_windows (const void *a, const void *b)
{
  const Window *one = a, *other = b;

  if (one->busy != other->busy)
    return one->busy < other->busy ? 1 : -1;
  return one->y != other->y ? one->y - other->y : one->x - other->x;
}

/* All windows without holes and highlights, the busiest first; %NULL without the memory. */
static GArray *
list_windows (const HlImage *image, const float *known, GCancellable *cancel)
{
  int              across = image->width / CELL, down = image->height / CELL;
  g_autofree Cell *cells   = g_try_new (Cell, (gsize) across * down + 1);
  GArray          *windows = cells ? g_array_new (FALSE, FALSE, sizeof (Window)) : NULL;

  for (int j = 0; windows && j < down && !g_cancellable_is_cancelled (cancel); j++)
    for (int i = 0; i < across; i++)
      {
        Cell *cell = cells + (gsize) j * across + i;
        Cell  four = { 0, 0 };

        *cell = look_at_cell (image, known, i * CELL, j * CELL);
        if (i == 0 || j == 0)
          continue;
        for (int k = 0; k < 4; k++)
          {
            const Cell *part = cell - k % 2 - (gsize) (k / 2) * across;

            four.busy += part->busy;
            four.unusable += part->unusable;
          }
        if (four.unusable <= MOST_UNUSABLE * HL_BLUR_WINDOW * HL_BLUR_WINDOW)
          g_array_append_val (windows, ((Window) { four.busy, (i - 1) * CELL, (j - 1) * CELL }));
      }
  if (windows)
    g_array_sort (windows, compare_windows);
  return windows;
}

static int
choose_windows (const GArray *all, int apart, Window *chosen)
{
  int n = 0;

  for (guint i = 0; i < all->len && n < HL_BLUR_WINDOWS; i++)
    {
      const Window *window = &g_array_index (all, Window, i);
      gboolean      free   = TRUE;

      for (int k = 0; k < n; k++)
        free
            = free
              && (abs (window->x - chosen[k].x) >= apart || abs (window->y - chosen[k].y) >= apart);
      if (free)
        chosen[n++] = *window;
    }
  return n;
}

static void
plan_bins (HlBlurSpectrum *self)
{
  const int half = HL_BLUR_WINDOW / 2 + 1;

  for (int v = 0; v < HL_BLUR_WINDOW; v++)
    for (int u = 0; u < half; u++)
      {
        double fy = (v < half ? v : v - HL_BLUR_WINDOW) / (double) HL_BLUR_WINDOW;
        double fx = u / (double) HL_BLUR_WINDOW, f = hypot (fx, fy);
        int    ring   = floor ((f - LOWEST) / (HIGHEST - LOWEST) * HL_BLUR_RINGS);
        int    sector = lrint (atan2 (fy, fx) / G_PI * HL_BLUR_SECTORS) + HL_BLUR_SECTORS;
        int   *bin    = self->bins + v * half + u;

        *bin = -1;
        /* Of the column of 0, one half is the other's mirror image. */
        if (ring < 0 || ring >= HL_BLUR_RINGS || (u == 0 && fy < 0))
          continue;
        *bin = sector % HL_BLUR_SECTORS * HL_BLUR_RINGS + ring;
        self->frequencies[*bin] += f;
        self->counts[*bin]++;
      }
  for (int i = 0; i < HL_BLUR_BINS; i++)
    self->frequencies[i] /= MAX (self->counts[i], 1);
}

/* Adds |@spectrum|^2, times @scale. */
static void
add_power (const HlBlurSpectrum *self, const fftwf_complex *spectrum, double scale, double *power)
{
  for (gsize i = 0; i < self->fourier->count; i++)
    if (self->bins[i] >= 0)
      power[self->bins[i]] += scale
                              * (spectrum[i][0] * spectrum[i][0] + spectrum[i][1] * spectrum[i][1])
                              / self->counts[self->bins[i]];
}

static void
add_window (HlBlurSpectrum *self, const HlImage *image, const Window *window, double *power)
{
  const int      n        = HL_BLUR_WINDOW;
  float         *plane    = self->memory;
  fftwf_complex *spectrum = (fftwf_complex *) (self->memory + self->fourier->stride);
  double         mean     = 0;

  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++)
      {
        gsize i = (gsize) (window->y + y) * image->width + window->x + x;

        plane[y * n + x] = get_gray (image, i);
        mean += plane[y * n + x] / (n * n);
      }
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++)
      {
        double taper = sin (G_PI * (x + 1) / (n + 1)) * sin (G_PI * (y + 1) / (n + 1));

        plane[y * n + x] = (plane[y * n + x] - mean) * taper * taper;
      }
  hl_fourier_forward (self->fourier, plane, spectrum);
  /* The mean square of the taper is (3 / 8)^2. */
  add_power (self, spectrum, 64.0 / 9 / (n * n), power);
}

/**
 * hl_blur_spectrum_new:
 * @image: (C, H, W), the photograph, all values finite
 * @known: (H, W), below 1 where a pixel must not be looked at
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): the spectrum, or %NULL
 */
HlBlurSpectrum *
hl_blur_spectrum_new (const HlImage *image, const float *known, GCancellable *cancel,
                      GError **error)
{
  g_autoptr (HlBlurSpectrum) self = g_try_new0 (HlBlurSpectrum, 1);
  g_autoptr (GArray) all          = list_windows (image, known, cancel);
  Window chosen[HL_BLUR_WINDOWS];

  if (!self || !all)
    {
      hl_error_set_memory (error, image->width, image->height);
      return NULL;
    }
  self->fourier = hl_fourier_new (HL_BLUR_WINDOW, HL_BLUR_WINDOW, 0, error);
  self->memory  = self->fourier ? hl_fourier_alloc (self->fourier, BUFFERS, error) : NULL;
  if (!self->memory)
    return NULL;
  self->bins = (int *) (self->memory + 2 * self->fourier->stride);
  plan_bins (self);
  self->windows = choose_windows (all, APART, chosen);
  if (self->windows < FEWEST)
    self->windows = choose_windows (all, CELL, chosen);
  if (g_cancellable_set_error_if_cancelled (cancel, error))
    return NULL;
  for (int set = 0; set < HL_BLUR_SETS; set++)
    {
      int first = set == HL_BLUR_ODD, step = set == HL_BLUR_ALL ? 1 : 2, n = 0;

      for (int i = first; i < self->windows; i += step, n++)
        add_window (self, image, chosen + i, self->power[set]);
      for (int i = 0; i < HL_BLUR_BINS; i++)
        self->power[set][i] = fmax (self->power[set][i] / MAX (n, 1), LEAST_POWER);
    }
  return g_steal_pointer (&self);
}

/**
 * hl_blur_spectrum_free:
 * @self: (transfer full) (nullable): a spectrum
 */
void
hl_blur_spectrum_free (HlBlurSpectrum *self)
{
  if (!self)
    return;
  hl_fourier_free (self->fourier);
  g_free (self->memory);
  g_free (self);
}

/**
 * hl_blur_spectrum_get_transfer:
 * @self: a spectrum
 * @psf: a point spread function, of a side up to %HL_BLUR_WINDOW
 * @transfer: (sectors, rings), written: the mean of its squared transfer function
 */
void
hl_blur_spectrum_get_transfer (HlBlurSpectrum *self, const HlPsf *psf,
                               double transfer[HL_BLUR_BINS])
{
  fftwf_complex *spectrum = (fftwf_complex *) (self->memory + self->fourier->stride);

  memset (transfer, 0, sizeof (double) * HL_BLUR_BINS);
  hl_fourier_transfer (self->fourier, psf, self->memory, spectrum);
  add_power (self, spectrum, 1, transfer);
}
