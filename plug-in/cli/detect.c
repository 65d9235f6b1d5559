/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heirloom detect: from a picture to a mask of its damage, which can be corrected by hand and given
 * to heirloom restore. */

#include "cli/detect.h"

#include <string.h>
#include <unistd.h>

#include "cli/mask_file.h"
#include "cli/console.h"
#include "cli/output.h"
#include "cli/platform.h"
#include "cli/samples.h"
#include "restore/error.h"
#include "restore/find/find.h"
#include "restore/memory.h"

/* What a call says. */
typedef struct
{
  const char    *in, *out, *within, *confidence;
  double         sensitivity;
  gint64         largest;
  HlFindSettings settings;
} Call;

/* Writes bytes as a picture of their own: gray of 8 bits, which every program reads. */
static gboolean
save (const guint8 *bytes, int width, int height, const char *out, GError **error)
{
  g_autoptr (HlFile) picture = hl_file_new (width, height, 1, FALSE, HL_SAMPLE_U8, error);
  g_autoptr (GBytes) encoded = NULL;
  g_autofree char *folder = g_path_get_dirname (out), *temporary = NULL;

  if (!picture)
    return FALSE;
  memcpy (picture->pixels, bytes, (gsize) width * height);
  encoded = hl_file_encode (picture, hl_file_get_type (out), 0, error);
  if (!encoded)
    return FALSE;
  temporary = hl_output_begin (out, folder, error);
  return temporary && hl_output_end (temporary, out, encoded, error);
}

/* Whether a map may be written to @out. */
static gboolean
check_name (const char *in, const char *out, GError **error)
{
  HlFileType type = hl_file_get_type (out);

  if (type != HL_FILE_PNG && type != HL_FILE_TIFF)
    return hl_error_refuse (error, "A mask must be stored exactly: let “%s” end in .png or .tif.",
                            out);
  if (hl_platform_is_same (in, out))
    return hl_error_refuse (error, "“%s” is the picture itself: choose another name for the mask.",
                            out);
  return TRUE;
}

/* The pixels that the person has circled, 1, and others, 0. */
static guint8 *
load_target (const char *path, int width, int height, GError **error)
{
  g_autofree float  *mask   = hl_mask_file_load (path, width, height, error);
  gsize              pixels = (gsize) width * height, count = 0;
  g_autofree guint8 *target = mask ? hl_memory_try (1, width, height, error) : NULL;

  if (!target)
    return NULL;
  for (gsize i = 0; i < pixels; i++)
    count += target[i] = mask[i] > 0;
  if (count == 0)
    {
      hl_error_refuse (
          error, "“%s” is black all over: paint white in it roughly where the damage is.", path);
      return NULL;
    }
  return g_steal_pointer (&target);
}

static void
say_search (const HlRunProgress *progress, GString *line, gpointer data)
{
  g_string_append (line, "  looking for damage");
}

static gboolean
detect (const HlProgress *progress, gpointer data, GError **error)
{
  const Call *call            = data;
  g_autoptr (HlFile) file     = hl_file_load (call->in, error);
  g_autoptr (HlImage) image   = NULL;
  g_autoptr (HlFound) found   = NULL;
  g_autofree guint8 *evidence = NULL, *target = NULL, *mask = NULL;
  HlRect             area;

  if (!file)
    return FALSE;
  area  = (HlRect) { 0, 0, hl_file_get_width (file), hl_file_get_height (file) };
  image = hl_samples_get_planes (file, area, &evidence, error);
  if (image && call->within)
    target = load_target (call->within, area.right, area.bottom, error);
  if (image && (target || !call->within))
    found = hl_find_run (image, evidence, target, &call->settings, progress, error);
  mask = found ? hl_memory_try (1, area.right, area.bottom, error) : NULL;
  if (!mask || hl_progress_is_cancelled (progress, error))
    return FALSE;
  if (hl_find_cut (found, call->sensitivity, call->largest, mask) == 0)
    g_printerr ("heirloom: no damage was found%s. --sensitivity %g looks for fainter damage%s.\n",
                call->within ? " there" : "", MIN (call->sensitivity + 25, 100),
                call->within ? "" : ", and --within MASK only where MASK is white, more closely");
  return (!call->confidence || save (found->map, area.right, area.bottom, call->confidence, error))
         && save (mask, area.right, area.bottom, call->out, error);
}

/**
 * hl_detect_command:
 * @argc: length of @argv
 * @argv: the arguments of the program from "detect" on
 * @error: return location for a #GError
 *
 * Does what a call of heirloom detect says.
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_detect_command (int argc, char **argv, GError **error)
{
  Call             call   = { .sensitivity = HL_FIND_SENSITIVITY, .largest = HL_FIND_ANY_WIDTH };
  g_autofree char *within = NULL, *confidence = NULL, *weights = NULL;
  g_auto (GStrv) paths               = NULL;
  g_autoptr (GError) unknown         = NULL;
  g_autoptr (HlConsole) console      = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("IN MASK - find damage");
  const GOptionEntry entries[]       = {
    { "sensitivity", 's', 0, G_OPTION_ARG_DOUBLE, &call.sensitivity,
            "0 (only what is beyond doubt) to 100 (all that could be); 50 is the default", "NUMBER" },
    { "largest", 'l', 0, G_OPTION_ARG_INT64, &call.largest,
            "Only damage of at most that width in pixels, 1 to 255; 255, the default, is any width",
            "PIXELS" },
    { "within", 'w', 0, G_OPTION_ARG_FILENAME, &within,
            "Look only where this picture is white, and there more closely", "FILE" },
    { "confidence", 'c', 0, G_OPTION_ARG_FILENAME, &confidence,
            "Also write how likely damage is, gray of 8 bits: 128 and more is selected at 50", "FILE" },
    { "weights", 0, 0, G_OPTION_ARG_FILENAME, &weights, "A file with other weights for the network",
            "FILE" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (
      context, "IN is PNG, JPEG or TIFF. MASK is written as PNG or TIFF, gray of 8 bits: white "
               "where there is damage.\nCorrect it in any painting program, then give it to "
               "heirloom restore --mask.\n");
  if (!hl_platform_parse (context, argc, argv, &unknown))
    return hl_error_refuse (error, "%s; see heirloom detect --help.", unknown->message);
  if (!paths || g_strv_length (paths) != 2)
    return hl_error_refuse (error,
                            "Give the picture and the name of the mask: heirloom detect IN MASK.");
  if (!(call.sensitivity >= 0.0 && call.sensitivity <= 100.0))
    return hl_error_refuse (error, "--sensitivity must be a number from 0 to 100.");
  if (call.largest < 1 || call.largest > HL_FIND_ANY_WIDTH)
    return hl_error_refuse (error, "--largest must be a whole number of pixels from 1 to %d.",
                            HL_FIND_ANY_WIDTH);

  call.in               = paths[0];
  call.out              = paths[1];
  call.within           = within;
  call.confidence       = confidence;
  call.settings.weights = weights;
  if (!check_name (call.in, call.out, error)
      || (confidence && !check_name (call.in, confidence, error)))
    return FALSE;
  console = hl_console_new ();
  return hl_console_run (console, detect, say_search, &call, error);
}
