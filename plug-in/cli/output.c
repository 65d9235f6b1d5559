/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are replaced whole or not at all: what is new is written beside them first. */

#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "restore/error.h"

/**
 * hl_output_begin:
 * @out: the file to write
 * @folder: where to make it, on the same file system
 * @error: %HL_ERROR_INPUT
 *
 * Makes an empty file in @folder, so that an unwritable folder is found out before the work
 * and not after it.
 *
 * Returns: (transfer full): its name, for hl_output_end(), or %NULL
 */
char *
hl_output_begin (const char *out, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, ".heirloom-XXXXXX", NULL);
  GStatBuf         there;
  int              file;

  if (g_stat (out, &there) == 0 && (!S_ISREG (there.st_mode) || g_access (out, W_OK) != 0))
    {
      hl_error_refuse (error, "“%s” is there and cannot be overwritten: choose another name.", out);
      return NULL;
    }
  file = g_mkstemp_full (path, O_RDWR, 0666);
  if (file < 0)
    {
      hl_error_refuse (error, "Nothing can be written into “%s” (%s): choose another folder.",
                       folder, g_strerror (errno));
      return NULL;
    }
  g_close (file, NULL);
  return g_steal_pointer (&path);
}

/* Writes all of @bytes and sees them onto the disk. */
static gboolean
write_all (const char *path, GBytes *bytes)
{
  gsize       size;
  const void *data = g_bytes_get_data (bytes, &size);
  FILE       *file = g_fopen (path, "wb");
  gboolean    good = file && fwrite (data, 1, size, file) == size && fflush (file) == 0
                  && g_fsync (fileno (file)) == 0;
  int reason = errno;

  if (file && fclose (file) != 0 && good)
    return FALSE;
  errno = reason;
  return good;
}

/**
 * hl_output_end:
 * @temporary: what hl_output_begin() gave
 * @out: the file to write
 * @bytes: (nullable): what it is to hold, or %NULL where nothing is to be written after all; @error
 *   is set already then
 * @error: %HL_ERROR_INPUT
 *
 * Puts the file in its place, with the permissions of the one that it replaces, or takes it away.
 *
 * Returns: whether @out is the new file
 */
gboolean
hl_output_end (const char *temporary, const char *out, GBytes *bytes, GError **error)
{
  GStatBuf replaced;
  gboolean good = bytes && write_all (temporary, bytes);

  if (bytes && !good)
    hl_error_refuse (
        error, "“%s” cannot be written (%s): make room on the disk, or choose another folder.", out,
        g_strerror (errno));
  if (good && g_stat (out, &replaced) == 0)
    g_chmod (temporary, replaced.st_mode & 07777);
  if (good && g_rename (temporary, out) != 0)
    good = hl_error_refuse (error, "“%s” cannot be written (%s): choose another name.", out,
                            g_strerror (errno));
  if (!good)
    g_unlink (temporary);
  return good;
}
