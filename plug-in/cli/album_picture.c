/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One picture of an album: whether it has been made from the same bytes with the same settings, and
 * if not, making it. The mask of what was found is written beside, to be looked at, corrected and
 * given to heirloom restore --mask. */

#include "cli/album_picture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cli/flow.h"
#include "cli/json.h"
#include "cli/mask_file.h"
#include "cli/output.h"
#include "cli/report.h"
#include "restore/error.h"
#include "restore/memory.h"
#include "restore/mask.h"

/* Bytes that a restoration takes at most, whatever its damage, as long as it is given that many:
 * a base, and so many for each pixel. Measured: 385 MB for 1 megapixel and 503 MB for 2. */
#define MEMORY_BASE (G_GUINT64_CONSTANT (450) << 20)
#define MEMORY_PER_PIXEL 130

/* Settings that do not change what a picture becomes. */
static const char *const no_matter[] = { "threads", "memory-limit", "output", NULL };

static gboolean
add_file (GChecksum *sum, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = hl_file_read (path, error);

  if (bytes)
    g_checksum_update (sum, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return bytes != NULL;
}

/**
 * hl_album_picture_describe_settings:
 * @job: what to do
 * @error: %HL_ERROR_INPUT where a file that it names cannot be read
 *
 * Returns: (transfer full): a text that is another one whenever another setting or version of the
 *   program may make another picture, or %NULL
 */
char *
hl_album_picture_describe_settings (const HlJob *job, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *given
      = g_strdup_printf ("%s\n%d\n%s\n%s\n", HL_VERSION, job->quality,
                         job->infrared ? job->infrared : "", job->deblur ? job->deblur : "");
  const HlSetting *setting;

  g_checksum_update (sum, (const guchar *) given, -1);
  for (guint i = 0; (setting = hl_setting_get (i)); i++)
    {
      const char *at = (const char *) &job->settings + setting->place;

      if (setting->size == 0 || g_strv_contains (no_matter, setting->key))
        continue;
      if (setting->type != HL_SETTING_FILE)
        g_checksum_update (sum, (const guchar *) at, setting->size);
      else if (*(const char *const *) at && !add_file (sum, *(const char *const *) at, error))
        return NULL;
    }
  if (job->deblur && hl_file_get_type (job->deblur) != HL_FILE_UNKNOWN
      && !add_file (sum, job->deblur, error))
    return NULL;
  return g_strdup (g_checksum_get_string (sum));
}

/**
 * hl_album_picture_get_mask:
 * @folder: of the album
 * @name: of the picture
 *
 * Returns: (transfer full): the file of the mask of what was found
 */
char *
hl_album_picture_get_mask (const char *folder, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);

  return g_build_filename (folder, "masks", file, NULL);
}

static char *
get_sum (GBytes *bytes, const char *more)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) more, -1);
  g_checksum_update (sum, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return g_strdup (g_checksum_get_string (sum));
}

/* Whether the picture needs no making; an error where it may not be made. What somebody has changed
 * since it was made is kept as long as nothing else was to be made. */
static gboolean
is_kept (const HlAlbumPicture *self, const char *out, const char *key, GError **error)
{
  g_autofree char *shown = g_filename_display_name (self->entry->name), *sum = NULL;
  g_autofree char *mask = hl_album_picture_get_mask (self->folder, self->entry->name);
  g_autoptr (GBytes) there
      = g_file_test (out, G_FILE_TEST_EXISTS) ? hl_file_read (out, error) : NULL;
  const char *status  = hl_album_record_get (self->record, shown, "status");
  gboolean    is_same = strcmp (hl_album_record_get (self->record, shown, "key"), key) == 0
                     && strcmp (status, "failed") != 0;

  if (!there)
    return FALSE;
  sum = get_sum (there, "");
  if (is_same && strcmp (hl_album_record_get (self->record, shown, "sha256"), sum) == 0)
    return g_file_test (mask, G_FILE_TEST_EXISTS);
  if (hl_album_record_is_own (self->record, shown, sum))
    return FALSE;
  return is_same
         || hl_error_refuse (error,
                             "“%s” is there already and was not made by this album, or was changed "
                             "since: move it away to have it made again.",
                             out);
}

