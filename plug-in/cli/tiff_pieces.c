/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TIFF in memory, and the pieces that its pixels lie in: strips or tiles, each with one channel
 * or with all (TIFF 6.0, sections 3 and 15). */

#include "cli/tiff_pieces.h"

#include <stdio.h>
#include <string.h>

static gsize
get_size (const HlTiff *self)
{
  return self->bytes ? self->bytes->len : self->size;
}

static tmsize_t
on_read (thandle_t data, void *to, tmsize_t size)
{
  HlTiff *self = data;
  gsize   end  = get_size (self);
  gsize   left = self->at < end ? end - self->at : 0;

  size = MIN ((gsize) size, left);
  memcpy (to, (self->bytes ? self->bytes->data : self->data) + self->at, size);
  self->at += size;
  return size;
}

static tmsize_t
on_write (thandle_t data, void *from, tmsize_t size)
{
  HlTiff *self = data;
  gsize   end  = self->at + size;

  if (end > G_MAXUINT)
    return 0;
  if (end > self->bytes->len)
    g_byte_array_set_size (self->bytes, end);
  memcpy (self->bytes->data + self->at, from, size);
  self->at = end;
  return size;
}

static toff_t
on_seek (thandle_t data, toff_t to, int from)
{
  HlTiff *self = data;

  self->at = (from == SEEK_CUR ? self->at : from == SEEK_END ? get_size (self) : 0) + to;
  return self->at;
}

static int
on_close (thandle_t data)
{
  return 0;
}

static toff_t
on_size (thandle_t data)
{
  return get_size (data);
}

/* What is only read is there already, for libtiff to read it without a copy. */
static int
on_map (thandle_t data, void **base, toff_t *size)
{
  HlTiff *self = data;

  *base = (void *) self->data;
  *size = self->size;
  return self->bytes == NULL;
}

static void
on_unmap (thandle_t data, void *base, toff_t size)
{
}

static int
on_error (TIFF *tiff, void *data, const char *module, const char *format, va_list arguments)
{
  HlTiff *self = data;

  if (!*self->said)
    g_vsnprintf (self->said, sizeof self->said, format, arguments);
  return 1;
}

static int
on_warning (TIFF *tiff, void *data, const char *module, const char *format, va_list arguments)
{
  return 1;
}

/**
 * hl_tiff_clear:
 * @self: a file
 *
 * Closes the file and empties @self.
 */
void
hl_tiff_clear (HlTiff *self)
{
  g_clear_pointer (&self->tiff, TIFFClose);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TIFFOpenOptions, TIFFOpenOptionsFree)

/**
 * hl_tiff_open:
 * @self: (out): a file
 * @bytes: (nullable): what it holds, or %NULL for an empty one; copied where it is to be written,
 *   and else must outlive @self
 * @mode: as of TIFFOpen()
 *
 * Returns: whether it could be opened
 */
gboolean
hl_tiff_open (HlTiff *self, GBytes *bytes, const char *mode)
{
  g_autoptr (TIFFOpenOptions) options = TIFFOpenOptionsAlloc ();

  *self = (HlTiff) { 0 };
  if (bytes)
    self->data = g_bytes_get_data (bytes, &self->size);
  if (!g_str_equal (mode, "r"))
    self->bytes = g_byte_array_new_take (g_memdup2 (self->data, self->size), self->size);
  TIFFOpenOptionsSetErrorHandlerExtR (options, on_error, self);
  TIFFOpenOptionsSetWarningHandlerExtR (options, on_warning, self);
  self->tiff = TIFFClientOpenExt ("picture", mode, self, on_read, on_write, on_seek, on_close,
                                  on_size, on_map, on_unmap, options);
  return self->tiff != NULL;
}

/**
 * hl_tiff_find_pieces:
 * @self: a file at the picture in question
 * @file: that picture, whose size is known
 * @pieces: (out): how its pixels are cut
 *
 * Returns: whether that makes sense
 */
gboolean
hl_tiff_find_pieces (HlTiff *self, const HlFile *file, HlTiffPieces *pieces)
{
  TIFF *tiff = self->tiff;

  *pieces = (HlTiffPieces) { .width = file->width, .is_tiled = TIFFIsTiled (tiff) };
  TIFFGetFieldDefaulted (tiff, TIFFTAG_PLANARCONFIG, &pieces->planar);
  if (pieces->is_tiled)
    {
      TIFFGetField (tiff, TIFFTAG_TILEWIDTH, &pieces->width);
      TIFFGetField (tiff, TIFFTAG_TILELENGTH, &pieces->height);
    }
  else
    TIFFGetFieldDefaulted (tiff, TIFFTAG_ROWSPERSTRIP, &pieces->height);
  if (pieces->width == 0 || pieces->height == 0)
    return FALSE;
  pieces->across = (file->width + pieces->width - 1) / pieces->width;
  pieces->n      = pieces->is_tiled ? TIFFNumberOfTiles (tiff) : TIFFNumberOfStrips (tiff);
  if (!pieces->is_tiled)
    pieces->height = MIN (pieces->height, (guint32) file->height);
  pieces->bytes = pieces->is_tiled ? TIFFTileSize (tiff) : TIFFStripSize (tiff);
  return pieces->bytes > 0;
}

