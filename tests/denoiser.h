/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the denoiser share: pictures, and files of random weights. */
#pragma once

#include <glib.h>
#include <string.h>

/* 0..1, different at every place; make-denoiser.py has the same. */
static inline float *
scatter_new (gsize n, guint32 seed, float scale)
{
  float *x = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    x[i] = scale * ((((guint32) i + seed) * 2654435761u >> 8) / 16777216.0f);
  return x;
}

/* The checksum of zlib, bit by bit. */
static inline guint32
checksum (const guint8 *data, gsize bytes)
{
  guint32 crc = 0xffffffffu;

  for (gsize i = 0; i < bytes; i++)
    {
      crc ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
  return ~crc;
}

/**
 * RandomWeights:
 * @width: channels at each scale
 * @blocks: at each scale
 * @positive: whether all are above zero
 * @without: (nullable): a tensor that is left out
 * @with: (nullable): one that is put in beside
 */
typedef struct
{
  int         width[3], blocks[3];
  gboolean    positive;
  const char *without, *with;
} RandomWeights;

/* A file of a header, without its closing brace, and data; the metadata are added. */
static inline GBytes *
weights_file_new (const char *tensors, const GByteArray *data)
{
  g_autofree char *header = g_strdup_printf (
      "{\"__metadata__\": {\"format\": \"heirloom-denoiser-1\", \"crc32\": \"%08x\"}, %s}",
      checksum (data->data, data->len), tensors);
  guint64     length = GUINT64_TO_LE ((guint64) strlen (header));
  GByteArray *file   = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, strlen (header));
  g_byte_array_append (file, data->data, data->len);
  return g_byte_array_free_to_bytes (file);
}

typedef struct
{
  const RandomWeights *config;
  GString             *header;
  GByteArray          *data;
} Writer;

static inline void
add_tensor (Writer *to, const char *name, int first, int second, int kernel)
{
  gsize count = (gsize) first * second * kernel * kernel;
  guint begin = to->data->len;

  if (g_strcmp0 (name, to->config->without) == 0)
    return;
  /* 1 / 32 to 1 / 8, in 16 bits. */
  for (gsize i = 0; i < count; i++)
    {
      guint16 random = (guint32) (begin + i) * 2654435761u >> 16;
      guint16 half   = GUINT16_TO_LE (0x2800 | (random & (to->config->positive ? 0x07ff : 0x87ff)));

      g_byte_array_append (to->data, (const guint8 *) &half, sizeof half);
    }
  g_string_append_printf (to->header,
                          "%s\"%s.weight\": {\"dtype\": \"F16\", \"shape\": [%d, %d, %d, %d], "
                          "\"data_offsets\": [%u, %u]}",
                          to->header->len ? ", " : "", name, first, second, kernel, kernel, begin,
                          to->data->len);
}

/* Random weights of a network of some size. */
static inline GBytes *
random_weights_new (const RandomWeights *config)
{
  static const char *const names[] = { "enc0", "enc1", "mid", "dec1", "dec0" };
  g_autoptr (GString) header       = g_string_new (NULL);
  g_autoptr (GByteArray) data      = g_byte_array_new ();
  Writer     to                    = { config, header, data };
  const int *width                 = config->width;

  add_tensor (&to, "head", width[0], 16, 3);
  add_tensor (&to, "tail", 12, width[0], 3);
  for (int s = 0; s < 2; s++)
    {
      add_tensor (&to, s ? "down1" : "down0", width[s + 1], width[s], 2);
      add_tensor (&to, s ? "up1" : "up0", width[s + 1], width[s], 2);
    }
  for (int stage = 0; stage < 5; stage++)
    for (int i = 0, s = MIN (stage, 4 - stage); i < 2 * config->blocks[s]; i++)
      {
        g_autofree char *name = g_strdup_printf ("%s.%d.%c", names[stage], i / 2, "ab"[i % 2]);

        add_tensor (&to, name, width[s], width[s], 3);
      }
  if (config->with)
    add_tensor (&to, config->with, width[0], width[0], 3);
  return weights_file_new (header->str, data);
}
