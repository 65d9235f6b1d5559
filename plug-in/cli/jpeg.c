/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG files, read by libjpeg. */

#include "cli/formats.h"

#include <string.h>

#include "cli/jpeg_parts.h"
#include "restore/error.h"

#include <jerror.h>

static void
on_error (j_common_ptr cinfo)
{
  longjmp (((HlJpegErrors *) cinfo->err)->back, 1);
}

/* Warnings are no reason to refuse a picture, but missing pixels are. */
static void
on_message (j_common_ptr cinfo, int level)
{
  HlJpegErrors    *errors = (HlJpegErrors *) cinfo->err;
  j_decompress_ptr reader = (j_decompress_ptr) cinfo;
  gboolean         is_end, is_within;

  if (level >= 0 || !cinfo->is_decompressor)
    return;
  is_end = errors->base.msg_code == JWRN_JPEG_EOF;
  if (is_end)
    errors->has_end = FALSE;
  /* Arithmetic coding says nothing of missing pixels; where the file ends in its last row of blocks
   * it may have all of them. */
  is_within = is_end && reader->arith_code && reader->input_iMCU_row + 1 < reader->total_iMCU_rows;
  if ((is_within || errors->base.msg_code == JWRN_HIT_MARKER) && !errors->is_short)
    {
      errors->is_short = TRUE;
      errors->rows     = reader->input_iMCU_row * reader->max_v_samp_factor * DCTSIZE;
    }
}

/**
 * hl_jpeg_errors_init:
 * @self: (out): errors
 *
 * Lets libjpeg's errors end in a longjmp() to @self's back.
 *
 * Returns: what @cinfo.err of a reader or a writer is to point to
 */
struct jpeg_error_mgr *
hl_jpeg_errors_init (HlJpegErrors *self)
{
  jpeg_std_error (&self->base);
  self->base.error_exit   = on_error;
  self->base.emit_message = on_message;
  self->has_end           = TRUE;
  return &self->base;
}

/**
 * hl_jpeg_reader_clear:
 * @self: a reader
 *
 * Frees what libjpeg holds.
 */
void
hl_jpeg_reader_clear (HlJpegReader *self)
{
  jpeg_destroy_decompress (&self->cinfo);
}

/**
 * hl_jpeg_reader_open:
 * @self: a reader with its errors
 * @data: (array length=size): a JPEG; must outlive the reader
 * @size: bytes
 *
 * Begins to read, with all segments; errors go back to the caller, who has called setjmp().
 */
void
hl_jpeg_reader_open (HlJpegReader *self, const guint8 *data, gsize size)
{
  jpeg_create_decompress (&self->cinfo);
  jpeg_mem_src (&self->cinfo, data, size);
  jpeg_save_markers (&self->cinfo, JPEG_COM, 0xffff);
  for (int i = 0; i < 16; i++)
    jpeg_save_markers (&self->cinfo, JPEG_APP0 + i, 0xffff);
  jpeg_read_header (&self->cinfo, TRUE);
  /* From version 3 on, libjpeg-turbo reads others through functions of their own. */
  if (self->cinfo.data_precision != 8)
    ERREXIT1 (&self->cinfo, JERR_BAD_PRECISION, self->cinfo.data_precision);
}

/* What another format takes over. */
static void
read_fields (HlFile *file, j_decompress_ptr cinfo)
{
  JOCTET *profile;
  guint   length;
  double  metre = cinfo->density_unit == 1 ? 1 / 0.0254 : cinfo->density_unit == 2 ? 100 : 0;

  if (jpeg_read_icc_profile (cinfo, &profile, &length))
    file->icc = g_bytes_new_with_free_func (profile, length, free, profile);
  file->density_x = metre * cinfo->X_density;
  file->density_y = metre * cinfo->Y_density;
  for (jpeg_saved_marker_ptr marker = cinfo->marker_list; marker; marker = marker->next)
    if (marker->marker == JPEG_APP0 + 1)
      {
        if (!file->exif && marker->data_length > sizeof HL_JPEG_EXIF
            && memcmp (marker->data, HL_JPEG_EXIF, sizeof HL_JPEG_EXIF) == 0)
          file->exif = g_bytes_new (marker->data + sizeof HL_JPEG_EXIF,
                                    marker->data_length - sizeof HL_JPEG_EXIF);
        if (!file->xmp && marker->data_length > sizeof HL_JPEG_XMP
            && memcmp (marker->data, HL_JPEG_XMP, sizeof HL_JPEG_XMP) == 0)
          file->xmp = g_bytes_new (marker->data + sizeof HL_JPEG_XMP,
                                   marker->data_length - sizeof HL_JPEG_XMP);
      }
}