/**
 * hl_tiff_find_in_place:
 * @self: a file at the picture in question, that is only read
 * @file: that picture, whose size and samples are known
 *
 * Returns: (nullable): where its pixels lie in the file as they are in memory: uncompressed, one
 *   strip behind the other, in the machine's byte order; or %NULL where they don't
 */
guint8 *
hl_tiff_find_in_place (HlTiff *self, const HlFile *file)
{
  guint16      compression, order, samples, bits;
  guint32      width = 0, height = 0;
  gsize        sample = hl_file_get_bytes_per_sample (file);
  guint64      stride = (guint64) file->width * file->channels * sample, first;
  HlTiffPieces pieces;

  TIFFGetFieldDefaulted (self->tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetFieldDefaulted (self->tiff, TIFFTAG_FILLORDER, &order);
  TIFFGetFieldDefaulted (self->tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  TIFFGetFieldDefaulted (self->tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetField (self->tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (self->tiff, TIFFTAG_IMAGELENGTH, &height);
  if (height < 1 || compression != COMPRESSION_NONE || order != FILLORDER_MSB2LSB
      || samples != file->channels || bits != 8 * sample || width != (guint32) file->width
      || height != (guint32) file->height || (sample > 1 && TIFFIsByteSwapped (self->tiff))
      || !hl_tiff_find_pieces (self, file, &pieces) || pieces.is_tiled
      || pieces.planar != PLANARCONFIG_CONTIG)
    return NULL;
  first = TIFFGetStrileOffset (self->tiff, 0);
  for (guint32 i = 0; i < pieces.n; i++)
    {
      guint64 row = (guint64) i * pieces.height, rows = MIN (pieces.height, height - row);

      if (row >= height || TIFFGetStrileOffset (self->tiff, i) != first + row * stride
          || TIFFGetStrileByteCount (self->tiff, i) != rows * stride)
        return NULL;
    }
  if (first > self->size || stride > (self->size - first) / height || first % sample != 0)
    return NULL;
  return (guint8 *) self->data + first;
}

/**
 * hl_tiff_place_piece:
 * @pieces: of a picture
 * @file: the picture
 * @number: a piece
 * @x: (out): its first column
 * @y: (out): its first row
 *
 * Returns: its first channel
 */
int
hl_tiff_place_piece (const HlTiffPieces *pieces, const HlFile *file, guint32 number, int *x, int *y)
{
  guint32 each = pieces->planar == PLANARCONFIG_SEPARATE ? pieces->n / file->channels : pieces->n;

  *x = number % each % pieces->across * pieces->width;
  *y = number % each / pieces->across * pieces->height;
  return number / each;
}

/**
 * hl_tiff_read_piece:
 * @self: a file at the picture in question
 * @pieces: of it
 * @number: a piece
 * @piece: (out): its samples
 *
 * Returns: bytes, or < 0 where the file does not have them
 */
gssize
hl_tiff_read_piece (HlTiff *self, const HlTiffPieces *pieces, guint32 number, guint8 *piece)
{
  return pieces->is_tiled ? TIFFReadEncodedTile (self->tiff, number, piece, pieces->bytes)
                          : TIFFReadEncodedStrip (self->tiff, number, piece, pieces->bytes);
}

/**
 * hl_tiff_copy_piece:
 * @pieces: of a picture
 * @file: the picture
 * @number: a piece
 * @piece: (array length=size): its samples
 * @size: bytes; no other ones are read or written
 * @to_file: whether to copy from @piece to @file, or the other way
 *
 * Copies what of the piece lies within the picture.
 */
void
hl_tiff_copy_piece (const HlTiffPieces *pieces, const HlFile *file, guint32 number, guint8 *piece,
                    gsize size, gboolean to_file)
{
  gsize bytes = hl_file_get_bytes_per_sample (file);
  int   n     = pieces->planar == PLANARCONFIG_SEPARATE ? 1 : file->channels;
  int   x, y, first = hl_tiff_place_piece (pieces, file, number, &x, &y);
  int   width  = MIN ((int) pieces->width, file->width - x);
  int   height = MIN ((int) pieces->height, file->height - y);

  /* Samples that lie beside each other in both go at once. */
  gsize run = (gsize) bytes * n * (n == file->channels ? width : 1);

  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column += n == file->channels ? width : 1)
      {
        gsize   at   = ((gsize) row * pieces->width + column) * n * bytes;
        gsize   left = at < size ? (size - at) / (n * bytes) * (n * bytes) : 0;
        guint8 *here
            = file->pixels
              + (((gsize) (y + row) * file->width + x + column) * file->channels + first) * bytes;

        memcpy (to_file ? here : piece + at, to_file ? piece + at : here, MIN (run, left));
      }
}
