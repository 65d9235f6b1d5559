/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures for print, as RGB: the engine works on what is seen, and which inks would show a
 * repaired colour is for whoever prints it to say. Little CMS converts them by the colour profile
 * in their file. */

#include "cli/formats.h"

#include "restore/error.h"

#ifdef HL_WITH_CMYK

#include <lcms2.h>

/* How much light an ink lets through. */
static guint64
get_light (const HlFile *file, gboolean is_reversed, gconstpointer inks, gsize at)
{
  gboolean is_deep = file->sample == HL_SAMPLE_U16;
  guint    value   = is_deep ? ((const guint16 *) inks)[at] : ((const guint8 *) inks)[at];

  return is_reversed ? value : (is_deep ? 65535 : 255) - value;
}

/* Without a profile, what viewers take: each ink stops its colour, and black all three. */
static void
convert_row (const HlFile *file, gboolean is_reversed, gconstpointer inks, gpointer colours)
{
  for (gsize i = 0; i < (gsize) file->width * 3; i++)
    {
      guint64 light = get_light (file, is_reversed, inks, i / 3 * 4 + i % 3)
                      * get_light (file, is_reversed, inks, i / 3 * 4 + 3);

      if (file->sample == HL_SAMPLE_U16)
        ((guint16 *) colours)[i] = (light + 32767) / 65535;
      else
        ((guint8 *) colours)[i] = (light + 127) / 255;
    }
}

/* From the profile in the file to sRGB, or NULL where it has none that can be used. */
static cmsHTRANSFORM
make_transform (const HlFile *file, gboolean is_reversed)
{
  gboolean        is_deep = file->sample == HL_SAMPLE_U16;
  gsize           size    = 0;
  gconstpointer   data    = file->icc ? g_bytes_get_data (file->icc, &size) : NULL;
  cmsHPROFILE     from    = data ? cmsOpenProfileFromMem (data, size) : NULL;
  cmsHPROFILE     to      = cmsCreate_sRGBProfile ();
  cmsHTRANSFORM   made    = NULL;
  cmsUInt32Number inks    = is_deep       ? is_reversed ? TYPE_CMYK_16_REV : TYPE_CMYK_16
                            : is_reversed ? TYPE_CMYK_8_REV
                                          : TYPE_CMYK_8;

  if (from && to && cmsGetColorSpace (from) == cmsSigCmykData)
    made = cmsCreateTransform (from, inks, to, is_deep ? TYPE_RGB_16 : TYPE_RGB_8,
                               INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION);
  g_clear_pointer (&from, cmsCloseProfile);
  g_clear_pointer (&to, cmsCloseProfile);
  return made;
}

/**
 * hl_cmyk_to_rgb:
 * @file: a picture of 8 or 16 bits whose pixels are (@height, @width, 4), cyan, magenta, yellow and
 *   black; becomes one of sRGB without a profile, which its own file cannot hold
 * @is_reversed: whether 0 is all ink, as in a JPEG by Adobe
 * @name: for messages
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_cmyk_to_rgb (HlFile *file, gboolean is_reversed, const char *name, GError **error)
{
  cmsHTRANSFORM      transform = make_transform (file, is_reversed);
  g_autofree guint8 *inks      = g_steal_pointer (&file->pixels);
  gsize              bytes     = hl_file_get_bytes_per_sample (file) * file->width;

  g_clear_pointer (&file->changed, g_free);
  g_clear_pointer (&file->icc, g_bytes_unref);
  file->colours = file->channels = 3;
  file->is_expanded = file->was_cmyk = TRUE;
  if (!hl_file_allocate (file, error))
    {
      g_clear_pointer (&transform, cmsDeleteTransform);
      return FALSE;
    }
  for (int y = 0; y < file->height; y++)
    {
      const guint8 *from = inks + y * bytes * 4;
      guint8       *to   = file->pixels + y * bytes * 3;

      if (transform)
        cmsDoTransform (transform, from, to, file->width);
      else
        convert_row (file, is_reversed, from, to);
    }
  g_clear_pointer (&transform, cmsDeleteTransform);
  return TRUE;
}

#else

/* This build has no Little CMS. */
gboolean
hl_cmyk_to_rgb (HlFile *file, gboolean is_reversed, const char *name, GError **error)
{
  return hl_error_refuse (error,
                          "“%s” is CMYK, for print: open it in GIMP and export it as PNG or TIFF, "
                          "then restore that.",
                          name);
}

#endif
