/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heirloom, the command-line program: the plug-in's engine without GIMP, for albums,
 * scripts and measuring. The arguments are read and checked here; cli/job.c does what
 * they say. */

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "cli/album.h"
#include "cli/blur_option.h"
#include "cli/detect.h"
#include "cli/job.h"
#include "cli/options.h"
#include "cli/platform.h"

#define EXIT_CANCELLED 130 /* as a shell reports Ctrl-C */

static int
fail (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_printerr ("heirloom: cancelled, nothing was written.\n");
      return EXIT_CANCELLED;
    }
  g_printerr ("heirloom: %s\n", error->message);
  return EXIT_FAILURE;
}

static int
refuse (const char *words)
{
  g_printerr ("heirloom: %s\n", words);
  return EXIT_FAILURE;
}

/* Whether what was said of infrared light names a file. */
static gboolean
is_file (const char *infrared)
{
  return infrared && strcmp (infrared, "auto") != 0 && strcmp (infrared, "off") != 0;
}

/* heirloom restore …: @argv begins with "restore". */
static int
run_restore (int argc, char **argv)
{
  HlJob job                          = { 0 };
  g_auto (GStrv) paths               = NULL;
  g_autofree char *mask              = NULL;
  g_autofree char *deblur            = NULL;
  g_autofree char *infrared          = NULL;
  g_autofree char *report            = NULL;
  g_autofree char *folder            = NULL;
  g_autofree char *sheet             = NULL;
  g_autoptr (HlPsf) psf              = NULL;
  g_autoptr (HlOptions) given        = NULL;
  g_autoptr (GError) error           = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (
      "IN OUT | --output-dir DIR FILE… - restore the damage that is found, or what is white in the "
      "mask");
  const GOptionEntry entries[] = {
    { "mask", 'm', 0, G_OPTION_ARG_FILENAME, &mask,
      "What is selected: white or coloured where IN is damaged, darker where partly so; of IN's size as it "
      "is shown",
      "FILE" },
    { "infrared", 0, 0, G_OPTION_ARG_FILENAME, &infrared,
      "Where to see dust of colour film in infrared light: off, a file, or auto, which looks for a "
      "channel or page of IN and then for a file beside it, NAME_IR.tif (auto unless given; off where "
      "there is a mask)",
      "FILE" },
    { "quality", 0, 0, G_OPTION_ARG_INT, &job.quality,
      "Of a JPEG or WebP, 1 to 100; without it a JPEG keeps its own tables, and only what changes is "
      "compressed again (97 for one made from another format), and a WebP is written without loss",
      "NUMBER" },
    { "deblur", 0, 0, G_OPTION_ARG_STRING, &deblur,
      "Undo a blur of the whole picture: none, whole (auto where there is no mask, else none), auto "
      "(find out), gaussian:R, disk:R, motion:LENGTH:ANGLE, aniso:R1:R2:ANGLE (pixels, degrees), or the "
      "file of a picture that shows what became of a point (whole unless given)",
      "BLUR" },
    { "report", 'r', 0, G_OPTION_ARG_FILENAME, &report,
      "Write seconds, iterations, ended (why), gain (dB), loss, noise_level (0 to 1 of white), "
      "peak_memory_bytes, rim (pixels around the mask that look damaged too), blur (what was "
      "undone) and colour (what the photograph was taken for)",
      "FILE.json" },
    { "output-dir", 'd', 0, G_OPTION_ARG_FILENAME, &folder,
      "Restore an album: all FILEs, and those in folders, into DIR under their own names. What is "
      "done and unchanged is left as it is, so that the same command goes on where it was stopped. "
      "DIR/album.jsonl has a line of JSON for each picture, DIR/masks what was found",
      "DIR" },
    { "contact-sheet", 0, 0, G_OPTION_ARG_FILENAME, &sheet,
      "Of an album, write a page for the browser with all pictures before and after, those that may "
      "need a hand first",
      "FILE.html" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_add_main_entries (context, entries, NULL);
  given = hl_options_new (context);
  g_option_context_set_description (
      context,
      "IN, OUT and the mask are PNG, JPEG, TIFF or WebP; IN may also be HEIC, AVIF and what else "
      "ImageMagick or\nvips reads, if one is installed. OUT keeps what IN holds, and is "
      "written as its name ends; it may be IN\nitself. Ctrl-C keeps the best so far; twice, "
      "nothing is written. Before names that begin with a dash write --.\n");
  if (!hl_platform_parse (context, argc, argv, &error))
    {
      g_printerr ("heirloom: %s; see heirloom restore --help.\n", error->message);
      return EXIT_FAILURE;
    }
  if (folder && !paths)
    return refuse ("name the photographs, or folders with them: heirloom restore --output-dir DIR "
                   "FILE….");
  if (folder && (mask || report || is_file (infrared)))
    return refuse ("--mask, --report and a file for --infrared belong to one picture: leave them "
                   "out where there is --output-dir.");
  if (!folder && sheet)
    return refuse ("--contact-sheet is of an album: name its folder with --output-dir DIR.");
  if (!folder && (!paths || g_strv_length (paths) != 2))
    return refuse ("give the picture and the name of the new one: heirloom restore IN OUT.");
  hl_restore_settings_init (&job.settings);
  if (!hl_options_read (given, &job.settings, &error))
    return fail (error);
  if (!hl_blur_parse (deblur, &job.settings.deblur, &psf, &error))
    return fail (error);
  job.settings.psf = psf;
  if (job.quality < 0 || job.quality > 100)
    return refuse ("--quality must be a whole number from 1 to 100.");
  job.infrared = infrared;
  job.deblur   = deblur;
  if (folder)
    return hl_album_run (&job, paths, folder, sheet);
  job.in     = paths[0];
  job.out    = paths[1];
  job.mask   = mask;
  job.report = report;
  return hl_job_run (&job, &error) ? EXIT_SUCCESS : fail (error);
}

int
main (int argc, char **argv)
{
  gboolean version                   = FALSE;
  g_autoptr (GError) error           = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("restore IN OUT");
  const GOptionEntry entries[]       = {
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL,
  };

  setlocale (LC_ALL, "");
  hl_platform_begin (&argc, &argv);
  if (argc > 1 && strcmp (argv[1], "restore") == 0)
    {
      /* The help then says "heirloom restore". */
      g_set_prgname ("heirloom restore");
      return run_restore (argc - 1, argv + 1);
    }

  if (argc > 1 && strcmp (argv[1], "detect") == 0)
    {
      g_set_prgname ("heirloom detect");
      return hl_detect_command (argc - 1, argv + 1, &error) ? EXIT_SUCCESS : fail (error);
    }

  /* For README.md, which is compared with it. */
  if (argc == 2 && strcmp (argv[1], "settings") == 0)
    {
      g_autofree char *table = hl_options_make_table ();

      g_print ("%s", table);
      return EXIT_SUCCESS;
    }

  g_set_prgname ("heirloom");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, "Restores damaged photographs.");
  g_option_context_set_description (
      context,
      "heirloom detect IN MASK proposes the mask. heirloom restore --help and heirloom detect "
      "--help tell the options.\n");
  if (!hl_platform_parse (context, argc, argv, &error))
    {
      g_printerr ("heirloom: %s; see heirloom --help.\n", error->message);
      return EXIT_FAILURE;
    }
  if (version)
    {
      g_print ("heirloom %s\n", HL_VERSION);
      return EXIT_SUCCESS;
    }
  return refuse ("say what to do: heirloom restore IN OUT, or heirloom --help.");
}
