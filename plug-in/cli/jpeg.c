/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG files, read and written by libjpeg. Of a JPEG only those blocks are compressed again in
 * which a pixel has changed, with the file's own quantisation tables and sampling; all other
 * blocks, and all segments with what cameras and people said of the picture, stay as they are. */

#include "cli/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "restore/error.h"

#define USUAL_QUALITY 97

static const char exif_header[] = "Exif\0"; /* and the 0 that ends the string */
static const char xmp_header[]  = "http://ns.adobe.com/xap/1.0/";

/* libjpeg's errors end where the caller says. */
typedef struct
{
  struct jpeg_error_mgr base;
  jmp_buf               back;
  gboolean              is_short, has_end; /* what was said about it so far */
  guint                 rows;
} Errors;

typedef struct
{
  struct jpeg_decompress_struct cinfo;
  Errors                        errors;
} Reader;

typedef struct
{
  struct jpeg_compress_struct cinfo;
  Errors                      errors;
  guint8                     *out; /* malloc()ed */
  unsigned long               size;
} Writer;

static void
on_error (j_common_ptr cinfo)
{
  longjmp (((Errors *) cinfo->err)->back, 1);
}

/* Warnings are no reason to refuse a picture, but missing pixels are. */
static void
on_message (j_common_ptr cinfo, int level)
{
  Errors *errors = (Errors *) cinfo->err;

  if (level >= 0 || !cinfo->is_decompressor)
    return;
  if (errors->base.msg_code == JWRN_JPEG_EOF)
    errors->has_end = FALSE;
  if (errors->base.msg_code == JWRN_HIT_MARKER && !errors->is_short)
    {
      errors->is_short = TRUE;
      errors->rows     = ((j_decompress_ptr) cinfo)->output_scanline;
    }
}

static void
errors_init (Errors *self)
{
  jpeg_std_error (&self->base);
  self->base.error_exit   = on_error;
  self->base.emit_message = on_message;
  self->has_end           = TRUE;
}

static void
reader_clear (Reader *self)
{
  jpeg_destroy_decompress (&self->cinfo);
}

static void
writer_clear (Writer *self)
{
  jpeg_destroy_compress (&self->cinfo);
  free (self->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

/* Begins to read; errors go back to the caller, who has called setjmp(). */
static void
open_read (Reader *self, const guint8 *data, gsize size)
{
  jpeg_create_decompress (&self->cinfo);
  jpeg_mem_src (&self->cinfo, data, size);
  jpeg_save_markers (&self->cinfo, JPEG_COM, 0xffff);
  for (int i = 0; i < 16; i++)
    jpeg_save_markers (&self->cinfo, JPEG_APP0 + i, 0xffff);
  jpeg_read_header (&self->cinfo, TRUE);
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
        if (!file->exif && marker->data_length > sizeof exif_header
            && memcmp (marker->data, exif_header, sizeof exif_header) == 0)
          file->exif = g_bytes_new (marker->data + sizeof exif_header,
                                    marker->data_length - sizeof exif_header);
        if (!file->xmp && marker->data_length > sizeof xmp_header
            && memcmp (marker->data, xmp_header, sizeof xmp_header) == 0)
          file->xmp = g_bytes_new (marker->data + sizeof xmp_header,
                                   marker->data_length - sizeof xmp_header);
      }
}

static void
read_orientation (HlFile *file)
{
  gsize              size = 0;
  gconstpointer      data = file->exif ? g_bytes_get_data (file->exif, &size) : NULL;
  g_autofree guint8 *exif = g_memdup2 (data, size);
  gboolean           is_big;
  guint8            *value       = exif ? hl_file_find_orientation (exif, size, &is_big) : NULL;
  int                orientation = value ? value[is_big ? 1 : 0] : 1;

  file->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/* Whether a progressive file ends before its last scan. */
static gboolean
lacks_scans (const Reader *self)
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
refuse (const Reader *self, const char *name, GError **error)
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
read_pixels (Reader *self, HlFile *file, const char *name, GError **error)
{
  j_decompress_ptr cinfo = &self->cinfo;
  gsize            size, stride;
  const guint8    *data = g_bytes_get_data (file->bytes, &size);

  if (setjmp (self->errors.back))
    return refuse (self, name, error);
  open_read (self, data, size);
  if (cinfo->num_components > 3)
    return hl_error_refuse (error, "“%s” is neither gray nor RGB: convert it to RGB first.", name);
  file->colours = file->channels = cinfo->num_components < 3 ? 1 : 3;
  file->width                    = cinfo->image_width;
  file->height                   = cinfo->image_height;
  if (!hl_file_allocate (file, error))
    return FALSE;
  read_fields (file, cinfo);
  cinfo->out_color_space = file->colours == 1 ? JCS_GRAYSCALE : JCS_RGB;
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
  g_auto (Reader) reader = { 0 };

  self->type       = HL_FILE_JPEG;
  reader.cinfo.err = &reader.errors.base;
  errors_init (&reader.errors);
  if (!read_pixels (&reader, self, name, error))
    return FALSE;
  read_orientation (self);
  return TRUE;
}

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

/* All segments as they were. */
static void
copy_segments (j_decompress_ptr from, j_compress_ptr to)
{
  for (jpeg_saved_marker_ptr marker = from->marker_list; marker; marker = marker->next)
    jpeg_write_marker (to, marker->marker, marker->data, marker->data_length);
}

/* The whole picture compressed, with its file's tables where @like is given and else by @quality.
 */
static gboolean
compress (Writer *self, const HlFile *file, Reader *like, int quality)
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
  if (like && quality == 0)
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
    copy_segments (&like->cinfo, cinfo);
  else
    {
      write_segment (cinfo, exif_header, sizeof exif_header, file->exif);
      write_segment (cinfo, xmp_header, sizeof xmp_header, file->xmp);
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
write_coefficients (Writer *self, Reader *like, jvirt_barray_ptr *blocks)
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
  copy_segments (&like->cinfo, cinfo);
  jpeg_finish_compress (cinfo);
  return TRUE;
}

/* The coefficients of a JPEG, or NULL. */
static jvirt_barray_ptr *
read_coefficients (Reader *self, const guint8 *data, gsize size)
{
  if (setjmp (self->errors.back))
    return NULL;
  open_read (self, data, size);
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
  g_auto (Reader) before = { 0 }, after = { 0 };
  g_auto (Writer) whole = { 0 }, patched = { 0 };
  Errors *const     all[] = { &before.errors, &after.errors, &whole.errors, &patched.errors };
  Writer           *done  = &whole;
  jvirt_barray_ptr *old = NULL, *new = NULL;
  gsize             size = 0;
  const guint8     *data = self->bytes ? g_bytes_get_data (self->bytes, &size) : NULL;
  gboolean          is_written;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    errors_init (all[i]);
  before.cinfo.err  = &before.errors.base;
  after.cinfo.err   = &after.errors.base;
  whole.cinfo.err   = &whole.errors.base;
  patched.cinfo.err = &patched.errors.base;
  if (data)
    old = read_coefficients (&before, data, size);
  is_written = (!data || old) && compress (&whole, self, old ? &before : NULL, quality);
  if (is_written && old && quality == 0)
    {
      done = &patched;
      new  = read_coefficients (&after, whole.out, whole.size);
      if (new)
        copy_blocks (self, &after.cinfo, new, &before.cinfo, old);
      is_written = new && write_coefficients (&patched, &before, old);
    }
  if (is_written)
    return g_bytes_new (done->out, done->size);
  hl_error_refuse (error, "The JPEG cannot be made: there is not enough memory for it.");
  return NULL;
}
