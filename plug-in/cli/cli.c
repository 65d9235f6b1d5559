/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heirloom, the command-line program: the plug-in's engine without GIMP, for albums,
 * scripts and measuring. The arguments are read and checked here; cli/job.c does what
 * they say. */

#include <gegl.h>
#include <locale.h>
#include <string.h>

#include "cli/blur_option.h"
#include "cli/detect.h"
#include "cli/job.h"
#include "restore/error.h"
#include "restore/mask.h"

#define EXIT_CANCELLED 130 /* as a shell reports Ctrl-C */

/* Reads a number in English notation that takes all of @text. */
static gboolean
parse_number (const char *text, double lowest, double highest, double *number)
{
  char *end = NULL;

  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *number >= lowest && *number <= highest;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, HL_ERROR, HL_ERROR_SETTING, message);
  return FALSE;
}

static gboolean
parse_settings (HlRestoreSettings *settings, const char *method, gint64 iterations, gint64 seed,
                gint64 threads, const char *noise_level, GError **error)
{
  double percent;

  if (!method || strcmp (method, "auto") == 0)
    settings->method = HL_METHOD_AUTO;
  else if (strcmp (method, "prior") == 0)
    settings->method = HL_METHOD_PRIOR;
  else if (strcmp (method, "deep") == 0)
    settings->method = HL_METHOD_DEEP;
  else if (strcmp (method, "untrained") == 0)
    settings->method = HL_METHOD_UNTRAINED;
  else
    return refuse (error, "--method must be “auto”, “prior”, “deep” or “untrained”.");

  if (iterations < 0 || iterations > 20000)
    return refuse (error, "--iterations must be a whole number from 0 to 20000.");
  if (seed < 0 || seed > G_MAXUINT32)
    return refuse (error, "--seed must be a whole number from 0 to 4294967295.");
  if (threads < 0 || threads > 64)
    return refuse (error, "--threads must be a whole number from 0 to 64; "
                          "0 is one for each processor.");
  settings->iterations = iterations;
  settings->seed       = seed;
  settings->threads    = threads;

  settings->auto_noise = !noise_level || strcmp (noise_level, "auto") == 0;
  if (!settings->auto_noise)
    {
      if (!parse_number (noise_level, 0.0, 40.0, &percent))
        return refuse (error, "--noise-level must be “auto” or a percentage from 0 to 40, "
                              "with a point for decimals.");
      settings->noise_level = percent / 100.0;
    }
  return TRUE;
}

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

