/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a restoration took and did, as JSON: of one picture in a file of its own, and in the lines
 * of an album. */

#include "cli/report.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>

#include "cli/json.h"
#include "restore/error.h"

/**
 * hl_report_add:
 * @report: of a restoration
 * @json: members of an object, to which its own are added
 */
void
hl_report_add (const HlRestoreReport *report, GString *json)
{
  static const char *const ended[] = { [HL_ENDED_NOT_RUN]          = "not run",
                                       [HL_ENDED_STEPS]            = "steps",
                                       [HL_ENDED_GAINS]            = "no more gain",
                                       [HL_ENDED_STOPPED]          = "stopped",
                                       [HL_ENDED_NOTHING_TO_CHECK] = "nothing to check" };
  static const char *const kinds[] = { [HL_COLOUR_NONE]  = "none",
                                       [HL_COLOUR_AUTO]  = "auto",
                                       [HL_COLOUR_PRINT] = "print",
                                       [HL_COLOUR_SLIDE] = "slide",
                                       [HL_COLOUR_GRAY]  = "gray" };

  hl_json_add_number (json, "seconds", report->seconds);
  hl_json_add_number (json, "iterations", report->iterations);
  hl_json_add_text (json, "ended", ended[report->ended]);
  hl_json_add_number (json, "gain", report->gain);
  hl_json_add_number (json, "loss", report->loss);
  hl_json_add_number (json, "noise_level", report->noise_level);
  hl_json_add_number (json, "peak_memory_bytes", report->peak_memory_bytes);
  hl_json_add_number (json, "rim", report->rim);
  hl_json_add_text (json, "blur", report->blur);
  hl_json_add_text (json, "colour", kinds[report->colour.kind]);
}

/**
 * hl_report_write:
 * @report: of a restoration
 * @path: the file to write; replaced whole, but where it is none, as a pipe or a device, only
 *   written to
 * @error: %HL_ERROR_INPUT
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_report_write (const HlRestoreReport *report, const char *path, GError **error)
{
  g_autoptr (GString) json  = g_string_new (NULL);
  g_autoptr (GError) failed = NULL;
  GStatBuf there;
  gboolean written;

  hl_report_add (report, json);
  g_string_append (json, "}\n");
  if (g_stat (path, &there) == 0 && !S_ISREG (there.st_mode))
    {
      FILE *to = g_fopen (path, "w");

      written = to && fputs (json->str, to) >= 0;
      written = to && fclose (to) == 0 && written;
    }
  else
    written = g_file_set_contents (path, json->str, -1, &failed);
  if (written)
    return TRUE;
  return hl_error_refuse (error,
                          "The picture was restored, but the report “%s” cannot be written (%s): "
                          "choose another folder for it.",
                          path, failed ? failed->message : g_strerror (errno));
}
