/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of weights, as they are, or as a header and data with a checksum that is right, so
 * that damage behind the checksum is reached too.  What is believed is also run. */
#include "input.h"

#include "denoiser.h"
#include "nn/denoiser.h"

static void
run (const HlWeights *weights)
{
  g_autoptr (HlPool) pool         = hl_pool_new (1);
  g_autoptr (HlDenoiser) denoiser = hl_denoiser_new (weights, pool, 9, 11, 1 << 28, NULL);
  float picture[99]               = { 0.5f };

  if (denoiser)
    hl_denoiser_run (denoiser, picture, 1, NULL, 0.1f, picture, NULL, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) file       = NULL;
  g_autoptr (HlWeights) weights = NULL;
  g_autoptr (GError) error      = NULL;

  if (size > 2 && data[0] == '#')
    {
      gsize            length        = MIN (size - 2, (gsize) data[1] * 16);
      g_autofree char *header        = g_strndup ((const char *) data + 2, length);
      g_autoptr (GByteArray) numbers = g_byte_array_new ();

      g_byte_array_append (numbers, data + 2 + length, size - 2 - length);
      file = weights_file_new (header, numbers);
    }
  else
    file = g_bytes_new (data, size);
  weights = hl_weights_new_from_bytes (file, "some.file", &error);
  g_assert_true ((weights == NULL) == (error != NULL));
  if (weights)
    run (weights);
  return 0;
}
