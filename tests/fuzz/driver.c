/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target without a fuzzer: once over each file of its corpus, and over many
 * small changes of them, always the same ones.
 *
 *   fuzz-NAME CORPUS [SECONDS]
 *
 * Prints TAP. What goes wrong ends the program; the input that did it is left in the file
 * that the message names. */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "input.h"

#define LONGEST 4096

/* The input at hand: written before it is run, so that a crash leaves it. */
typedef struct
{
  char      *path;
  GPtrArray *corpus; /* of GBytes */
  GRand     *random;
} Driver;

static void
run (const Driver *driver, const guint8 *data, gsize size)
{
  g_file_set_contents_full (driver->path, (const char *) data, size, G_FILE_SET_CONTENTS_NONE, 0600,
                            NULL);
  LLVMFuzzerTestOneInput (data, size);
}

static void
run_changed (const Driver *driver)
{
  guint              which = g_rand_int_range (driver->random, 0, driver->corpus->len);
  gsize              size;
  const guint8      *from    = g_bytes_get_data (driver->corpus->pdata[which], &size);
  gsize              room    = MIN (size, LONGEST) + 16;
  g_autofree guint8 *changed = g_malloc0 (room);
  gsize              length  = MIN (size, LONGEST);

  memcpy (changed, from, length);
  if (g_rand_int_range (driver->random, 0, 4) == 0)
    length = g_rand_int_range (driver->random, 0, room);
  for (int n = g_rand_int_range (driver->random, 0, 9); n > 0 && length > 0; n--)
    changed[g_rand_int_range (driver->random, 0, length)]
        = g_rand_int_range (driver->random, 0, 256);
  run (driver, changed, length);
}

int
main (int argc, char **argv)
{
  const char *folder     = argc > 1 ? argv[1] : "";
  double      seconds    = argc > 2 ? g_ascii_strtod (argv[2], NULL) : 2;
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  Driver      driver     = { .path   = g_strconcat (argv[0], ".input", NULL),
                             .corpus = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref),
                             .random = g_rand_new_with_seed (1) };
  gint64      end;
  guint       n = 0;
  const char *name;

  while (files && (name = g_dir_read_name (files)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char            *text;
      gsize            size;

      if (g_file_get_contents (path, &text, &size, NULL))
        g_ptr_array_add (driver.corpus, g_bytes_new_take (text, size));
    }
  if (driver.corpus->len == 0)
    {
      g_print ("1..1\nnot ok 1 - there is no corpus in “%s”\n", folder);
      return EXIT_FAILURE;
    }
  g_print ("1..2\n# %s has the input at hand\n", driver.path);
  for (guint i = 0; i < driver.corpus->len; i++)
    {
      gsize         size;
      const guint8 *data = g_bytes_get_data (driver.corpus->pdata[i], &size);

      run (&driver, data, size);
    }
  g_print ("ok 1 - %u inputs of the corpus\n", driver.corpus->len);
  for (end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC; g_get_monotonic_time () < end; n++)
    run_changed (&driver);
  g_print ("ok 2 - %u changes of them\n", n);
  g_unlink (driver.path);
  g_free (driver.path);
  g_ptr_array_unref (driver.corpus);
  g_rand_free (driver.random);
  return EXIT_SUCCESS;
}
