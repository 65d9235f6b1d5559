/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of the procedure, with their ranges and what is said of them. Where each stands in
 * the window, and what depends on it, is in the table of settings.c. */

#include "gimp/arguments.h"

#include <glib/gi18n-lib.h>

#include "gimp/blur_argument.h"
#include "gimp/result.h"
#include "restore/restore.h"

/**
 * hl_arguments_add:
 * @procedure: the plug-in's procedure, which is given its arguments
 *
 * Declares what can be set, but for the image and what GIMP itself adds. GIMP makes of it the
 * procedure's configuration, the widgets and what scripts are told.
 */
void
hl_arguments_add (GimpProcedure *procedure)
{
  gimp_procedure_add_choice_argument (
      procedure, "method", _ ("_Method"),
      _ ("How the damage is painted anew. The trained network has learnt from drawn shapes and "
         "takes seconds. The deep prior goes on from there and learns from this photograph too. The "
         "untrained network learns from this photograph alone."),
      gimp_choice_new_with_values ("auto", HL_METHOD_AUTO, _ ("Automatic"), NULL, "prior",
                                   HL_METHOD_PRIOR, _ ("Trained network (seconds)"), NULL, "deep",
                                   HL_METHOD_DEEP, _ ("Deep prior (tens of seconds)"), NULL,
                                   "untrained", HL_METHOD_UNTRAINED,
                                   _ ("Untrained network (minutes)"), NULL, NULL),
      "auto", G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
      procedure, "iterations", _ ("S_teps"),
      _ ("How long the deep prior may work; it ends by itself when nothing more is gained. 0 "
         "leaves the trained network's result."),
      0, 20000, 1000, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (
      procedure, "denoise", _ ("Remove the gra_in of the whole layer"),
      _ ("Takes the noise out everywhere, not only in the selection. With nothing selected, that "
         "is all it does."),
      FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
      procedure, "noise-level", _ ("_Grain (percent of white)"),
      _ ("How grainy the photograph is: the standard deviation of its noise in percent of "
         "white. 1 is a clean scan, 5 a grainy print, 10 or more very rough. Used only when "
         "the grain is not measured."),
      0.0, 40.0, 3.0, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (
      procedure, "auto-noise", _ ("Meas_ure the grain of the photograph"),
      _ ("Measure the grain in the undamaged part, so that it is not mistaken for detail."), TRUE,
      G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
      procedure, "grain", _ ("Retur_n the grain (percent)"),
      _ ("How much of the photograph's own grain the repaired part gets back. Without it a repair "
         "shows as too smooth."),
      0.0, 100.0, 100.0, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
      procedure, "mask-grow", _ ("_Widen the selection (pixels)"),
      _ ("Repairs this much more than what is selected, for a selection that was drawn too tight."),
      0, 50, 0, G_PARAM_READWRITE);
  hl_blur_add_arguments (procedure);
  gimp_procedure_add_int_argument (
      procedure, "seed", _ ("_Variation"),
      _ ("Each number gives a slightly different result, and the same number always the "
         "same one. Try another where a detail went wrong."),
      0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
      procedure, "memory-limit", _ ("Memory limit (megabytes)"),
      _ ("The most memory that the networks may take. With less of it a large picture is worked on "
         "in smaller pieces. 0 takes what is free, and keeps a fifth of it for others."),
      0, G_MAXINT32, 0, G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument (
      procedure, "output", _ ("New la_yer"),
      _ ("What the new layer holds. With the repair alone, you can move or repaint what lies "
         "below it; with a layer mask, you can paint the repair in and out."),
      gimp_choice_new_with_values ("layer", HL_OUTPUT_LAYER, _ ("All of the photograph"), NULL,
                                   "repair", HL_OUTPUT_REPAIR, _ ("Only the repair"), NULL, "mask",
                                   HL_OUTPUT_MASK, _ ("With a layer mask"), NULL, NULL),
      "layer", G_PARAM_READWRITE);
}
