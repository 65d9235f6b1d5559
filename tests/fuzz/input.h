/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fuzz targets share: numbers taken from the fuzzer's bytes, and pictures of them. */
#pragma once

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "restore/image.h"

/* What libFuzzer calls, and driver.c where there is none. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A fuzz target is called again and again, with nothing to keep what it needs each time. */
static char *temporary;

static inline void
remove_temporary (void)
{
  g_unlink (temporary);
}

/* The name of an empty file, the same at each call; it goes when the program ends. */
static inline const char *
get_temporary (void)
{
  if (!temporary)
    {
      g_assert_true (g_close (g_file_open_tmp (NULL, &temporary, NULL), NULL));
      atexit (remove_temporary);
    }
  return temporary;
}

typedef struct
{
  const guint8 *at, *end;
} Input;

/* 0 where the input has ended. */
static inline guint8
take (Input *input)
{
  return input->at < input->end ? *input->at++ : 0;
}

static inline guint
take_number (Input *input, guint low, guint high)
{
  guint number = take (input);

  return low + (number << 8 | take (input)) % (high - low + 1);
}

typedef struct
{
  int width, height;
} Shape;

/* Up to @side pixels a side, or a strip of one pixel by up to @longest. */
static inline Shape
take_shape (Input *input, guint longest, guint side)
{
  int   thin = take (input) % 4;
  Shape shape;

  shape.width  = take_number (input, 1, thin == 1 ? longest : thin == 2 ? 1 : side);
  shape.height = take_number (input, 1, thin == 2 ? longest : thin == 1 ? 1 : side);
  return shape;
}

/* Mostly 0..1; now and then what a float layer may hold beside. */
static inline float
take_value (Input *input)
{
  static const float odd[] = { NAN,    INFINITY, -INFINITY, -0.0f,  1e-42f, 3e38f,
                               -3e38f, 1e20f,    -1e5f,     1e-20f, 1.5f,   -0.5f };
  guint8             byte  = take (input);

  return byte < G_N_ELEMENTS (odd) ? odd[byte] : (byte - 12) / 243.0f;
}

static inline HlImage *
take_image (Input *input, int width, int height)
{
  HlImage *image = hl_image_new (take (input) % 2 ? 3 : 1, width, height, NULL);
  guint8   shift = take (input);
  gsize    n     = (gsize) image->channels * width * height;

  /* Few bytes make a whole picture: what follows repeats them, shifted. */
  for (gsize i = 0; i < n; i++)
    image->planes[i]
        = input->at < input->end ? take_value (input) : image->planes[i * shift % (i + 1)];
  return image;
}

/* (H, W): rectangles, single pixels, a checkerboard. */
static inline float *
take_mask (Input *input, int width, int height)
{
  float *mask = g_new0 (float, (gsize) width *height);

  for (int n = take (input) % 8; n > 0; n--)
    {
      float value = take_value (input);
      int   left = take_number (input, 0, width - 1), top = take_number (input, 0, height - 1);
      int   right  = left + 1 + take_number (input, 0, width);
      int   bottom = top + 1 + take_number (input, 0, height);
      int   step   = 1 + take (input) % 3;

      for (int y = top; y < MIN (bottom, height); y++)
        for (int x = left + y % step; x < MIN (right, width); x += step)
          mask[(gsize) y * width + x] = value;
    }
  return mask;
}
