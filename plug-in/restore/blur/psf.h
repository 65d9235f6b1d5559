/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Point spread functions: what a blur makes of a single point. */
#pragma once

#include "restore/image.h"

G_BEGIN_DECLS

/* Bytes of a name, its end included. */
#define HL_PSF_NAME 48

/**
 * HlPsf:
 * @side: rows and columns, odd; the point lies in the middle
 * @weights: (side, side), row-major, 0 or more; their sum is 1
 * @name: what hl_psf_new_from_text() makes it of, such as "disk:2.5"; empty for that of a picture
 */
typedef struct
{
  int    side;
  float *weights;
  char   name[HL_PSF_NAME];
} HlPsf;

HlPsf *hl_psf_new_from_text (const char *text, GError **error);
HlPsf *hl_psf_new_from_pixels (const float *pixels, int width, int height, GError **error);
HlPsf *hl_psf_new_gaussian (double along, double across, double angle);
HlPsf *hl_psf_new_disk (double radius);
HlPsf *hl_psf_new_motion (double length, double angle);
HlPsf *hl_psf_copy (const HlPsf *psf);
void   hl_psf_free (HlPsf *psf);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlPsf, hl_psf_free)

G_END_DECLS
