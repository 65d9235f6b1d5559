/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task of the command-line program: from files to a file. hl_job_run() at the end is
 * the whole way on one screen. */

#include "cli/job.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/console.h"
#include "cli/infrared.h"
#include "cli/mask_file.h"
#include "cli/output.h"
#include "cli/samples.h"
#include "restore/area.h"
#include "restore/damage.h"
#include "restore/error.h"
#include "restore/mask.h"

/* Finds the part of the picture to work on: all of it where noise or blur are to go. */
static gboolean
find_area (const float *mask, int width, int height, gboolean whole, HlRect *area, GError **error)
{
  const HlRect all = { 0, 0, width, height };

  if (!hl_area_find_damage (mask, width, height, area) && !whole)
    {
      g_set_error (
          error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
          "Nothing is marked as damaged: paint the damaged parts white in the picture that "
          "--mask names, or leave --mask and --find out, so that they are found.");
      return FALSE;
    }
  *area = whole ? all : hl_area_find (*area, all);
  return TRUE;
}

static char *
number_to_json (double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (isfinite (number) ? g_ascii_formatd (text, sizeof text, "%.9g", number)
                                     : "null");
}

static gboolean
write_report (const char *path, const HlRestoreReport *report, GError **error)
{
  static const char *const ended[]     = { [HL_ENDED_NOT_RUN]          = "not run",
                                           [HL_ENDED_STEPS]            = "steps",
                                           [HL_ENDED_GAINS]            = "no more gain",
                                           [HL_ENDED_STOPPED]          = "stopped",
                                           [HL_ENDED_NOTHING_TO_CHECK] = "nothing to check" };
  static const char *const kinds[]     = { [HL_COLOUR_NONE]  = "none",
                                           [HL_COLOUR_AUTO]  = "auto",
                                           [HL_COLOUR_PRINT] = "print",
                                           [HL_COLOUR_SLIDE] = "slide",
                                           [HL_COLOUR_GRAY]  = "gray" };
  g_autofree char         *seconds     = number_to_json (report->seconds);
  g_autofree char         *gain        = number_to_json (report->gain);
  g_autofree char         *loss        = number_to_json (report->loss);
  g_autofree char         *noise_level = number_to_json (report->noise_level);
  g_autofree char         *json        = g_strdup_printf (
      "{\"seconds\": %s, \"iterations\": %u, \"ended\": \"%s\", \"gain\": %s, \"loss\": %s, \"noise_level\": %s, "
                     "\"peak_memory_bytes\": %" G_GUINT64_FORMAT
      ", \"rim\": %u, \"blur\": \"%s\", \"colour\": \"%s\"}\n",
      seconds, report->iterations, ended[report->ended], gain, loss, noise_level,
      report->peak_memory_bytes, report->rim, report->blur, kinds[report->colour.kind]);
  g_autoptr (GError) failed = NULL;
  GStatBuf there;
  gboolean written;

  /* A file is replaced whole; what is no file, such as a pipe or a device, is only written to. */
  if (g_stat (path, &there) == 0 && !S_ISREG (there.st_mode))
    {
      FILE *to = g_fopen (path, "w");

      written = to && fputs (json, to) >= 0;
      written = to && fclose (to) == 0 && written;
    }
  else
    written = g_file_set_contents (path, json, -1, &failed);
  if (written)
    return TRUE;
  return hl_error_refuse (error,
                          "The picture was restored, but the report “%s” cannot be written (%s): "
                          "choose another folder for it.",
                          path, failed ? failed->message : g_strerror (errno));
}

/* For a picture without damage. */
static float *
make_empty_mask (int width, int height, GError **error)
{
  float *mask = g_try_new0 (float, (gsize) width *height);

  if (!mask)
    hl_error_set_memory (error, width, height);
  return mask;
}

/* Puts the damage that is found into the mask: beside what infrared light showed, or in place of
 * what the person circled. */
static gboolean
find_damage (const HlJob *self, const HlFile *file, float *mask, GError **error)
{
  int                width = hl_file_get_width (file), height = hl_file_get_height (file);
  gsize              pixels = (gsize) width * height;
  HlProgress         search = hl_console_follow_search ();
  HlRect             all    = { 0, 0, width, height }, shown;
  g_autofree guint8 *source = NULL;
  g_autoptr (HlImage) image = hl_samples_get_planes (file, all, &source, error);
  g_autoptr (GError) failed = NULL;
  g_autofree float *found   = NULL;

  if (!image)
    return FALSE;
  found
      = hl_damage_find (image, self->mask ? mask : NULL, source, &self->settings, &search, &failed);
  if (!found && g_error_matches (failed, HL_ERROR, HL_ERROR_NOTHING_SELECTED) && !self->mask
      && hl_area_find_damage (mask, width, height, &shown))
    return TRUE;
  if (!found)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return FALSE;
    }
  for (gsize i = 0; i < pixels; i++)
    mask[i] = self->mask ? found[i] : fmaxf (mask[i], found[i]);
  return TRUE;
}

