/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_CHAIN_H
#define HL_TRAIN_CHAIN_H

#include "canvas.h"

/* How a print fades, or a scan is toned: the same for the sound and the damaged picture. */
typedef struct
{
  float lift, contrast, gamma;
  float low[3], high[3], power[3];
} HlTone;

/* What the scanner does; its grain is one field for both pictures. */
typedef struct
{
  float  soft;    /* sigma of its blur, pixels */
  float  noise;   /* deviation of its grain */
  int    even;    /* the grain does not depend on the tone */
  float  sharpen; /* 0 for none */
  float  radius;  /* sigma of the sharpening */
  int    quality; /* of the JPEG file, 0 for none */
  int    halved;  /* its colours at half the size */
  float  exposure, shift;
  float *grain[3]; /* (side, side) each */
} HlScan;

void hl_tone_init (HlTone *tone, HlCanvas *canvas, int mono);
void hl_tone_apply (const HlTone *tone, float *plane[3], int count);
void hl_scan_init (HlScan *scan, HlCanvas *canvas, int side, int mono);
void hl_scan_apply (const HlScan *scan, float *plane[3], float *spare, int side,
                    unsigned char *bytes);
void hl_planes_resize (float *from, int side, float *to, int size);
void hl_jpeg (unsigned char *bytes, int side, int quality, int halved, float *spare[3]);

#endif /* HL_TRAIN_CHAIN_H */
