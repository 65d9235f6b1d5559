/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_PLACE_H
#define HL_TRAIN_PLACE_H

#include "kinds.h"

/* A plane seen askew: (u, v) lies at o + u (ux, uy) + v (vx, vy), with some perspective. */
typedef struct
{
  HlCanvas *canvas;
  float     ox, oy, ux, uy, vx, vy;
  float     far;     /* how much smaller things grow per pixel along u */
  float     tint[3]; /* of all that lies there */
  float     soft;    /* sigma of edges, pixels */
} HlView;

void    hl_view_init (HlView *view, HlCanvas *canvas, float lean);
HlPoint hl_view_at (const HlView *view, float u, float v);
void    hl_view_box (HlView *view, float u, float v, float wide, float high, float tone);
void hl_view_line (HlView *view, float u0, float v0, float u1, float v1, float width, float tone);
void hl_view_lay (HlView *view, float tone, float strength);

/* Whole places: built ones, grown ones */
void hl_facade (HlCanvas *canvas);
void hl_boards (HlCanvas *canvas);
void hl_railing (HlCanvas *canvas);
void hl_roof (HlCanvas *canvas);
void hl_shelves (HlCanvas *canvas);
void hl_lettering (HlCanvas *canvas);
void hl_wheels (HlCanvas *canvas);
void hl_truss (HlCanvas *canvas);
void hl_tableware (HlCanvas *canvas);
void hl_foliage (HlCanvas *canvas);
void hl_hair (HlCanvas *canvas);
void hl_water (HlCanvas *canvas);
void hl_rocks (HlCanvas *canvas);
void hl_knit (HlCanvas *canvas);
void hl_blossom (HlCanvas *canvas);
void hl_wing (HlCanvas *canvas);

#endif /* HL_TRAIN_PLACE_H */
