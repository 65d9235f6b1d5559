/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fourier transforms of padded planes. */
#pragma once

#include <fftw3.h>

#include "restore/blur/psf.h"

G_BEGIN_DECLS

/**
 * HlFourier:
 * @width: of the picture, pixels
 * @height: likewise
 * @padded_width: of its padded planes, the picture lying in their upper left corner
 * @padded_height: likewise
 * @pixels: of a padded plane
 * @count: complex numbers of a spectrum, (padded_height, padded_width / 2 + 1)
 * @stride: floats from one buffer to the next in what hl_fourier_alloc() returns
 *
 * The rest is private.
 */
typedef struct
{
  int        width, height;
  int        padded_width, padded_height;
  gsize      pixels, count, stride;
  int       *columns;        /* (padded_width, 2): where the padding takes its values */
  int       *rows;           /* (padded_height, 2) */
  float     *column_weights; /* (padded_width): of the second of the two */
  float     *row_weights;    /* (padded_height) */
  fftwf_plan forward, backward;
} HlFourier;

HlFourier *hl_fourier_new (int width, int height, int margin, GError **error);
void       hl_fourier_free (HlFourier *self);
float     *hl_fourier_alloc (const HlFourier *self, int buffers, GError **error);
void       hl_fourier_pad (const HlFourier *self, const float *plane, float *padded);
void       hl_fourier_crop (const HlFourier *self, const float *padded, float *plane);
void       hl_fourier_forward (const HlFourier *self, float *padded, fftwf_complex *spectrum);
void       hl_fourier_backward (const HlFourier *self, fftwf_complex *spectrum, float *padded);
void       hl_fourier_transfer (const HlFourier *self, const HlPsf *psf, float *work,
                                fftwf_complex *transfer);
double     hl_fourier_get_noise_gain (const HlFourier *self, const fftwf_complex *transfer,
                                      double blur);
void       hl_fourier_blur (const HlFourier *self, const fftwf_complex *transfer, gboolean adjoint,
                            float *padded, fftwf_complex *work);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlFourier, hl_fourier_free)

G_END_DECLS
