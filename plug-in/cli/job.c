/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task of the command-line program: from files to a file. hl_job_run() at the end is
 * the whole way on one screen. */

#include "cli/job.h"

#include <stdlib.h>

#include "cli/console.h"
#include "cli/flow.h"
#include "cli/output.h"
#include "cli/platform.h"
#include "cli/report.h"
#include "restore/error.h"

/* What the thread is given, and what it leaves. */
typedef struct
{
  const HlJob     *job;
  HlFile          *file;
  const float     *mask;
  HlRestoreReport *report;
} Task;

static gboolean
restore (const HlProgress *progress, gpointer data, GError **error)
{
  Task *task = data;

  return hl_flow_restore (task->job, task->file, task->mask, progress, task->report, error);
}

static void
say_step (const HlRunProgress *progress, GString *line, gpointer data)
{
  g_string_append_printf (line, "  step %u  %d:%02d elapsed", progress->iteration,
                          (int) progress->elapsed / 60, (int) progress->elapsed % 60);
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
  g_autofree char *target       = hl_platform_resolve (self->out);
  const char      *out          = target ? target : self->out;
  g_autofree char *folder       = g_path_get_dirname (out);
  HlFileType       type         = hl_file_get_type (self->out);
  HlProgress       search       = hl_console_follow_search ();
  g_autoptr (HlFile) file       = NULL;
  g_autoptr (HlConsole) console = NULL;
  g_autoptr (GBytes) bytes      = NULL;
  g_autofree float *mask        = NULL;
  g_autofree char  *temporary   = NULL;
  g_autoptr (HlPsf) blur        = NULL;
  HlJob           job           = *self;
  HlRestoreReport report        = { 0 };
  Task            task          = { .job = &job, .report = &report };

  if (type == HL_FILE_UNKNOWN)
    return hl_error_refuse (
        error, "“%s” does not say what to write: let its name end in .png, .jpg or .tif.",
        self->out);
  file = hl_file_load (self->in, error);
  if (!file || !hl_file_check (file, type, error))
    return FALSE;
  mask = hl_flow_find_mask (&job, file, &blur, &search, error);
  if (!mask)
    return FALSE;
  console
      = hl_console_new ("Stopping, the best so far is kept. Press Ctrl-C again to write nothing.");
  temporary = hl_output_begin (out, folder, error);
  if (!temporary)
    return FALSE;
  task.file = file;
  task.mask = mask;
  if (hl_console_run (console, restore, say_step, &task, error))
    bytes = hl_file_encode (file, type, self->quality, error);
  if (bytes && !hl_console_check (console, error))
    g_clear_pointer (&bytes, g_bytes_unref);
  if (!hl_output_end (temporary, out, bytes, error))
    return FALSE;
  if (file->was_cmyk)
    g_printerr ("heirloom: the picture was CMYK, for print, and is written as RGB.\n");
  if (self->mask && report.rim > 0)
    g_printerr ("heirloom: the edge of what the mask marks looks damaged too, by %u pixels; "
                "--mask-grow %u mends it as well.\n",
                report.rim, self->settings.mask_grow + report.rim);
  if (blur && report.blur[0])
    g_printerr (
        "heirloom: the photograph was blurred (%s) and was sharpened; --deblur none leaves it "
        "as it was.\n",
        report.blur);
  if (hl_restore_report_get_notice (&report))
    g_printerr ("heirloom: %s\n", hl_restore_report_get_notice (&report));
  return !self->report || hl_report_write (&report, self->report, error);
}
