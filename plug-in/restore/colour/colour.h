/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restores faded colours and yellowed paper. */
#pragma once

#include <gio/gio.h>

#include "restore/colour/points.h"
#include "restore/colour/toned.h"

G_BEGIN_DECLS

/**
 * HlColourKind:
 * @HL_COLOUR_NONE: leave the colours
 * @HL_COLOUR_AUTO: find out what it is, and leave what has not faded
 * @HL_COLOUR_PRINT: a colour print
 * @HL_COLOUR_SLIDE: a colour slide
 * @HL_COLOUR_GRAY: a black-and-white photograph, toned, yellowed or both
 */
typedef enum
{
  HL_COLOUR_NONE,
  HL_COLOUR_AUTO,
  HL_COLOUR_PRINT,
  HL_COLOUR_SLIDE,
  HL_COLOUR_GRAY,
} HlColourKind;

/**
 * HlTone:
 * @HL_TONE_NEUTRAL: gray
 * @HL_TONE_KEEP: as it is; only the contrast is restored
 * @HL_TONE_EVEN: its own, but the same all over the sheet
 *
 * What becomes of the tone of a gray photograph.
 */
typedef enum
{
  HL_TONE_NEUTRAL,
  HL_TONE_KEEP,
  HL_TONE_EVEN,
} HlTone;

/**
 * HlColour:
 * @kind: what the photograph is
 * @strength: how much of the fading is undone, 0..1
 * @tone: what becomes of the tone of a gray photograph
 * @neutral: points that should be gray, as somebody says; of no meaning for gray photographs
 * @noise_level: standard deviation of the photograph's noise, 0..1 of white, which is not raised
 *   with the colours; 0 if there is none
 */
typedef struct
{
  HlColourKind   kind;
  double         strength;
  HlTone         tone;
  HlColourPoints neutral;
  double         noise_level;
} HlColour;

/**
 * HlColourFit:
 * @kind: what the photograph was found to be, or %HL_COLOUR_NONE where nothing is to be done
 * @tone: as in #HlColour
 * @strength: how much is undone, 0..1
 * @noise_level: as in #HlColour
 * @share: of cyan, magenta and yellow dye that is left; of a gray photograph the share of its
 *   contrast
 * @stain: density that was added to red, green and blue
 * @matrix: takes densities less the stain to what they were
 * @toned: the tone of a gray photograph
 *
 * What to do to a photograph of whatever size.
 */
typedef struct
{
  HlColourKind kind;
  HlTone       tone;
  double       strength;
  double       noise_level;
  double       share[3];
  double       stain[3];
  double       matrix[3][3];
  HlToned      toned;
} HlColourFit;

gboolean hl_colour_estimate (HlColourFit *fit, const HlImage *image, const float *target,
                             const guint8 *source, const HlColour *settings, GError **error);
gboolean hl_colour_apply (const HlColourFit *fit, const HlImage *image, HlImage *result,
                          guint threads, GCancellable *cancel, GError **error);

G_END_DECLS