/* Puts a new file into its place below the album's folder. */
static gboolean
put (const HlAlbumPicture *self, const char *out, GBytes *bytes, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (out), *temporary = NULL;

  if (g_mkdir_with_parents (folder, 0777) != 0)
    return hl_error_refuse (error, "The folder “%s” cannot be made (%s): choose another one.",
                            folder, g_strerror (errno));
  temporary = hl_output_begin (out, hl_album_record_get_unfinished (self->record), error);
  return temporary && hl_output_end (temporary, out, bytes, error);
}

/* How much of the picture is damaged, 0..1, and how wide the widest damage is, pixels. */
static gboolean
measure_damage (const float *mask, int width, int height, double *share, int *widest,
                GError **error)
{
  gsize              pixels = (gsize) width * height, damaged = 0;
  g_autofree guint8 *hole  = hl_memory_try (2, width, height, error);
  guint8            *depth = hole + pixels;
  guint8             most  = 0;

  if (!hole)
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    damaged += hole[i] = mask[i] > 0;
  hl_mask_find_depth (hole, width, height, depth);
  for (gsize i = 0; i < pixels; i++)
    most = MAX (most, depth[i]);
  *share  = (double) damaged / pixels;
  *widest = most > 0 ? 2 * most - 1 : 0;
  return TRUE;
}

/* How the line of a picture begins. */
static GString *
begin_line (const HlAlbumPicture *self, const char *status)
{
  GString         *json = g_string_new (NULL);
  g_autofree char *in   = g_filename_display_name (self->entry->in);
  g_autofree char *out  = g_filename_display_name (self->entry->name);

  hl_json_add_text (json, "in", in);
  hl_json_add_text (json, "out", out);
  hl_json_add_text (json, "status", status);
  return json;
}

static char *
describe (const HlAlbumPicture *self, const char *status, const char *key, GBytes *made,
          const HlFile *file, double share, int widest, const HlRestoreReport *report)
{
  GString         *json = begin_line (self, status);
  g_autofree char *sum  = get_sum (made, "");

  hl_json_add_text (json, "key", key);
  hl_json_add_text (json, "sha256", sum);
  hl_json_add_number (json, "width", hl_file_get_width (file));
  hl_json_add_number (json, "height", hl_file_get_height (file));
  hl_json_add_number (json, "damaged", share);
  hl_json_add_number (json, "widest", widest);
  hl_report_add (report, json);
  g_string_append_c (json, '}');
  return g_string_free_and_steal (json);
}

/* The line of a picture that failed. */
static void
record_failure (const HlAlbumPicture *self, const GError *failed)
{
  g_autoptr (GString) json = begin_line (self, "failed");
  g_autofree char *out     = g_filename_display_name (self->entry->name);

  hl_json_add_text (json, "sha256", hl_album_record_get (self->record, out, "sha256"));
  hl_json_add_text (json, "error", failed->message);
  g_string_append_c (json, '}');
  hl_album_record_add (self->record, json->str, NULL);
}

