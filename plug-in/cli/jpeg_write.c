/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG files, written by libjpeg. Of a JPEG only those blocks are compressed again in which a pixel
 * has changed, with the file's own quantisation tables and sampling; all other blocks, and all
 * segments with what cameras and people said of the picture, stay as they are. One in CMYK becomes
 * a new one in RGB. */

#include <string.h>

#include "cli/formats.h"
#include "cli/jpeg_parts.h"
#include "restore/error.h"

#define USUAL_QUALITY 97

typedef struct
{
  struct jpeg_compress_struct cinfo;
  HlJpegErrors                errors;
  guint8                     *out; /* malloc()ed */
  unsigned long               size;
} Writer;

static void
writer_clear (Writer *self)
{
  jpeg_destroy_compress (&self->cinfo);
  free (self->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static void
write_rows (j_compress_ptr cinfo, const HlFile *file)
{
  while (cinfo->next_scanline < cinfo->image_height)
    {
      JSAMPROW row = file->pixels + (gsize) cinfo->next_scanline * file->width * file->channels;

      jpeg_write_scanlines (cinfo, &row, 1);
    }
}

static void
write_segment (j_compress_ptr cinfo, const char *header, gsize length, GBytes *bytes)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();

  if (!bytes || length + g_bytes_get_size (bytes) > 65533)
    return;
  g_byte_array_append (all, (const guint8 *) header, length);
  g_byte_array_append (all, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  jpeg_write_marker (cinfo, JPEG_APP0 + 1, all->data, all->len);
}

/* What no longer holds once CMYK has become RGB: the profile, and Adobe's mark. */
static gboolean
is_of_cmyk (jpeg_saved_marker_ptr marker)
{
  static const char profile[] = "ICC_PROFILE";

  return marker->marker == JPEG_APP0 + 14
         || (marker->marker == JPEG_APP0 + 2 && marker->data_length >= sizeof profile
             && memcmp (marker->data, profile, sizeof profile) == 0);
}

/* All segments as they were. */
static void
copy_segments (const HlFile *file, j_decompress_ptr from, j_compress_ptr to)
{
  for (jpeg_saved_marker_ptr marker = from->marker_list; marker; marker = marker->next)
    if (!file->was_cmyk || !is_of_cmyk (marker))
      jpeg_write_marker (to, marker->marker, marker->data, marker->data_length);
}

/* The whole picture compressed, with its file's tables where @like is given and else by @quality.
 */
static gboolean
compress (Writer *self, const HlFile *file, HlJpegReader *like, int quality)
{
  j_compress_ptr cinfo = &self->cinfo;

  if (setjmp (self->errors.back))
    return FALSE;
  jpeg_create_compress (cinfo);
  jpeg_mem_dest (cinfo, &self->out, &self->size);
  cinfo->image_width      = file->width;
  cinfo->image_height     = file->height;
  cinfo->input_components = file->channels;
  cinfo->in_color_space   = file->colours == 1 ? JCS_GRAYSCALE : JCS_RGB;
  if (like && quality == 0 && !file->was_cmyk)
    {
      jpeg_copy_critical_parameters (&like->cinfo, cinfo);
      cinfo->input_components = file->channels;
      cinfo->in_color_space   = file->colours == 1 ? JCS_GRAYSCALE : JCS_RGB;
    }
  else
    {
      jpeg_set_defaults (cinfo);
      jpeg_set_quality (cinfo, quality ? quality : USUAL_QUALITY, TRUE);
      /* Colours at full size, unless the file is to be small. */
      if ((quality ? quality : USUAL_QUALITY) >= 90)
        cinfo->comp_info[0].h_samp_factor = cinfo->comp_info[0].v_samp_factor = 1;
    }
  cinfo->dct_method      = JDCT_ISLOW;
  cinfo->optimize_coding = TRUE;
  if (like)
    cinfo->write_JFIF_header = cinfo->write_Adobe_marker = FALSE;
  else if (file->density_x > 0 && file->density_x < 65535 * 39.37)
    {
      cinfo->density_unit = 1;
      cinfo->X_density    = file->density_x * 0.0254 + 0.5;
      cinfo->Y_density    = file->density_y * 0.0254 + 0.5;
    }
  jpeg_start_compress (cinfo, TRUE);
  if (like)
    copy_segments (file, &like->cinfo, cinfo);
  else
    {
      write_segment (cinfo, HL_JPEG_EXIF, sizeof HL_JPEG_EXIF, file->exif);
      write_segment (cinfo, HL_JPEG_XMP, sizeof HL_JPEG_XMP, file->xmp);
      if (file->icc)
        jpeg_write_icc_profile (cinfo, g_bytes_get_data (file->icc, NULL),
                                g_bytes_get_size (file->icc));
    }
  write_rows (cinfo, file);
  jpeg_finish_compress (cinfo);
  return TRUE;
}

/* Whether a pixel of the block has changed. */
static gboolean
is_changed (const HlFile *file, int left, int top, int width, int height)
{
  for (int y = top; y < MIN (top + height, file->height); y++)
    for (int x = left; x < MIN (left + width, file->width); x++)
      if (file->changed[(gsize) y * file->width + x])
        return TRUE;
  return FALSE;
}

/* Puts the blocks of @from that have changed into @to. */
static void
copy_blocks (const HlFile *file, j_decompress_ptr from, jvirt_barray_ptr *read, j_decompress_ptr to,
             jvirt_barray_ptr *written)
{
  for (int c = 0; c < to->num_components; c++)
    {
      const jpeg_component_info *part   = &to->comp_info[c];
      int                        width  = DCTSIZE * to->max_h_samp_factor / part->h_samp_factor;
      int                        height = DCTSIZE * to->max_v_samp_factor / part->v_samp_factor;

      for (JDIMENSION y = 0; y < part->height_in_blocks; y++)
        {
          JBLOCKARRAY old = to->mem->access_virt_barray ((j_common_ptr) to, written[c], y, 1, TRUE);
          JBLOCKARRAY new
              = from->mem->access_virt_barray ((j_common_ptr) from, read[c], y, 1, FALSE);

          for (JDIMENSION x = 0; x < part->width_in_blocks; x++)
            if (is_changed (file, x * width, y * height, width, height))
              memcpy (old[0][x], new[0][x], sizeof (JBLOCK));
        }
    }
}

/* Writes the coefficients that @like has read, and what belongs to them. */
static gboolean
write_coefficients (Writer *self, const HlFile *file, HlJpegReader *like, jvirt_barray_ptr *blocks)
{
  j_compress_ptr cinfo = &self->cinfo;

  if (setjmp (self->errors.back))
    return FALSE;
  jpeg_create_compress (cinfo);
  jpeg_mem_dest (cinfo, &self->out, &self->size);
  jpeg_copy_critical_parameters (&like->cinfo, cinfo);
  cinfo->optimize_coding   = TRUE;
  cinfo->write_JFIF_header = cinfo->write_Adobe_marker = FALSE;
  cinfo->restart_interval                              = like->cinfo.restart_interval;
  if (like->cinfo.progressive_mode)
    jpeg_simple_progression (cinfo);
  jpeg_write_coefficients (cinfo, blocks);
  copy_segments (file, &like->cinfo, cinfo);
  jpeg_finish_compress (cinfo);
  return TRUE;
}

/* The coefficients of a JPEG, or NULL. */
static jvirt_barray_ptr *
read_coefficients (HlJpegReader *self, const guint8 *data, gsize size)
{
  if (setjmp (self->errors.back))
    return NULL;
  hl_jpeg_reader_open (self, data, size);
  return jpeg_read_coefficients (&self->cinfo);
}

/**
 * hl_jpeg_write:
 * @self: a picture of 8 bits without transparency, either read from a JPEG or from no file
 * @quality: 1..100, or 0 for the tables that its file has; 97 where there is none
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): the JPEG, or %NULL
 */
GBytes *
hl_jpeg_write (const HlFile *self, int quality, GError **error)
{
  g_auto (HlJpegReader) before = { 0 }, after = { 0 };
  g_auto (Writer) whole = { 0 }, patched = { 0 };
  Writer           *done = &whole;
  jvirt_barray_ptr *old = NULL, *new = NULL;
  gsize             size = 0;
  const guint8     *data = self->bytes ? g_bytes_get_data (self->bytes, &size) : NULL;
  gboolean          is_written;

  before.cinfo.err  = hl_jpeg_errors_init (&before.errors);
  after.cinfo.err   = hl_jpeg_errors_init (&after.errors);
  whole.cinfo.err   = hl_jpeg_errors_init (&whole.errors);
  patched.cinfo.err = hl_jpeg_errors_init (&patched.errors);
  if (data)
    old = read_coefficients (&before, data, size);
  is_written = (!data || old) && compress (&whole, self, old ? &before : NULL, quality);
  if (is_written && old && quality == 0 && !self->was_cmyk)
    {
      done = &patched;
      new  = read_coefficients (&after, whole.out, whole.size);
      if (new)
        copy_blocks (self, &after.cinfo, new, &before.cinfo, old);
      is_written = new && write_coefficients (&patched, self, &before, old);
    }
  if (is_written)
    return g_bytes_new (done->out, done->size);
  hl_error_refuse (error, "The JPEG cannot be made: there is not enough memory for it.");
  return NULL;
}
