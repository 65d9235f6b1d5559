/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_SITTER_H
#define HL_TRAIN_SITTER_H

#include "kinds.h"

/* Somebody who sits for a portrait. Lengths are in half heights of the face, which lies around
 * (0, 0) from -1 to 1. What is drawn is paint, in the canvas, and relief, in pixels above the
 * background, which is lit at the end: so a nose, an ear, a lip or a fold has the dark and light
 * lines that light makes.
 */
typedef struct
{
  HlCanvas *canvas;
  float    *height;           /* (side, side): the relief */
  float     x, y, size, c, s; /* where it is, how large, how it leans */
  float     turn;             /* of the head to one side, radians */
  float     wide;             /* half of the face's width */
  float     soft;             /* sigma of edges, pixels */
  float     light;            /* where light comes from, -1..1 of left to right */
  float     tint[3];          /* of skin and hair */
  float     skin, hair;       /* brightness */
} HlSitter;

HlPoint hl_sitter_at (const HlSitter *sitter, float u, float v);
float   hl_sitter_turned (const HlSitter *sitter, float u, float v);
void    hl_sitter_polygon (HlSitter *sitter, const float *uv, int count, float mirror);
void    hl_sitter_ellipse (HlSitter *sitter, float u, float v, float ru, float rv);
void    hl_sitter_curve (HlSitter *sitter, const float *uv, int count, float mirror, float width);
void    hl_sitter_line (HlSitter *sitter, float u0, float v0, float u1, float v1, float sag,
                        float width);
void hl_sitter_paint (HlSitter *sitter, float strength, float soft, float tone, const float *tint);
void hl_sitter_shade (HlSitter *sitter, float soft, float by);
void hl_sitter_raise (HlSitter *sitter, float soft, float by);
void hl_sitter_bump (HlSitter *sitter, float u, float v, float ru, float rv, float by);

void hl_sitter_dress (HlSitter *sitter);
void hl_sitter_neck (HlSitter *sitter);
void hl_sitter_head (HlSitter *sitter);
void hl_sitter_glints (HlSitter *sitter);

#endif /* HL_TRAIN_SITTER_H */
