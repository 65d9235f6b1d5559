/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task of the command-line program: from files to a file. hl_job_run() at the end is
 * the whole way on one screen. */

#include "cli/job.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

#include "cli/console.h"
#include "cli/output.h"
#include "cli/samples.h"
#include "restore/area.h"
#include "restore/error.h"
#include "restore/mask.h"

/* Finds the part of the picture to work on: all of it where noise or blur are to go. */
static gboolean
find_area (const float *mask, int width, int height, gboolean whole, HlRect *area, GError **error)
{
  const HlRect all       = { 0, 0, width, height };
  gboolean     has_sound = FALSE;

  for (gsize i = 0; i < (gsize) width * height && !has_sound; i++)
    has_sound = mask[i] <= 0;
  if (!hl_area_find_damage (mask, width, height, area) && !whole)
    {
      g_set_error (error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
                   "The mask is black all over: paint the damaged parts white in it.");
      return FALSE;
    }
  if (!has_sound)
    {
      g_set_error (error, HL_ERROR, HL_ERROR_NOTHING_KNOWN,
                   "The mask marks the whole picture as damaged, so that there is nothing to "
                   "learn from: paint the sound parts black in it.");
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
  g_autofree char         *seconds     = number_to_json (report->seconds);
  g_autofree char         *gain        = number_to_json (report->gain);
  g_autofree char         *loss        = number_to_json (report->loss);
  g_autofree char         *noise_level = number_to_json (report->noise_level);
  g_autofree char         *json        = g_strdup_printf (
      "{\"seconds\": %s, \"iterations\": %u, \"ended\": \"%s\", \"gain\": %s, \"loss\": %s, \"noise_level\": %s, "
                     "\"peak_memory_bytes\": %" G_GUINT64_FORMAT ", \"rim\": %u, \"blur\": \"%s\"}\n",
      seconds, report->iterations, ended[report->ended], gain, loss, noise_level,
      report->peak_memory_bytes, report->rim, report->blur);
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
    written = g_file_set_contents (path, json, -1, NULL);
  if (written)
    return TRUE;
  return hl_error_refuse (error,
                          "The picture was restored, but the report “%s” cannot be written: "
                          "choose another folder for it.",
                          path);
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

/* Reads the picture and its mask, or refuses what cannot work. */
static gboolean
load_pair (const HlJob *self, HlFileType type, HlFile **file, HlFile **marked, GError **error)
{
  if (type == HL_FILE_UNKNOWN)
    return hl_error_refuse (error,
                            "“%s” does not say what to write: "
                            "let its name end in .png, .jpg or .tif.",
                            self->out);
  *file = hl_file_load (self->in, error);
  if (!*file)
    return FALSE;
  if (type == HL_FILE_JPEG && hl_file_has_alpha (*file))
    return hl_error_refuse (error,
                            "“%s” has transparency, which a JPEG cannot hold: "
                            "let the new name end in .png or .tif.",
                            self->in);
  if (!self->mask)
    return TRUE;
  *marked = hl_file_load (self->mask, error);
  if (!*marked)
    return FALSE;
  if (hl_file_get_width (*marked) != hl_file_get_width (*file)
      || hl_file_get_height (*marked) != hl_file_get_height (*file))
    return hl_error_refuse (error,
                            "The mask has %d x %d pixels and the picture %d x %d: "
                            "make a mask of the picture's size.",
                            hl_file_get_width (*marked), hl_file_get_height (*marked),
                            hl_file_get_width (*file), hl_file_get_height (*file));
  return TRUE;
}

/**
 * hl_job_run:
 * @self: what to do; gegl_init() has been called
 * @error: return location for a #GError
 *
 * Goes the whole way: reads the picture and its mask, restores the part around the damage
 * and writes the new picture. A file that was at @out before is replaced only when all
 * has worked.
 *
 * Returns: %FALSE with an error, which is %G_IO_ERROR_CANCELLED after a cancel
 */
gboolean
hl_job_run (const HlJob *self, GError **error)
{
  /* A link is followed, so that the file that it points to is replaced and not the link.
   */
  g_autofree char *target       = realpath (self->out, NULL);
  const char      *out          = target ? target : self->out;
  HlFileType       type         = hl_sniff_name (self->out);
  g_autoptr (HlFile) file       = NULL;
  g_autoptr (HlFile) marked     = NULL;
  g_autoptr (HlConsole) console = NULL;
  g_autoptr (HlImage) image = NULL, result = NULL;
  g_autoptr (HlImage) area_mask = NULL;
  g_autofree float  *mask       = NULL;
  g_autofree guint8 *evidence   = NULL;
  g_autofree char   *temporary  = NULL;
  HlRestoreReport    report     = { 0 };
  HlRect             found;
  HlImage            all;
  GeglRectangle      area;
  gboolean           written;
  int                width, height;

  if (!load_pair (self, type, &file, &marked, error))
    return FALSE;
  width  = hl_file_get_width (file);
  height = hl_file_get_height (file);
  mask   = marked ? hl_pixels_get_mask (marked, error) : make_empty_mask (width, height, error);
  if (!mask || !hl_mask_grow (mask, width, height, self->settings.mask_grow, NULL, error)
      || !find_area (mask, width, height, hl_restore_is_whole (&self->settings), &found, error))
    return FALSE;
  temporary = hl_output_begin (out, error);
  if (!temporary)
    return FALSE;

  console   = hl_console_new ();
  area      = (GeglRectangle) { found.left, found.top, found.right - found.left,
                                found.bottom - found.top };
  all       = hl_plane_view (mask, width, height);
  area_mask = hl_image_crop (&all, found, error);
  if (area_mask)
    image = hl_pixels_get_planes (file, &area, &evidence, error);
  if (image)
    {
      image->x = area.x;
      image->y = area.y;
      result   = hl_console_restore (console, image, area_mask->planes, evidence, &self->settings,
                                     &report, error);
    }
  /* Every pixel may have changed then. */
  for (gsize i = 0; result && report.whole && i < (gsize) area.width * area.height; i++)
    area_mask->planes[i] = 1;
  written = result && hl_pixels_set_planes (file, &area, result, area_mask->planes, error)
            && hl_file_save (file, temporary, type, error) && hl_console_check (console, error);
  written = hl_output_end (temporary, out, written, error);
  if (written && report.rim > 0)
    g_printerr ("heirloom: the edge of what the mask marks looks damaged too, by %u pixels; "
                "--mask-grow %u mends it as well.\n",
                report.rim, self->settings.mask_grow + report.rim);
  if (written && hl_restore_report_get_notice (&report))
    g_printerr ("heirloom: %s\n", hl_restore_report_get_notice (&report));
  return written && (!self->report || write_report (self->report, &report, error));
}