/* From the picture's pixels to its new file, mask and line. */
static HlAlbumOutcome
restore (const HlAlbumPicture *self, HlJob *job, HlFile *file, const char *out, const char *key,
         const HlProgress *progress, GError **error)
{
  g_autofree char *at_mask = hl_album_picture_get_mask (self->folder, self->entry->name);
  int              width = hl_file_get_width (file), height = hl_file_get_height (file), widest = 0;
  double           share        = 0;
  HlRestoreReport  report       = { 0 };
  g_autoptr (GError) failed     = NULL;
  g_autoptr (HlPsf) blur        = NULL;
  g_autofree float *mask        = hl_flow_find_mask (job, file, &blur, progress, &failed);
  g_autofree char  *line        = NULL;
  g_autoptr (GBytes) made       = NULL;
  g_autoptr (GBytes) as_picture = NULL;
  gboolean is_sound = !mask && g_error_matches (failed, HL_ERROR, HL_ERROR_NOTHING_SELECTED);

  if (is_sound)
    {
      made = file->bytes ? g_bytes_ref (file->bytes)
                         : hl_file_encode (file, hl_file_get_type (out), job->quality, error);
      mask = g_try_new0 (float, (gsize) width *height);
    }
  else if (!mask)
    g_propagate_error (error, g_steal_pointer (&failed));
  else if (measure_damage (mask, width, height, &share, &widest, error)
           && hl_flow_restore (job, file, mask, progress, &report, error))
    made = hl_file_encode (file, hl_file_get_type (out), job->quality, error);
  as_picture = made && mask ? hl_mask_file_encode (mask, width, height, error) : NULL;
  if (!as_picture || hl_progress_is_cancelled (progress, error))
    return HL_ALBUM_FAILED;
  line = describe (self, is_sound ? "no damage" : "restored", key, made, file, share, widest,
                   &report);
  return put (self, at_mask, as_picture, error) && hl_album_record_add (self->record, line, error)
                 && put (self, out, made, error)
             ? (is_sound ? HL_ALBUM_SOUND : HL_ALBUM_RESTORED)
             : HL_ALBUM_FAILED;
}

static HlAlbumOutcome
make (const HlAlbumPicture *self, const HlProgress *progress, GError **error)
{
  const char      *in            = self->entry->in;
  g_autofree char *out           = g_build_filename (self->folder, self->entry->name, NULL);
  HlFileType       type          = hl_file_get_type (out);
  g_autoptr (GBytes) bytes       = hl_file_read (in, error);
  g_autofree char *key           = bytes ? get_sum (bytes, self->settings) : NULL;
  g_autoptr (HlFile) file        = NULL;
  g_autoptr (GError) not_allowed = NULL;
  HlJob          job             = *self->job;
  HlAlbumOutcome outcome;
  guint64        memory;

  if (!bytes)
    return HL_ALBUM_FAILED;
  if (is_kept (self, out, key, &not_allowed))
    return HL_ALBUM_KEPT;
  if (not_allowed)
    {
      g_propagate_error (error, g_steal_pointer (&not_allowed));
      return HL_ALBUM_FAILED;
    }
  file = hl_file_new_from_bytes (g_steal_pointer (&bytes), in, error);
  if (!file || !hl_file_check (file, type, error))
    return HL_ALBUM_FAILED;
  if (type == HL_FILE_UNKNOWN)
    {
      hl_error_refuse (error,
                       "“%s” does not say what to write: let its name end in .png, .jpg or "
                       ".tif.",
                       in);
      return HL_ALBUM_FAILED;
    }
  memory = MEMORY_BASE + MEMORY_PER_PIXEL * (guint64) file->width * file->height;
  job.in = in;
  /* What is free at the moment must not change the result. */
  job.settings.memory_limit = MIN (memory, self->limit);
  job.settings.threads      = self->take_memory (memory, self->user_data);
  outcome                   = restore (self, &job, file, out, key, progress, error);
  self->give_memory (memory, self->user_data);
  return outcome;
}

/**
 * hl_album_picture_make:
 * @self: the picture
 * @progress: to cancel and to follow it
 * @error: why it failed
 *
 * Restores the picture, unless that has been done.
 *
 * Returns: what became of it
 */
HlAlbumOutcome
hl_album_picture_make (const HlAlbumPicture *self, const HlProgress *progress, GError **error)
{
  g_autoptr (GError) failed = NULL;
  HlAlbumOutcome outcome    = make (self, progress, &failed);

  if (outcome != HL_ALBUM_FAILED)
    return outcome;
  if (!g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    record_failure (self, failed);
  g_propagate_error (error, g_steal_pointer (&failed));
  return HL_ALBUM_FAILED;
}
