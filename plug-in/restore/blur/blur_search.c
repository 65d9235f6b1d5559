/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which blur a photograph has, if any: before the deconvolution, where the blur is not given.
 *
 * A blur multiplies the power spectrum by the square of its transfer function, and each kind does
 * that in its own way: a Gaussian ever more with frequency, a disk with dark rings, a motion with
 * dark lines across it. So Gaussians, disks and motions of all sizes are tried on the spectrum of
 * the photograph's busiest places (blur_spectrum.c), with all that is usual of photographs and
 * their noise (blur_model.c), and the best one is taken. That a blur shows in the spectrum: D. B.
 * Gennery, JOSA 63(12), 1973; M. Cannon, IEEE Transactions on Acoustics, Speech and Signal
 * Processing 24(1), 1976.
 *
 * An answer that is not sure is none: it has to explain much more than no blur does, and the two
 * halves of the windows must each bear it out. */
#include "restore/blur/blur_search.h"

#include <math.h>

#include "restore/blur/blur_model.h"

/* Sizes that are tried, pixels, and steps between them, which are then refined. */
#define GAUSSIANS 21
#define GAUSSIAN_STEP 0.2
#define DISKS 19
#define FIRST_DISK 1.0
#define DISK_FACTOR 1.1
#define MOTIONS 12
#define FIRST_MOTION 3.0
#define MOTION_FACTOR 1.18
#define TURNS 12
#define TURN 15
#define REFINED 5

/* Less than these is what cameras and scanners leave of a sharp photograph: on twenty-three sharp
 * ones of the Kodak set and CBSD68, under white noise of 1.5 of 255 and correlated grain of 1 %,
 * the best blur was a Gaussian of up to 0.7 or a motion of up to 3; on two of 232 of BSDS500 it was
 * a motion of 3.7. */
#define SHARP_GAUSSIAN 0.95
#define SHARP_DISK 1.65
#define SHARP_MOTION 4.0

/* By these factors a disk must explain more than the best Gaussian, and a motion than both. On the
 * eight photographs of blur_model.c, blurred, the right disk did by 0.36 to 0.74, on those and
 * twelve of BSDS500 the right motion by 0.36 to 0.71, and where a Gaussian was right no other was
 * better. On two sharp ones with whiskers and feathers a motion of 4 to 6 pixels was by 0.77 and
 * 0.91. */
#define DISK_CLEARLY 0.95
#define MOTION_CLEARLY 0.75

/* The blur must explain more than none by the first factor, in each half too by the second, and
 * there no other blur may be better by the third. On the same eight a blur that was there did by
 * 0.1 to 0.61; on sharp ones the best blur did by 0.67 to 1, its size being that of a sharp one. */
#define CLEARLY 0.8
#define HALF_CLEARLY 0.85
#define DISAGREES 0.8

#define TRIES_PER_SET                                                                              \
  (1 + GAUSSIANS + DISKS + MOTIONS * TURNS + 2 * (REFINED - 1) + REFINED * REFINED)

typedef enum
{
  GAUSSIAN,
  DISK,
  MOTION,
  KINDS,
} Kind;

typedef struct
{
  double size, angle, loss;
} Blur;

typedef struct
{
  HlBlurSpectrum   *spectrum;
  const HlProgress *control;
  double            noise_blur;
  guint             tried;
} Search;

static HlPsf *
make_psf (Kind kind, double size, double angle)
{
  return kind == GAUSSIAN ? hl_psf_new_gaussian (size, size, 0)
         : kind == DISK   ? hl_psf_new_disk (size)
                          : hl_psf_new_motion (size, angle);
}

/* How badly the blur explains the windows; one of size 0 is none. */
static double
try_blur (Search *self, HlBlurSet set, Kind kind, double size, double angle)
{
  double transfer[HL_BLUR_BINS];
  g_autoptr (HlPsf) psf = size > 0 ? make_psf (kind, size, angle) : NULL;

  if (g_cancellable_is_cancelled (self->control->cancel))
    return 1;
  for (int i = 0; i < HL_BLUR_BINS; i++)
    transfer[i] = 1;
  if (psf)
    hl_blur_spectrum_get_transfer (self->spectrum, psf, transfer);
  self->tried++;
  hl_progress_report (self->control, (double) self->tried / (HL_BLUR_SETS * TRIES_PER_SET + 4), 0);
  return hl_blur_model_fit (self->spectrum, set, self->noise_blur, transfer);
}

static void
keep_better (Search *self, HlBlurSet set, Kind kind, double size, double angle, Blur *best)
{
  double loss = try_blur (self, set, kind, size, angle);

  if (loss < best->loss)
    *best = (Blur) { size, angle, loss };
}