/* heirloom restore …: @argv begins with "restore". */
static int
run_restore (int argc, char **argv)
{
  HlJob  job = { 0 };
  gint64 iterations, seed, threads, mask_grow = 0, memory_limit = 0;
  g_auto (GStrv) paths         = NULL;
  g_autofree char *mask        = NULL;
  g_autofree char *method      = NULL;
  g_autofree char *weights     = NULL;
  g_autofree char *grain       = NULL;
  g_autofree char *noise_level = NULL;
  g_autofree char *deblur      = NULL;
  g_autofree char *sharpen     = NULL;
  g_autofree char *report      = NULL;
  g_autoptr (HlPsf) psf        = NULL;
  g_autoptr (GError) error     = NULL;
  g_autoptr (GOptionContext) context
      = g_option_context_new ("IN OUT - restore what is white in the mask");
  const GOptionEntry entries[] = {
    { "mask", 'm', 0, G_OPTION_ARG_FILENAME, &mask,
      "White where IN is damaged, gray where partly so; of IN's size", "FILE" },
    { "method", 0, 0, G_OPTION_ARG_STRING, &method,
      "How holes are filled: “prior” (a trained network), “deep” (the same, fitted to this "
      "picture), “untrained” (a network fitted to this picture alone, minutes) or “auto” (the "
      "default: “prior”, and patches of the picture in wide holes)",
      "METHOD" },
    { "denoise", 0, 0, G_OPTION_ARG_NONE, &job.settings.denoise,
      "Take the noise out of the whole picture; the mask may be left out then", NULL },
    { "grain", 0, 0, G_OPTION_ARG_STRING, &grain,
      "How much of the photograph's grain the repaired part gets back, 0 to 100 (the default)",
      "PERCENT" },
    { "mask-grow", 0, 0, G_OPTION_ARG_INT64, &mask_grow,
      "Widen what the mask marks, 0 (the default) to 50", "PIXELS" },
    { "weights", 0, 0, G_OPTION_ARG_FILENAME, &weights,
      "Another network for “prior”, as tools/train makes it", "FILE.safetensors" },
    { "iterations", 'i', 0, G_OPTION_ARG_INT64, &iterations,
      "Steps of “deep” and “untrained”, 0 to 20000", "NUMBER" },
    { "noise-level", 'n', 0, G_OPTION_ARG_STRING, &noise_level,
      "Noise of the photograph in percent of white, 0 to 40, or “auto” (the default)", "PERCENT" },
    { "deblur", 'd', 0, G_OPTION_ARG_STRING, &deblur,
      "Undo a blur of the whole picture: “none” (the default), “auto”, “gaussian:R”, “disk:R”, "
      "“motion:LENGTH:ANGLE”, “aniso:R1:R2:ANGLE” (pixels, degrees), or the file of a picture "
      "that shows what became of a point; the mask may be left out then",
      "BLUR" },
    { "deblur-method", 0, 0, G_OPTION_ARG_STRING, &sharpen,
      "How: “wiener” (at once), “tv” (total variation, seconds) or “prior” (the trained network, "
      "the default)",
      "METHOD" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "The same seed gives the same result", "NUMBER" },
    { "threads", 't', 0, G_OPTION_ARG_INT64, &threads,
      "1 to 64, or 0 for one per processor (the default)", "NUMBER" },
    { "memory-limit", 0, 0, G_OPTION_ARG_INT64, &memory_limit,
      "Most memory that the networks may take, or 0 for what is free (the default)", "MEGABYTES" },
    { "report", 'r', 0, G_OPTION_ARG_FILENAME, &report,
      "Write seconds, iterations, ended (why), gain (dB), loss, noise_level (0 to 1 of white), peak_memory_bytes, "
      "rim (pixels around the mask that look damaged too) and blur (what was undone)",
      "FILE.json" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  hl_restore_settings_init (&job.settings);
  iterations = job.settings.iterations;
  seed       = job.settings.seed;
  threads    = job.settings.threads;

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (
      context, "IN, OUT and the mask are PNG, JPEG or TIFF. OUT keeps IN's depth, colours and "
               "transparency as far\nas its format can hold them; it may be IN itself. Ctrl-C "
               "keeps the best so far; twice, nothing is written.\n");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("heirloom: %s; see heirloom restore --help.\n", error->message);
      return EXIT_FAILURE;
    }
  if (!paths || g_strv_length (paths) != 2)
    {
      g_printerr ("heirloom: give the picture and the name of the new one: "
                  "heirloom restore IN OUT --mask MASK.\n");
      return EXIT_FAILURE;
    }
  if (!parse_settings (&job.settings, method, iterations, seed, threads, noise_level, &error))
    return fail (error);
  gegl_init (NULL, NULL);
  if (!hl_blur_parse (deblur, &job.settings.deblur, &psf, &error)
      || !hl_blur_parse_method (sharpen, &job.settings.deblur_method, &error))
    return fail (error);
  job.settings.psf = psf;
  if (!mask && !hl_restore_is_whole (&job.settings))
    {
      g_printerr ("heirloom: nothing is marked as damaged: "
                  "give a picture that is white there with --mask.\n");
      return EXIT_FAILURE;
    }
  if (grain && !parse_number (grain, 0.0, 100.0, &job.settings.grain))
    refuse (&error, "--grain must be a percentage from 0 to 100, with a point for decimals.");
  else if (mask_grow < 0 || mask_grow > HL_MASK_MOST_GROWTH)
    refuse (&error, "--mask-grow must be a whole number of pixels from 0 to 50.");
  else if (memory_limit < 0 || memory_limit > G_MAXINT32)
    refuse (&error, "--memory-limit must be a whole number of megabytes, or 0 for no limit but "
                    "what is free.");
  if (error)
    return fail (error);
  job.settings.grain = grain ? job.settings.grain / 100 : 1;

  job.in     = paths[0];
  job.out    = paths[1];
  job.mask   = mask;
  job.report = report;

  job.mask_grow = mask_grow;

  job.settings.weights = weights;

  job.settings.memory_limit = (guint64) memory_limit * 1000 * 1000;

  if (!hl_job_run (&job, &error))
    return fail (error);
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  gboolean version                   = FALSE;
  g_autoptr (GError) error           = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("restore IN OUT --mask MASK");
  const GOptionEntry entries[]       = {
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL,
  };

  setlocale (LC_ALL, "");
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

  g_set_prgname ("heirloom");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, "Restores damaged photographs.");
  g_option_context_set_description (
      context,
      "heirloom detect IN MASK proposes the mask. heirloom restore --help and heirloom detect "
      "--help tell the options.\n");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("heirloom: %s; see heirloom --help.\n", error->message);
      return EXIT_FAILURE;
    }
  if (version)
    {
      g_print ("heirloom %s\n", HL_VERSION);
      return EXIT_SUCCESS;
    }
  g_printerr ("heirloom: say what to do: heirloom restore IN OUT --mask MASK, "
              "or heirloom --help.\n");
  return EXIT_FAILURE;
}
