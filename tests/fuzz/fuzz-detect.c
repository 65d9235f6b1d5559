/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proposal of a selection on pictures of every shape that hold anything: each pixel is
 * 0 or 1, and what says nothing is never damage. */
#include "input.h"

#include "restore/find/finder.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const HlProgress   none  = { 0 };
  Input              input = { data, data + size };
  Shape              shape = take_shape (&input, 3000, 120);
  int                width = shape.width, height = shape.height;
  int                widest      = take (&input) % (HL_DETECT_LARGEST_SIZE + 2);
  double             sensitivity = take (&input) % 110 - 4.0;
  gsize              pixels      = (gsize) width * height;
  g_autofree guint8 *evidence    = g_new (guint8, pixels);
  g_autoptr (HlImage) image      = NULL;
  g_autoptr (GError) error       = NULL;
  g_autofree float *mask         = NULL;
  guint8            step         = 2 + take (&input) % 64;

  for (gsize i = 0; i < pixels; i++)
    evidence[i] = i % step > 0;
  image = take_image (&input, width, height);
  mask  = hl_detect (image, evidence, sensitivity, widest, &none, &error);
  g_assert_true ((mask == NULL) == (error != NULL));
  for (gsize i = 0; mask && i < pixels; i++)
    g_assert_true (mask[i] == 0 || (mask[i] == 1 && evidence[i]));
  return 0;
}
