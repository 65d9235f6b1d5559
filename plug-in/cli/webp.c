/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WebP files, read and written by libwebp. They are written without loss, whatever the old one was,
 * so that what is not mended stays as it is; its chunks beside the pixels come back byte by byte
 * (WebP container specification). */

#include "cli/formats.h"

#include <string.h>
#include <webp/decode.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include "restore/error.h"

/* Of libwebp, 0 to 9: how long it looks for a smaller file. */
#define EFFORT 2

#define EXIF_HEADER "Exif\0"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebPMux, WebPMuxDelete)

static GBytes *
get_chunk (const WebPMux *mux, const char *kind)
{
  WebPData data;

  return WebPMuxGetChunk (mux, kind, &data) == WEBP_MUX_OK ? g_bytes_new (data.bytes, data.size)
                                                           : NULL;
}

static void
read_fields (HlFile *file, const WebPData *data)
{
  g_autoptr (WebPMux) mux = WebPMuxCreate (data, FALSE);
  g_autoptr (GBytes) exif = NULL;

  if (!mux)
    return;
  file->icc = get_chunk (mux, "ICCP");
  file->xmp = get_chunk (mux, "XMP ");
  exif      = get_chunk (mux, "EXIF");
  if (!exif)
    return;
  /* Some programs put the header of a JPEG's segment before them. */
  if (g_bytes_get_size (exif) > sizeof EXIF_HEADER
      && memcmp (g_bytes_get_data (exif, NULL), EXIF_HEADER, sizeof EXIF_HEADER) == 0)
    file->exif = g_bytes_new_from_bytes (exif, sizeof EXIF_HEADER,
                                         g_bytes_get_size (exif) - sizeof EXIF_HEADER);
  else
    file->exif = g_steal_pointer (&exif);
  file->orientation = hl_exif_get_orientation (file->exif);
}

/**
 * hl_webp_read:
 * @self: a picture whose @bytes are a WebP; the rest of it is set
 * @name: for messages
 * @error: %HL_ERROR_INPUT, %HL_ERROR_MEMORY
 *
 * Returns: %FALSE with an error where it is no WebP, it moves or pixels are missing
 */
gboolean
hl_webp_read (HlFile *self, const char *name, GError **error)
{
  WebPData              data;
  WebPBitstreamFeatures features;
  gsize                 stride;
  gboolean              is_read;

  self->type = HL_FILE_WEBP;
  data.bytes = g_bytes_get_data (self->bytes, &data.size);
  is_read    = WebPGetFeatures (data.bytes, data.size, &features) == VP8_STATUS_OK;
  if (is_read && features.has_animation)
    return hl_error_refuse (error, "“%s” moves: save one of its pictures as PNG first.", name);
  if (is_read)
    {
      self->width    = features.width;
      self->height   = features.height;
      self->colours  = 3;
      self->channels = features.has_alpha ? 4 : 3;
      self->alpha    = features.has_alpha ? 3 : -1;
      if (!hl_file_allocate (self, error))
        return FALSE;
      stride  = (gsize) self->width * self->channels;
      is_read = (features.has_alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto) (
                    data.bytes, data.size, self->pixels, stride * self->height, stride)
                != NULL;
    }
  if (!is_read)
    return hl_error_refuse (
        error, "“%s” is cut short or broken: copy it anew from where it came from.", name);
  read_fields (self, &data);
  return TRUE;
}

/* The pixels, compressed. */
static gboolean
encode (const HlFile *file, int quality, WebPMemoryWriter *out)
{
  WebPConfig  config;
  WebPPicture picture;
  gboolean    is_made;

  if (!WebPConfigInit (&config) || !WebPPictureInit (&picture))
    return FALSE;
  if (quality > 0)
    config.quality = quality;
  else
    WebPConfigLosslessPreset (&config, EFFORT);
  config.exact       = TRUE; /* what is transparent keeps its colour */
  picture.use_argb   = quality == 0;
  picture.width      = file->width;
  picture.height     = file->height;
  picture.writer     = WebPMemoryWrite;
  picture.custom_ptr = out;
  is_made            = (file->alpha < 0 ? WebPPictureImportRGB : WebPPictureImportRGBA) (
                &picture, file->pixels, file->width * file->channels)
            && WebPEncode (&config, &picture);
  WebPPictureFree (&picture);
  return is_made;
}

static void
set_chunk (WebPMux *mux, const char *kind, GBytes *bytes)
{
  WebPData data;

  if (!bytes)
    return;
  data.bytes = g_bytes_get_data (bytes, &data.size);
  WebPMuxSetChunk (mux, kind, &data, TRUE);
}

/* The compressed pixels among the chunks of the old file, or among those of another format. */
static GBytes *
assemble (const HlFile *file, const WebPMemoryWriter *pixels)
{
  WebPData image          = { pixels->mem, pixels->size }, old, whole;
  g_autoptr (WebPMux) mux = NULL;
  GBytes *bytes           = NULL;

  if (file->bytes)
    {
      old.bytes = g_bytes_get_data (file->bytes, &old.size);
      mux       = WebPMuxCreate (&old, FALSE);
    }
  else
    {
      mux = WebPMuxNew ();
      set_chunk (mux, "ICCP", file->icc);
      set_chunk (mux, "EXIF", file->exif);
      set_chunk (mux, "XMP ", file->xmp);
    }
  if (mux && WebPMuxSetImage (mux, &image, FALSE) == WEBP_MUX_OK
      && WebPMuxAssemble (mux, &whole) == WEBP_MUX_OK)
    {
      bytes = g_bytes_new (whole.bytes, whole.size);
      WebPDataClear (&whole);
    }
  return bytes;
}

/**
 * hl_webp_write:
 * @self: a picture in RGB of 8 bits, either read from a WebP or from no file
 * @quality: 1..100, or 0 for no loss
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): the WebP, with all chunks that its file had, or %NULL
 */
GBytes *
hl_webp_write (const HlFile *self, int quality, GError **error)
{
  WebPMemoryWriter pixels;
  GBytes          *bytes;

  WebPMemoryWriterInit (&pixels);
  bytes = encode (self, quality, &pixels) ? assemble (self, &pixels) : NULL;
  WebPMemoryWriterClear (&pixels);
  if (!bytes)
    hl_error_refuse (error, "The WebP cannot be made: there is not enough memory for it.");
  return bytes;
}
