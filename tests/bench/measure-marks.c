/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The features of all marks of a picture, for bench-detect.py --fit: measure-marks IN OUT.
 * IN is three int32 (channels, width, height), the planes as float and the truth as bytes,
 * not 0 where there is damage. OUT gets a row of floats for each mark: the share of its
 * pixels that is damage, their number, and its features. */

#include <stdio.h>
#include <string.h>

#include "restore/find/marks.h"

typedef struct
{
  const guint8 *truth;
  FILE         *out;
} Output;

static void
write_mark (const HlMark *mark, gpointer user_data)
{
  Output *output                    = user_data;
  float   row[2 + HL_MARK_FEATURES] = { 0.0f, mark->n };

  for (gsize k = 0; k < mark->n; k++)
    row[0] += output->truth[mark->pixels[k]] != 0;
  row[0] /= mark->n;
  for (int i = 0; i < HL_MARK_FEATURES; i++)
    row[2 + i] = mark->features[i];
  fwrite (row, sizeof row, 1, output->out);
}

int
main (int argc, char **argv)
{
  g_autoptr (HlImage) image     = NULL;
  g_autoptr (HlMarkField) field = NULL;
  g_autofree char *in           = NULL;
  HlProgress       control      = { NULL };
  gsize            length, values;
  gint32           shape[3];
  Output           output;

  if (argc != 3 || !g_file_get_contents (argv[1], &in, &length, NULL) || length < sizeof shape)
    return 1;
  memcpy (shape, in, sizeof shape);
  image  = hl_image_new (shape[0], shape[1], shape[2], NULL);
  values = (gsize) shape[1] * shape[2];
  if (!image || length != sizeof shape + values * (sizeof (float) * shape[0] + 1))
    return 1;
  memcpy (image->planes, in + sizeof shape, sizeof (float) * shape[0] * values);
  output.truth = (const guint8 *) in + length - values;
  output.out   = fopen (argv[2], "wb");
  field        = hl_mark_field_new (image, 8, &control, NULL);
  if (!output.out || !field)
    return 1;
  hl_mark_field_visit (field, write_mark, &output, &control, NULL);
  return fclose (output.out) == 0 ? 0 : 1;
}
