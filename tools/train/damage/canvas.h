/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_CANVAS_H
#define HL_TRAIN_CANVAS_H

#include "../random.h"

#include <stddef.h>

#define HL_NOISE_SIDE 256
#define HL_COVERS 3

/* How much of each pixel something covers, 0..1; nothing outside the box. */
typedef struct
{
  int    side;
  int    x0, y0, x1, y1; /* the box that is in use, its end outside; empty if x1 <= x0 */
  float *value;          /* (side, side) */
} HlCover;

/* A picture that is drawn on, and what drawing needs. */
typedef struct
{
  int      side;
  int      most;     /* the largest side that there is memory for */
  float   *plane[3]; /* (side, side) each: red, green, blue, 0..1 */
  float   *spare[3]; /* (side, side) each */
  HlCover  cover[HL_COVERS];
  float   *noise; /* (HL_NOISE_SIDE, HL_NOISE_SIDE), normal, deviation 1 */
  HlRandom random;
} HlCanvas;

int   hl_canvas_init (HlCanvas *canvas, int most, uint64_t seed);
void  hl_canvas_clear (HlCanvas *canvas);
void  hl_canvas_resize (HlCanvas *canvas, int side);
void  hl_canvas_clip (HlCanvas *canvas, float high);
void  hl_canvas_lay (HlCanvas *canvas, const HlCover *cover, float strength, const float color[3]);
void  hl_canvas_lay_tone (HlCanvas *canvas, float strength, float soft, float tone,
                          const float *tint);
void  hl_canvas_lay_rough (HlCanvas *canvas, const HlCover *cover, float strength,
                           const float color[3], const float *shade, float amount);
void  hl_canvas_add (HlCanvas *canvas, const HlCover *cover, float amount, const float tint[3]);
void  hl_canvas_emboss (HlCanvas *canvas, const HlCover *cover, HlCover *soft, float amount);
void  hl_canvas_smooth (HlCanvas *canvas, float *out, float size);
void  hl_canvas_fractal (HlCanvas *canvas, float *out, float size, int octaves, float gain);
void  hl_plane_blur (float *plane, float *spare, int side, float sigma);
float hl_canvas_along (HlCanvas *canvas, float place, float seed);

/* The canvas's random numbers, shorter to write. */

static inline float
hl_even (HlCanvas *canvas, float low, float high)
{
  return hl_random_between (&canvas->random, low, high);
}

static inline float
hl_scaled (HlCanvas *canvas, float low, float high)
{
  return hl_random_scale (&canvas->random, low, high);
}

static inline int
hl_chance (HlCanvas *canvas, float share)
{
  return hl_random_chance (&canvas->random, share);
}

static inline int
hl_below (HlCanvas *canvas, int n)
{
  return hl_random_below (&canvas->random, n);
}

static inline float
hl_normal (HlCanvas *canvas)
{
  return hl_random_normal (&canvas->random);
}

static inline float
hl_sign (HlCanvas *canvas, float share)
{
  return hl_random_chance (&canvas->random, share) ? 1.0f : -1.0f;
}

static inline void
hl_any_color (HlCanvas *canvas, float low, float high, float color[3])
{
  for (int c = 0; c < 3; c++)
    color[c] = hl_even (canvas, low, high);
}

static inline void
hl_any_gray (HlCanvas *canvas, float low, float high, float color[3])
{
  color[0] = color[1] = color[2] = hl_even (canvas, low, high);
}

static inline float
hl_clamp (float x, float low, float high)
{
  return fminf (fmaxf (x, low), high);
}

#endif /* HL_TRAIN_CANVAS_H */
