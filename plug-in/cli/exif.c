/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a picture is to be turned, as EXIF data say it: of all their fields the only one that is
 * looked at. */

#include "cli/formats.h"

/* Finds the two bytes of tag 274 of the first directory (EXIF 2.32, 4.5 and 4.6.4), or the lower
 * two where some program made it a LONG; @is_big is set to whether the most significant byte comes
 * first. */
static gsize
find_orientation (const guint8 *exif, gsize size, gboolean *is_big)
{
  gsize at, count;

  *is_big = size > 2 && exif[0] == 'M';
#define SHORT(p)                                                                                   \
  (*is_big ? (guint) exif[p] << 8 | exif[(p) + 1] : (guint) exif[(p) + 1] << 8 | exif[p])
  if (size < 14)
    return 0;
  at = *is_big ? (gsize) SHORT (4) << 16 | SHORT (6) : (gsize) SHORT (6) << 16 | SHORT (4);
  if (at > size - 2)
    return 0;
  count = SHORT (at);
  for (at += 2; count > 0 && at + 12 <= size; at += 12, count--)
    if (SHORT (at) == 274)
      return at + (*is_big && SHORT (at + 2) == 4 ? 10 : 8);
#undef SHORT
  return 0;
}

/**
 * hl_exif_get_orientation:
 * @exif: (nullable): EXIF data, from their TIFF header on
 *
 * Returns: how the picture is to be turned to stand upright, 1 to 8; 1 where that is not said
 */
int
hl_exif_get_orientation (GBytes *exif)
{
  gsize         size  = 0;
  const guint8 *bytes = exif ? g_bytes_get_data (exif, &size) : NULL;
  gboolean      is_big;
  gsize         at          = find_orientation (bytes, size, &is_big);
  int           orientation = at > 0 ? bytes[at + is_big] : 1;

  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/**
 * hl_exif_make_upright:
 * @exif: EXIF data, from their TIFF header on
 *
 * Returns: (transfer full): the same for a picture that has been turned upright
 */
GBytes *
hl_exif_make_upright (GBytes *exif)
{
  gsize    size;
  guint8  *bytes = g_bytes_unref_to_data (g_bytes_ref (exif), &size);
  gboolean is_big;
  gsize    at = find_orientation (bytes, size, &is_big);

  if (at > 0)
    {
      bytes[at]     = !is_big;
      bytes[at + 1] = is_big;
    }
  return g_bytes_new_take (bytes, size);
}
