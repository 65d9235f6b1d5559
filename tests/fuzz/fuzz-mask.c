/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks of every shape: widened, measured, looked at for a rim, and cut into regions, which
 * must hold all damage once. */
#include "input.h"

#include "restore/mask.h"
#include "restore/regions.h"
#include "restore/rim.h"

static void
check_regions (const float *mask, int width, int height, int context, gint64 most)
{
  g_autoptr (GArray) regions = hl_regions_new (mask, width, height, context, most, FALSE, NULL);
  g_autofree guint8 *seen    = g_new0 (guint8, (gsize) width * height);

  for (guint i = 0; i < regions->len; i++)
    {
      HlRegion r = g_array_index (regions, HlRegion, i);

      g_assert_cmpint (r.area.left, >=, 0);
      g_assert_cmpint (r.area.top, >=, 0);
      g_assert_cmpint (r.area.right, <=, width);
      g_assert_cmpint (r.area.bottom, <=, height);
      for (int y = r.core.top; y < r.core.bottom; y++)
        for (int x = r.core.left; x < r.core.right; x++)
          seen[(gsize) y * width + x]++;
    }
  for (gsize i = 0; i < (gsize) width * height; i++)
    g_assert_true (seen[i] <= 1 && (seen[i] == 1 || !(mask[i] > 0)));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Input             input = { data, data + size };
  Shape             shape = take_shape (&input, 20000, 200);
  int               width = shape.width, height = shape.height;
  int               radius  = take (&input) % (HL_MASK_MOST_GROWTH + 1);
  int               context = take (&input) % 130;
  gint64            most    = take_number (&input, 1, 60000);
  g_autofree float *mask    = take_mask (&input, width, height);
  g_autofree float *source  = g_new (float, (gsize) width *height);
  g_autoptr (HlImage) image = take_image (&input, width, height);
  HlMaps maps               = { width, height, mask, source };

  g_assert_true (hl_mask_grow (mask, width, height, radius, NULL, NULL));
  for (int i = 0; i < width * height; i++)
    source[i] = !(mask[i] > 0);
  g_assert_true (hl_mask_get_width (mask, width, height) >= 0);
  g_assert_cmpint (hl_rim_find (image, &maps, FALSE, NULL), <=, 3);
  check_regions (mask, width, height, context, most);
  return 0;
}
