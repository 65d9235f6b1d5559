/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a safetensors file: JSON that lists the tensors. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every tensor is a convolution's kernel. */
#define HL_TENSOR_DIMENSIONS 4

/* Of a whole file; it keeps all sums and products far from where they would overflow. */
#define HL_WEIGHTS_MOST_BYTES (256 << 20)

/**
 * HlTensor:
 * @name: ends with a zero byte
 * @half: whether it lies in the file in 16 bits, else 32
 * @shape: each 1 or more
 * @begin: first byte of the data
 * @end: byte after the last
 * @count: the product of @shape
 * @w: (shape[0], shape[1], shape[2], shape[3]), row-major
 */
typedef struct
{
  char     name[32];
  gboolean half;
  int      shape[HL_TENSOR_DIMENSIONS];
  gsize    begin, end, count;
  float   *w;
} HlTensor;

/* A string of the header as it stands there: escapes are stepped over, and mean nothing in
 * the names and values that are looked for. */
typedef struct
{
  const char *start;
  gsize       length;
} HlText;

/**
 * HlAbout:
 * @format: the metadata "format", empty where there is none; all of them lie within the header
 * @crc: likewise "crc32"
 */
typedef struct
{
  HlText format, crc;
} HlAbout;

gboolean hl_text_is (HlText text, const char *wanted);
gboolean hl_safetensors_read_header (const char *start, gsize length, GArray *tensors,
                                     HlAbout *about);

G_END_DECLS
