/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of what can be set. A new setting is a row here, its place in #HlRestoreSettings
 * and its use: GIMP's arguments, the shell's options, the checks, the window's rows, the record
 * that is kept with a layer and README.md's table (heirloom settings) come from the row. */

#include "restore/settings.h"

#include <glib/gi18n-lib.h>
#include <stddef.h>

#include "restore/find/find.h"
#include "restore/mask.h"

#define PLACE(field)                                                                               \
  .place = offsetof (HlRestoreSettings, field),                                                    \
  .size  = sizeof (((const HlRestoreSettings *) NULL)->field)

static const HlSettingChoice methods[] = {
  { "auto", HL_METHOD_AUTO, N_ ("Automatic") },
  { "prior", HL_METHOD_PRIOR, N_ ("Trained network (seconds)") },
  { "deep", HL_METHOD_DEEP, N_ ("Deep prior (tens of seconds)") },
  { "untrained", HL_METHOD_UNTRAINED, N_ ("Untrained network (minutes)") },
  { NULL, 0, NULL },
};

static const HlSettingChoice fills[] = {
  { "auto", HL_FILL_AUTO, N_ ("Automatic") },
  { "cautious", HL_FILL_CAUTIOUS, N_ ("Cautious (smooth)") },
  { "bold", HL_FILL_BOLD, N_ ("Bold (pieces of the photograph)") },
  { NULL, 0, NULL },
};

static const HlSettingChoice blurs[] = {
  { "none", HL_BLUR_NONE, N_ ("No") },
  { "whole", HL_BLUR_WHOLE, N_ ("When nothing is selected") },
  { "auto", HL_BLUR_AUTO, N_ ("Automatic") },
  { "gaussian", HL_BLUR_GAUSSIAN, N_ ("Soft (Gaussian)") },
  { "disk", HL_BLUR_DISK, N_ ("Out of focus (disk)") },
  { "motion", HL_BLUR_MOTION, N_ ("Shaken (straight motion)") },
  { "aniso", HL_BLUR_ANISO, N_ ("Softer one way than the other") },
  { "file", HL_BLUR_FILE, N_ ("Shown by a picture") },
  { NULL, 0, NULL },
};

static const HlSettingChoice deblur_methods[] = {
  { "wiener", HL_DEBLUR_WIENER, N_ ("Filter (at once)") },
  { "tv", HL_DEBLUR_TV, N_ ("Total variation (seconds)") },
  { "prior", HL_DEBLUR_PRIOR, N_ ("Trained network (best)") },
  { NULL, 0, NULL },
};

static const HlSettingChoice blur_lights[] = {
  { "auto", HL_BLUR_LIGHT_AUTO, N_ ("Automatic") },
  { "linear", HL_BLUR_LIGHT_LINEAR, N_ ("Light (lens, shake)") },
  { "encoded", HL_BLUR_LIGHT_ENCODED, N_ ("Values (scanner, software)") },
  { NULL, 0, NULL },
};

static const HlSettingChoice finds[] = {
  { "auto", HL_FIND_AUTO, N_ ("When nothing is selected") },
  { "only", HL_FIND_ONLY, N_ ("Also within a selection") },
  { "off", HL_FIND_OFF, N_ ("No, the selection is the damage") },
  { NULL, 0, NULL },
};

static const HlSettingChoice stains[] = {
  { "opaque", HL_STAINS_OPAQUE, N_ ("Paint over them") },
  { "auto", HL_STAINS_AUTO, N_ ("Remove where see-through") },
  { "see-through", HL_STAINS_SEE_THROUGH, N_ ("Remove everywhere") },
  { NULL, 0, NULL },
};

static const HlSettingChoice colours[] = {
  { "none", HL_COLOUR_NONE, N_ ("No") },
  { "auto", HL_COLOUR_AUTO, N_ ("If they have faded") },
  { "print", HL_COLOUR_PRINT, N_ ("Of a colour print") },
  { "slide", HL_COLOUR_SLIDE, N_ ("Of a slide") },
  { "gray", HL_COLOUR_GRAY, N_ ("Of a black-and-white photograph") },
  { NULL, 0, NULL },
};

static const HlSettingChoice tones[] = {
  { "neutral", HL_TONE_NEUTRAL, N_ ("Neutral gray") },
  { "keep", HL_TONE_KEEP, N_ ("As it is") },
  { "even", HL_TONE_EVEN, N_ ("Its own, all over the sheet") },
  { NULL, 0, NULL },
};

static const HlSettingChoice outputs[] = {
  { "layer", HL_OUTPUT_LAYER, N_ ("All of the photograph") },
  { "repair", HL_OUTPUT_REPAIR, N_ ("Only the repair") },
  { "mask", HL_OUTPUT_MASK, N_ ("With a layer mask") },
  { "add", HL_OUTPUT_ADD, N_ ("Add to the last repair") },
  { NULL, 0, NULL },
};

