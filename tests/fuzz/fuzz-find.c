/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for damage in pictures of every shape that hold anything: what says nothing is never
 * damage, nor what was not asked for, and a cut only grows. */
#include "input.h"

#include "restore/find/find.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const HlProgress     none     = { 0 };
  const HlFindSettings settings = { .threads = 1 };
  Input                input    = { data, data + size };
  Shape                shape    = take_shape (&input, 3000, 120);
  int                  width = shape.width, height = shape.height;
  int                  largest     = take (&input);
  double               sensitivity = take (&input) % 110 - 4.0;
  gboolean             circled     = take (&input) & 1;
  gsize                pixels      = (gsize) width * height, few, many;
  g_autofree guint8   *known = g_new (guint8, pixels), *target = g_new (guint8, pixels);
  g_autofree guint8   *less = g_new (guint8, pixels), *more = g_new (guint8, pixels);
  g_autoptr (HlImage) image = NULL;
  g_autoptr (HlFound) found = NULL;
  g_autoptr (GError) error  = NULL;
  guint8 step = 2 + take (&input) % 64, hole = take (&input);

  for (gsize i = 0; i < pixels; i++)
    {
      known[i]  = i % step > 0;
      target[i] = i % 256 >= hole;
    }
  image = take_image (&input, width, height);
  found = hl_find_run (image, known, circled ? target : NULL, &settings, &none, &error);
  g_assert_true ((found == NULL) == (error != NULL));
  if (!found)
    return 0;
  few  = hl_find_cut (found, sensitivity, largest, less);
  many = hl_find_cut (found, sensitivity + 20, HL_FIND_ANY_WIDTH, more);
  g_assert_true (few <= many);
  for (gsize i = 0; i < pixels; i++)
    {
      g_assert_true (!less[i] || more[i]);
      g_assert_true (!more[i] || (known[i] && (!circled || target[i])));
    }
  return 0;
}