static void
search_set (Search *self, HlBlurSet set, Blur best[KINDS])
{
  Blur start[KINDS];

  for (Kind kind = GAUSSIAN; kind < KINDS; kind++)
    best[kind] = (Blur) { 0, 0, INFINITY };
  for (int i = 1; i <= GAUSSIANS; i++)
    keep_better (self, set, GAUSSIAN, i * GAUSSIAN_STEP, 0, &best[GAUSSIAN]);
  for (int i = 0; i < DISKS; i++)
    keep_better (self, set, DISK, FIRST_DISK * pow (DISK_FACTOR, i), 0, &best[DISK]);
  for (int i = 0; i < MOTIONS; i++)
    for (int turn = 0; turn < TURNS; turn++)
      keep_better (self, set, MOTION, FIRST_MOTION * pow (MOTION_FACTOR, i), turn * TURN,
                   &best[MOTION]);
  for (Kind kind = GAUSSIAN; kind < KINDS; kind++)
    start[kind] = best[kind];
  for (int i = -REFINED / 2; i <= REFINED / 2; i++)
    {
      double part = (double) i / REFINED;

      if (i != 0)
        {
          keep_better (self, set, GAUSSIAN, start[GAUSSIAN].size + part * GAUSSIAN_STEP, 0,
                       &best[GAUSSIAN]);
          keep_better (self, set, DISK, start[DISK].size * pow (DISK_FACTOR, part), 0, &best[DISK]);
        }
      for (int turn = -REFINED / 2; turn <= REFINED / 2; turn++)
        keep_better (self, set, MOTION, start[MOTION].size * pow (MOTION_FACTOR, part),
                     start[MOTION].angle + (double) turn / REFINED * TURN, &best[MOTION]);
    }
}

static Kind
choose (const Blur best[KINDS])
{
  if (best[MOTION].loss < MOTION_CLEARLY * fmin (best[GAUSSIAN].loss, best[DISK].loss))
    return MOTION;
  return best[DISK].loss < DISK_CLEARLY * best[GAUSSIAN].loss ? DISK : GAUSSIAN;
}

/* Whether half of the windows bears @blur out. */
static gboolean
agrees (Search *self, HlBlurSet set, Kind kind, const Blur *blur)
{
  Blur   best[KINDS];
  double none = try_blur (self, set, kind, 0, 0);
  double loss = try_blur (self, set, kind, blur->size, blur->angle);

  search_set (self, set, best);
  for (Kind other = GAUSSIAN; other < KINDS; other++)
    if (best[other].loss < DISAGREES * loss)
      return FALSE;
  return loss < HALF_CLEARLY * none;
}

/**
 * hl_blur_search:
 * @image: (C, H, W), the photograph, all values finite
 * @known: (H, W), below 1 where a pixel must not be looked at
 * @noise_blur: how far the noise is correlated, see hl_noise_estimate_blur(), pixels
 * @found: (out) (transfer full) (nullable): the blur: a Gaussian, a disk or a motion; %NULL where
 *   the photograph is sharp, is not surely blurred, or is too small to tell
 * @control: to cancel and to follow it
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * Takes a fraction of a second and little memory, however large the photograph.
 *
 * Returns: whether it went to the end
 */
gboolean
hl_blur_search (const HlImage *image, const float *known, double noise_blur, HlPsf **found,
                const HlProgress *control, GError **error)
{
  static const double sharp[KINDS]    = { SHARP_GAUSSIAN, SHARP_DISK, SHARP_MOTION };
  g_autoptr (HlBlurSpectrum) spectrum = hl_blur_spectrum_new (image, known, control->cancel, error);
  Search search                       = { spectrum, control, noise_blur, 0 };
  Blur   best[KINDS];
  Kind   kind;
  double none;

  *found = NULL;
  if (!spectrum)
    return FALSE;
  if (spectrum->windows < 2)
    return TRUE;
  search_set (&search, HL_BLUR_ALL, best);
  none = try_blur (&search, HL_BLUR_ALL, GAUSSIAN, 0, 0);
  kind = choose (best);
  if (best[kind].size >= sharp[kind] && best[kind].loss < CLEARLY * none
      && agrees (&search, HL_BLUR_EVEN, kind, &best[kind])
      && agrees (&search, HL_BLUR_ODD, kind, &best[kind]))
    *found = make_psf (kind, best[kind].size, fmod (best[kind].angle + 180, 180));
  if (g_cancellable_set_error_if_cancelled (control->cancel, error))
    {
      g_clear_pointer (found, hl_psf_free);
      return FALSE;
    }
  return TRUE;
}
