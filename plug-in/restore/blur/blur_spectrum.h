/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power spectrum of a photograph's busiest places; a part of blur_search.c. */
#pragma once

#include <gio/gio.h>

#include "restore/blur/fourier.h"

G_BEGIN_DECLS

#define HL_BLUR_WINDOW 128 /* pixels a side */
#define HL_BLUR_WINDOWS 8  /* at most */
#define HL_BLUR_SECTORS 12
#define HL_BLUR_RINGS 44
#define HL_BLUR_BINS (HL_BLUR_SECTORS * HL_BLUR_RINGS)

/* The windows whose spectra are summed. */
typedef enum
{
  HL_BLUR_ALL,
  HL_BLUR_EVEN,
  HL_BLUR_ODD,
  HL_BLUR_SETS,
} HlBlurSet;

/**
 * HlBlurSpectrum:
 * @windows: how many there are; 0 where the photograph is too small or has nothing to see
 * @power: (sets, sectors, rings), mean power, above 0
 * @counts: (sectors, rings), frequencies of a bin, 0 for some
 * @frequencies: (sectors, rings), their mean, cycles per pixel
 *
 * Rings are equally wide, and so are sectors, which have the direction i pi / sectors in their
 * middle. The rest is private.
 */
typedef struct
{
  int        windows;
  double     power[HL_BLUR_SETS][HL_BLUR_BINS];
  double     frequencies[HL_BLUR_BINS];
  int        counts[HL_BLUR_BINS];
  HlFourier *fourier;
  float     *memory;
  int       *bins; /* (count): of each frequency, or -1; in @memory */
} HlBlurSpectrum;

HlBlurSpectrum *hl_blur_spectrum_new (const HlImage *image, const float *known,
                                      GCancellable *cancel, GError **error);
void            hl_blur_spectrum_free (HlBlurSpectrum *self);
void            hl_blur_spectrum_get_transfer (HlBlurSpectrum *self, const HlPsf *psf,
                                               double transfer[HL_BLUR_BINS]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlBlurSpectrum, hl_blur_spectrum_free)

G_END_DECLS
