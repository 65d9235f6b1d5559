/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a picture is to be turned, as EXIF data say it: of all their fields the only one that is
 * looked at. */

#include "cli/exif.h"

/* Finds the two bytes of tag 274 of the first directory (EXIF 2.32, 4.5 and 4.6.4), or the lower
 * two where some program made it a LONG; @is_big is set to whether the most significant byte comes
 * first. */
static guint8 *
find_orientation (guint8 *exif, gsize size, gboolean *is_big)
{
  gsize at, count;

  *is_big = size > 2 && exif[0] == 'M';
#define SHORT(p)                                                                                   \
  (*is_big ? (guint) exif[p] << 8 | exif[(p) + 1] : (guint) exif[(p) + 1] << 8 | exif[p])
  if (size < 14)
    return NULL;
  at = *is_big ? (gsize) SHORT (4) << 16 | SHORT (6) : (gsize) SHORT (6) << 16 | SHORT (4);
  if (at > size - 2)
    return NULL;
  count = SHORT (at);
  for (at += 2; count > 0 && at + 12 <= size; at += 12, count--)
    if (SHORT (at) == 274)
      return exif + at + (*is_big && SHORT (at + 2) == 4 ? 10 : 8);
#undef SHORT
  return NULL;
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
  gsize              size  = 0;
  gconstpointer      data  = exif ? g_bytes_get_data (exif, &size) : NULL;
  g_autofree guint8 *bytes = g_memdup2 (data, size);
  gboolean           is_big;
  guint8            *value       = bytes ? find_orientation (bytes, size, &is_big) : NULL;
  int                orientation = value ? value[is_big ? 1 : 0] : 1;

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
  gpointer data = g_bytes_unref_to_data (g_bytes_ref (exif), &size);
  gboolean is_big;
  guint8  *value = find_orientation (data, size, &is_big);

  if (value)
    {
      value[0] = is_big ? 0 : 1;
      value[1] = is_big ? 1 : 0;
    }
  return g_bytes_new_take (data, size);
}