/* What is marked as damaged in the picture as it is shown, or found there, widened. */
static float *
find_mask (const HlJob *self, const HlFile *file, GError **error)
{
  int               width = hl_file_get_width (file), height = hl_file_get_height (file);
  gboolean          is_sought = hl_damage_is_sought (&self->settings, self->mask != NULL);
  const char       *infrared  = self->infrared ? self->infrared : is_sought ? "auto" : "off";
  g_autofree float *mask      = self->mask ? hl_mask_file_load (self->mask, width, height, error)
                                           : make_empty_mask (width, height, error);

  if (!mask || (self->mask && !hl_mask_file_check (mask, (gsize) width * height, error))
      || !hl_infrared_mark (infrared, self->in, file, mask, error)
      || (is_sought && !find_damage (self, file, mask, error))
      || !hl_mask_grow (mask, width, height, self->settings.mask_grow, NULL, error))
    return NULL;
  return g_steal_pointer (&mask);
}

/* Restores @area of @file. */
static gboolean
restore (const HlJob *self, HlConsole *console, HlFile *file, const float *mask, HlRect area,
         HlRestoreReport *report, GError **error)
{
  HlImage all = hl_plane_view (mask, hl_file_get_width (file), hl_file_get_height (file));
  g_autoptr (HlImage) marked = hl_image_crop (&all, area, error);
  g_autofree guint8 *source  = NULL;
  g_autoptr (HlImage) image  = marked ? hl_samples_get_planes (file, area, &source, error) : NULL;
  g_autoptr (HlImage) result = NULL;

  if (image)
    result = hl_console_restore (console, image, marked->planes, source, &self->settings, report,
                                 error);
  if (!result)
    return FALSE;
  result->x = area.left;
  result->y = area.top;
  /* Every pixel that can be seen may have changed then. */
  for (gsize i = 0; report->whole && i < (gsize) image->width * image->height; i++)
    if (source[i])
      marked->planes[i] = 1;
  hl_samples_set_planes (file, result, marked->planes);
  return TRUE;
}

/**
 * hl_job_run:
 * @self: what to do
 * @error: return location for a #GError
 *
 * Goes the whole way: reads the picture and its mask, or finds the damage, restores the part around
 * the damage and writes the new picture. A file that was at @out before is replaced only when all
 * has worked.
 *
 * Returns: %FALSE with an error, which is %G_IO_ERROR_CANCELLED after a cancel
 */
gboolean
hl_job_run (const HlJob *self, GError **error)
{
  /* A link is followed, so that the file that it points to is replaced and not the link. */
  g_autofree char *target       = realpath (self->out, NULL);
  const char      *out          = target ? target : self->out;
  HlFileType       type         = hl_file_get_type (self->out);
  g_autoptr (HlFile) file       = NULL;
  g_autoptr (HlConsole) console = NULL;
  g_autoptr (GBytes) bytes      = NULL;
  g_autofree float *mask        = NULL;
  g_autofree char  *temporary   = NULL;
  HlRestoreReport   report      = { 0 };
  gboolean          whole       = hl_restore_is_whole (&self->settings);
  HlRect            area;

  if (type == HL_FILE_UNKNOWN)
    return hl_error_refuse (
        error, "“%s” does not say what to write: let its name end in .png, .jpg or .tif.",
        self->out);
  file = hl_file_load (self->in, error);
  mask = file ? find_mask (self, file, error) : NULL;
  if (!mask
      || !find_area (mask, hl_file_get_width (file), hl_file_get_height (file), whole, &area, error)
      || !hl_file_check (file, type, error))
    return FALSE;
  console   = hl_console_new ();
  temporary = hl_output_begin (out, error);
  if (!temporary)
    return FALSE;
  if (restore (self, console, file, mask, area, &report, error))
    bytes = hl_file_encode (file, type, self->quality, error);
  if (bytes && !hl_console_check (console, error))
    g_clear_pointer (&bytes, g_bytes_unref);
  if (!hl_output_end (temporary, out, bytes, error))
    return FALSE;
  if (self->mask && report.rim > 0)
    g_printerr ("heirloom: the edge of what the mask marks looks damaged too, by %u pixels; "
                "--mask-grow %u mends it as well.\n",
                report.rim, self->settings.mask_grow + report.rim);
  if (hl_restore_report_get_notice (&report))
    g_printerr ("heirloom: %s\n", hl_restore_report_get_notice (&report));
  return !self->report || write_report (self->report, &report, error);
}