/* In the order of the window. */
static const HlSetting table[] = {
  { .key     = "find",
    .type    = HL_SETTING_CHOICE,
    .choices = finds,
    .normal  = HL_FIND_AUTO,
    .group   = HL_GROUP_DAMAGE,
    .label   = N_ ("Look for damag_e"),
    .help = N_ ("Scratches, cracks, folds, dust and flakes are found when nothing is selected, or "
                "also within a selection that circles them roughly."),
    PLACE (find) },
  { .key    = "find-sensitivity",
    .type   = HL_SETTING_DOUBLE,
    .most   = 100,
    .normal = HL_FIND_SENSITIVITY,
    .group  = HL_GROUP_DAMAGE,
    .needs  = "find",
    .values = "auto|only",
    .label  = N_ ("Sensitivity"),
    .help = N_ ("How faint the damage may be that is found. At 0 only what is beyond doubt, at 100 "
                "all that could be damage."),
    PLACE (find_sensitivity) },
  { .key   = "mask-grow",
    .type  = HL_SETTING_INT,
    .most  = HL_MASK_MOST_GROWTH,
    .group = HL_GROUP_DAMAGE,
    .label = N_ ("_Widen the damage (pixels)"),
    .help  = N_ ("Repairs this much around what is selected or found as well, where a rim of the "
                  "damage is left."),
    PLACE (mask_grow) },
  { .key     = "stains",
    .type    = HL_SETTING_CHOICE,
    .choices = stains,
    .normal  = HL_STAINS_OPAQUE,
    .group   = HL_GROUP_DAMAGE,
    .label   = N_ ("Stains"),
    .help = N_ ("What is done with a selected stain that the photograph shows through: it can be "
                "removed alone, so that only its rim is painted anew."),
    PLACE (stains) },
  { .key     = "method",
    .type    = HL_SETTING_CHOICE,
    .choices = methods,
    .normal  = HL_METHOD_AUTO,
    .group   = HL_GROUP_DAMAGE,
    .label   = N_ ("_Method"),
    .help = N_ ("How the damage is painted anew. The trained network has learnt from drawn shapes "
                "and takes seconds. The deep prior goes on from there and learns from this "
                "photograph too. The untrained network learns from this photograph alone."),
    PLACE (method) },
  { .key     = "fill",
    .type    = HL_SETTING_CHOICE,
    .choices = fills,
    .normal  = HL_FILL_AUTO,
    .group   = HL_GROUP_DAMAGE,
    .needs   = "method",
    .values  = "auto|deep",
    .label   = N_ ("Fill wide holes"),
    .help
    = N_ ("Cautious leaves the middle of a wide hole smooth. Bold covers it with pieces of the "
          "photograph, which may be the wrong ones; Variation tries others. Automatic takes "
          "pieces where they go on what borders the hole."),
    PLACE (fill) },
  { .key    = "iterations",
    .type   = HL_SETTING_INT,
    .most   = 20000,
    .normal = 1000,
    .group  = HL_GROUP_DAMAGE,
    .needs  = "method",
    .values = "deep|untrained",
    .label  = N_ ("S_teps"),
    .help
    = N_ ("How long the deep prior may work; it ends by itself when nothing more is gained. 0 "
          "leaves the trained network's result."),
    PLACE (iterations) },
  { .key   = "seed",
    .type  = HL_SETTING_INT,
    .most  = G_MAXINT32,
    .group = HL_GROUP_DAMAGE,
    .label = N_ ("_Variation"),
    .help  = N_ (
        "Each number fills wide holes differently and changes details, and the same number always "
         "gives the same result. Try another where something went wrong."),
    PLACE (seed) },
  { .key    = "grain",
    .type   = HL_SETTING_DOUBLE,
    .most   = 100,
    .normal = 100,
    .scale  = 0.01,
    .group  = HL_GROUP_GRAIN_AND_BLUR,
    .step   = HL_STEP_GRAIN,
    .needs  = "denoise",
    .values = "false",
    .label  = N_ ("Retur_n the grain (percent)"),
    .help = N_ ("How much of the photograph's own grain the repaired part gets back. Without it a "
                "repair shows as too smooth."),
    PLACE (grain) },
  { .key   = "denoise",
    .type  = HL_SETTING_BOOLEAN,
    .group = HL_GROUP_GRAIN_AND_BLUR,
    .label = N_ ("Remove the gra_in of the whole layer"),
    .help  = N_ ("Takes the noise out everywhere, not only in what is repaired."),
    PLACE (denoise) },
  { .key     = "deblur",
    .type    = HL_SETTING_CHOICE,
    .choices = blurs,
    .normal  = HL_BLUR_WHOLE,
    .group   = HL_GROUP_GRAIN_AND_BLUR,
    .shell   = "--deblur auto",
    .label   = N_ ("Remove _blur"),
    .help
    = N_ ("Sharpens the whole layer if the photograph is out of focus or was shaken. A photograph "
          "that is not surely blurred stays as it is, unless you say how blurred it is.") },
  { .key    = "blur-radius",
    .type   = HL_SETTING_DOUBLE,
    .least  = 0.1,
    .most   = 80,
    .normal = 1.5,
    .group  = HL_GROUP_GRAIN_AND_BLUR,
    .needs  = "deblur",
    .values = "gaussian|disk|motion|aniso",
    .shell  = "--deblur disk:3",
    .label  = N_ ("Blur ra_dius (pixels)"),
    .help   = N_ ("How far the blur spreads a point: the standard deviation of the soft kinds, the "
                    "radius of the disk, the length of the motion. Too much draws halos.") },
  { .key    = "blur-radius-across",
    .type   = HL_SETTING_DOUBLE,
    .least  = 0.1,
    .most   = 20,
    .normal = 1,
    .group  = HL_GROUP_GRAIN_AND_BLUR,
    .needs  = "deblur",
    .values = "aniso",
    .shell  = "--deblur aniso:3:1.5:20",
    .label  = N_ ("Radius across (pi_xels)"),
    .help = N_ ("The standard deviation across the angle, for a photograph that is softer one way "
                "than the other.") },
  { .key    = "blur-angle",
    .type   = HL_SETTING_DOUBLE,
    .least  = -180,
    .most   = 180,
    .group  = HL_GROUP_GRAIN_AND_BLUR,
    .needs  = "deblur",
    .values = "motion|aniso",
    .shell  = "--deblur motion:9:30",
    .label  = N_ ("Angle (degrees)"),
    .help   = N_ ("Along which the blur lies: 0 is level, 90 is upright, 45 falls to the right.") },
  { .key    = "blur-file",
    .type   = HL_SETTING_FILE,
    .group  = HL_GROUP_GRAIN_AND_BLUR,
    .needs  = "deblur",
    .values = "file",
    .shell  = "--deblur dot.png",
    .label  = N_ ("Picture of the blur"),
    .help   = N_ ("A small picture of what the blur made of a single point: light on black.") },
  { .key     = "deblur-method",
    .type    = HL_SETTING_CHOICE,
    .choices = deblur_methods,
    .normal  = HL_DEBLUR_PRIOR,
    .group   = HL_GROUP_GRAIN_AND_BLUR,
    .needs   = "deblur",
    .values  = "whole|auto|gaussian|disk|motion|aniso|file",
    .label   = N_ ("How to shar_pen"),
    .help    = N_ ("The trained network is best and slowest. Total variation takes seconds and "
                      "favours clear edges. The filter is there at once, and raises the grain."),
    PLACE (deblur_method) },
  { .key     = "blur-light",
    .type    = HL_SETTING_CHOICE,
    .choices = blur_lights,
    .normal  = HL_BLUR_LIGHT_AUTO,
    .group   = HL_GROUP_GRAIN_AND_BLUR,
    .needs   = "deblur",
    .values  = "whole|auto|gaussian|disk|motion|aniso|file",
    .label   = N_ ("What was blurred"),
    .help    = N_ ("A lens and a shaken camera blur light; a scanner and most software blur the "
                      "values in the file. The other choice leaves bright or dark rims at edges."),
    PLACE (blur_light) },
  { .key    = "auto-noise",
    .type   = HL_SETTING_BOOLEAN,
    .normal = TRUE,
    .group  = HL_GROUP_GRAIN_AND_BLUR,
    .shell  = "--noise-level auto",
    .label  = N_ ("Meas_ure the grain of the photograph"),
    .help = N_ ("Measure the grain in the undamaged part, so that it is not mistaken for detail."),
    PLACE (auto_noise) },
  { .key    = "noise-level",
    .type   = HL_SETTING_DOUBLE,
    .most   = 40,
    .normal = 3,
    .scale  = 0.01,
    .group  = HL_GROUP_GRAIN_AND_BLUR,
    .needs  = "auto-noise",
    .values = "false",
    .label  = N_ ("_Grain (percent of white)"),
    .help   = N_ ("How grainy the photograph is: the standard deviation of its noise in percent of "
                    "white. 1 is a clean scan, 5 a grainy print, 10 or more very rough. Used only when "
                    "the grain is not measured."),
    PLACE (noise_level) },
  { .key     = "colour",
    .type    = HL_SETTING_CHOICE,
    .choices = colours,
    .normal  = HL_COLOUR_NONE,
    .group   = HL_GROUP_COLOUR,
    .step    = HL_STEP_COLOUR,
    .label   = N_ ("Restore _faded colours"),
    .help
    = N_ ("Brings back the colours of the whole layer if the dyes have faded or the paper has "
          "yellowed."),
    PLACE (colour.kind) },
  { .key    = "colour-strength",
    .type   = HL_SETTING_DOUBLE,
    .most   = 100,
    .normal = 100,
    .scale  = 0.01,
    .group  = HL_GROUP_COLOUR,
    .step   = HL_STEP_COLOUR,
    .needs  = "colour",
    .values = "auto|print|slide|gray",
    .label  = N_ ("Strength of the colours (percent)"),
    .help   = N_ ("How much of the fading is undone."),
    PLACE (colour.strength) },
  { .key    = "colour-gray",
    .type   = HL_SETTING_POINTS,
    .group  = HL_GROUP_COLOUR,
    .step   = HL_STEP_COLOUR,
    .needs  = "colour",
    .values = "auto|print|slide",
    .label  = N_ ("Pick gr_ay"),
    .help   = N_ ("What should be gray, such as a wall or a road, counts more than what is "
                    "estimated. In the window click on it in the picture, and again to take the "
                    "point away; elsewhere write X,Y in pixels, and semicolons between points."),
    PLACE (colour.neutral) },
  { .key     = "tone",
    .type    = HL_SETTING_CHOICE,
    .choices = tones,
    .normal  = HL_TONE_NEUTRAL,
    .group   = HL_GROUP_COLOUR,
    .step    = HL_STEP_COLOUR,
    .needs   = "colour",
    .values  = "auto|gray",
    .label   = N_ ("Tone"),
    .help    = N_ ("What becomes of the brown or the yellow of a black-and-white photograph."),
    PLACE (colour.tone) },
  { .key    = "colour-layer",
    .type   = HL_SETTING_BOOLEAN,
    .normal = TRUE,
    .group  = HL_GROUP_COLOUR,
    .step   = HL_STEP_OUTPUT,
    .needs  = "colour",
    .values = "auto|print|slide|gray",
    .shell  = "",
    .label  = N_ ("Colours on a layer of their own"),
    .help   = N_ ("Puts the restored colours on a second new layer above the mended photograph, so "
                    "that they can be hidden or blended. Otherwise one layer has both.") },
  { .key     = "output",
    .type    = HL_SETTING_CHOICE,
    .choices = outputs,
    .normal  = HL_OUTPUT_LAYER,
    .group   = HL_GROUP_RESULT,
    .step    = HL_STEP_OUTPUT,
    .shell   = "",
    .label   = N_ ("New la_yer"),
    .help
    = N_ ("What the new layer holds. With the repair alone, you can move or repaint what lies "
          "below it; with a layer mask, you can paint the repair in and out. Added to the last "
          "repair, it takes the place of the restored layer that you began with, so that many "
          "repairs are one layer."),
    PLACE (output) },
  { .key   = "memory-limit",
    .type  = HL_SETTING_INT,
    .most  = G_MAXINT32,
    .scale = 1e6,
    .group = HL_GROUP_RESULT,
    .label = N_ ("Memory limit (megabytes)"),
    .help  = N_ ("The most memory that the networks may take. With less of it a large picture is "
                  "worked on in smaller pieces. 0 takes what is free, and keeps a fifth of it for "
                  "others."),
    PLACE (memory_limit) },
  /* What only the shell offers is in English. */
  { .key   = "threads",
    .type  = HL_SETTING_INT,
    .most  = 64,
    .label = "Threads",
    .help  = "How many processors work on it. 0 takes all of them.",
    PLACE (threads) },
  { .key   = "weights",
    .type  = HL_SETTING_FILE,
    .label = "Weights",
    .help  = "Another trained network, as tools/train makes it.",
    PLACE (weights) },
};

/**
 * hl_setting_get:
 * @number: which, from 0 on
 *
 * Returns: (nullable): a row of the table, or %NULL after the last
 */
const HlSetting *
hl_setting_get (guint number)
{
  return number < G_N_ELEMENTS (table) ? &table[number] : NULL;
}

/**
 * hl_setting_find:
 * @key: the name of a setting
 *
 * Returns: (nullable): its row
 */
const HlSetting *
hl_setting_find (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].key, key))
      return &table[i];
  return NULL;
}

/**
 * hl_setting_matters:
 * @setting: one with a need
 * @value: the value of the setting that it needs, as text
 *
 * Returns: whether @setting has any effect then
 */
gboolean
hl_setting_matters (const HlSetting *setting, const char *value)
{
  g_auto (GStrv) values = g_strsplit (setting->values, "|", -1);

  return g_strv_contains ((const char *const *) values, value);
}
