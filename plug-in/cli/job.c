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
  HlJob           job;
  HlFile         *file;
  HlConsole      *console;
  const char     *out;
  char           *temporary;
  HlPsf          *blur;
  HlRestoreReport report;
} Task;

static gboolean
work (const HlProgress *progress, gpointer data, GError **error)
{
  Task             *task   = data;
  g_autofree char  *folder = g_path_get_dirname (task->out);
  g_autofree float *mask = hl_flow_find_mask (&task->job, task->file, &task->blur, progress, error);

  if (!mask)
    return FALSE;
  hl_console_let_stop (task->console,
                       "Stopping, the best so far is kept. Press Ctrl-C again to write nothing.");
  task->temporary = hl_output_begin (task->out, folder, error);
  return task->temporary
         && hl_flow_restore (&task->job, task->file, mask, progress, &task->report, error);
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
  HlFileType       type         = hl_file_get_type (self->out);
  g_autoptr (HlFile) file       = NULL;
  g_autoptr (HlConsole) console = NULL;
  g_autoptr (GBytes) bytes      = NULL;
  g_autofree char *temporary    = NULL;
  g_autoptr (HlPsf) blur        = NULL;
  Task                   task   = { .job = *self, .out = target ? target : self->out };
  const HlRestoreReport *report = &task.report;
  gboolean               done;

  if (type == HL_FILE_UNKNOWN)
    return hl_error_refuse (
        error, "“%s” does not say what to write: let its name end in .png, .jpg or .tif.",
        self->out);
  file = hl_file_load (self->in, error);
  if (!file || !hl_file_check (file, type, error))
    return FALSE;
  task.file    = file;
  task.console = console = hl_console_new ();
  done                   = hl_console_run (console, work, say_step, &task, error);
  temporary              = task.temporary;
  blur                   = task.blur;
  if (done)
    bytes = hl_file_encode (file, type, self->quality, error);
  if (bytes && !hl_console_check (console, error))
    g_clear_pointer (&bytes, g_bytes_unref);
  if (!temporary || !hl_output_end (temporary, task.out, bytes, error))
    return FALSE;
  if (file->was_cmyk)
    g_printerr ("heirloom: the picture was CMYK, for print, and is written as RGB.\n");
  if (self->mask && report->rim > 0)
    g_printerr ("heirloom: the edge of what the mask marks looks damaged too, by %u pixels; "
                "--mask-grow %u mends it as well.\n",
                report->rim, self->settings.mask_grow + report->rim);
  if (blur && report->blur[0])
    g_printerr (
        "heirloom: the photograph was blurred (%s) and was sharpened; --deblur none leaves it "
        "as it was.\n",
        report->blur);
  if (hl_restore_report_get_notice (report))
    g_printerr ("heirloom: %s\n", hl_restore_report_get_notice (report));
  return !self->report || hl_report_write (report, self->report, error);
}