/* Whether a progressive file ends before its last scan. */
static gboolean
lacks_scans (const HlJpegReader *self)
{
  if (!self->cinfo.progressive_mode || self->errors.has_end || !self->cinfo.coef_bits)
    return FALSE;
  for (int c = 0; c < self->cinfo.num_components; c++)
    for (int i = 0; i < DCTSIZE2; i++)
      if (self->cinfo.coef_bits[c][i] != 0)
        return TRUE;
  return FALSE;
}

static gboolean
refuse (const HlJpegReader *self, const char *name, GError **error)
{
  char message[JMSG_LENGTH_MAX];

  self->cinfo.err->format_message ((j_common_ptr) &self->cinfo, message);
  if (self->errors.base.msg_code == JERR_BAD_PRECISION)
    return hl_error_refuse (error, "“%s” has %d bits a sample: save it as TIFF with 16 bits first.",
                            name, self->cinfo.data_precision);
  return hl_error_refuse (error, "“%s” is broken (%s): copy it anew from where it came from.", name,
                          message);
}

static gboolean
read_pixels (HlJpegReader *self, HlFile *file, const char *name, GError **error)
{
  j_decompress_ptr cinfo = &self->cinfo;
  gsize            size, stride;
  const guint8    *data = g_bytes_get_data (file->bytes, &size);

  if (setjmp (self->errors.back))
    return refuse (self, name, error);
  hl_jpeg_reader_open (self, data, size);
  if (cinfo->num_components > 4)
    return hl_error_refuse (error, "“%s” is neither gray, RGB nor CMYK: convert it to RGB first.",
                            name);
  file->colours = file->channels = cinfo->num_components < 3 ? 1 : cinfo->num_components;
  file->width                    = cinfo->image_width;
  file->height                   = cinfo->image_height;
  if (!hl_file_allocate (file, error))
    return FALSE;
  read_fields (file, cinfo);
  cinfo->out_color_space = file->colours == 1   ? JCS_GRAYSCALE
                           : file->colours == 3 ? JCS_RGB
                                                : JCS_CMYK;
  stride                 = (gsize) file->width * file->channels;
  jpeg_start_decompress (cinfo);
  while (cinfo->output_scanline < cinfo->output_height)
    {
      JSAMPROW row = file->pixels + cinfo->output_scanline * stride;

      jpeg_read_scanlines (cinfo, &row, 1);
    }
  if (self->errors.is_short || lacks_scans (self))
    return hl_error_refuse (error,
                            "“%s” is cut short: its pixels end at row %u of %d. Copy it anew from "
                            "where it came from.",
                            name, self->errors.rows, file->height);
  if (file->colours == 4)
    return hl_cmyk_to_rgb (file, cinfo->saw_Adobe_marker, name, error);
  return TRUE;
}

/**
 * hl_jpeg_read:
 * @self: a picture whose @bytes are a JPEG; the rest of it is set
 * @name: for messages
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Returns: %FALSE with an error where it is no JPEG, not of 8 bits or pixels are missing
 */
gboolean
hl_jpeg_read (HlFile *self, const char *name, GError **error)
{
  g_auto (HlJpegReader) reader = { 0 };

  self->type       = HL_FILE_JPEG;
  reader.cinfo.err = hl_jpeg_errors_init (&reader.errors);
  if (!read_pixels (&reader, self, name, error))
    return FALSE;
  self->orientation = hl_exif_get_orientation (self->exif);
  return TRUE;
}
