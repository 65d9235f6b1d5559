/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell program's readers and writers of picture files: a message, or pixels, which can be
 * changed and written in every format, and read again. */
#include "input.h"

#include "cli/samples.h"

/* Larger ones are the libraries' business, and slow. */
#define MOST_PIXELS 4000000

static void
write_and_read (const HlFile *file, HlFileType type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HlFile) again = NULL;
  g_autoptr (GBytes) bytes
      = hl_file_check (file, type, NULL) ? hl_file_encode (file, type, 0, &error) : NULL;

  if (!bytes)
    return;
  g_assert_true (g_file_set_contents_full (get_temporary (), g_bytes_get_data (bytes, NULL),
                                           g_bytes_get_size (bytes), G_FILE_SET_CONTENTS_NONE, 0600,
                                           NULL));
  again = hl_file_load (get_temporary (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (hl_file_get_width (again), ==, hl_file_get_width (file));
  g_assert_cmpint (hl_file_get_height (again), ==, hl_file_get_height (file));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const names[] = { "a.png", "a.jpg", "a.tif", "a.webp" };
  g_autoptr (GError) error         = NULL;
  g_autoptr (HlFile) file          = NULL;
  g_autoptr (HlImage) image        = NULL;
  g_autofree guint8 *evidence      = NULL;
  g_autofree float  *mask          = NULL;
  HlRect             area;

  g_setenv ("PATH", "/nowhere", TRUE); /* other programs' readers are theirs to fuzz */
  g_file_set_contents_full (get_temporary (), (const char *) data, size, G_FILE_SET_CONTENTS_NONE,
                            0600, NULL);
  file = hl_file_load (get_temporary (), &error);
  g_assert_true ((file == NULL) == (error != NULL));
  if (!file || (gint64) file->width * file->height > MOST_PIXELS)
    return 0;
  area  = (HlRect) { 0, 0, hl_file_get_width (file), hl_file_get_height (file) };
  image = hl_samples_get_planes (file, area, &evidence, NULL);
  g_assert_nonnull (image);
  mask                                       = g_new0 (float, (gsize) area.right *area.bottom);
  mask[(gsize) area.right * area.bottom / 2] = 1;
  for (int c = 0; c < image->channels; c++)
    image->planes[((gsize) c * area.bottom * area.right) + (gsize) area.right * area.bottom / 2]
        = 0.5f;
  hl_samples_set_planes (file, image, mask);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (hl_file_get_type (names[i]) != HL_FILE_UNKNOWN)
      write_and_read (file, hl_file_get_type (names[i]));
  return 0;
}
