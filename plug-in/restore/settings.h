/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be set: one table, from which come GIMP's arguments, the shell's options, the checks,
 * the window's rows, the record kept with a layer and README.md's table. */
#pragma once

#include "restore/blur/psf.h"
#include "restore/colour/colour.h"

G_BEGIN_DECLS

/**
 * HlDeblur:
 * @HL_DEBLUR_NONE: leave the blur
 * @HL_DEBLUR_WHOLE: find out where the whole photograph is restored, nothing being selected; until
 *   hl_sharpen_decide() has made one of the others of it, the same as %HL_DEBLUR_NONE
 * @HL_DEBLUR_AUTO: find out how blurred the photograph is, and undo that
 * @HL_DEBLUR_KNOWN: undo a blur that is given
 *
 * From %HL_DEBLUR_AUTO on a blur is undone.
 */
typedef enum
{
  HL_DEBLUR_NONE,
  HL_DEBLUR_WHOLE,
  HL_DEBLUR_AUTO,
  HL_DEBLUR_KNOWN,
} HlDeblur;

/**
 * HlBlurKind:
 * @HL_BLUR_NONE: none
 * @HL_BLUR_WHOLE: to be found out where nothing is selected, else none
 * @HL_BLUR_AUTO: to be found out
 * @HL_BLUR_GAUSSIAN: as soft every way
 * @HL_BLUR_DISK: out of focus
 * @HL_BLUR_MOTION: along a line
 * @HL_BLUR_ANISO: softer one way than the other
 * @HL_BLUR_FILE: as a picture shows it
 *
 * What can be said of the blur in GIMP.
 */
typedef enum
{
  HL_BLUR_NONE,
  HL_BLUR_WHOLE,
  HL_BLUR_AUTO,
  HL_BLUR_GAUSSIAN,
  HL_BLUR_DISK,
  HL_BLUR_MOTION,
  HL_BLUR_ANISO,
  HL_BLUR_FILE,
} HlBlurKind;

/**
 * HlDeblurMethod:
 * @HL_DEBLUR_WIENER: at once, by one filter
 * @HL_DEBLUR_TV: by total variation
 * @HL_DEBLUR_PRIOR: by the learned prior, after total variation
 */
typedef enum
{
  HL_DEBLUR_WIENER,
  HL_DEBLUR_TV,
  HL_DEBLUR_PRIOR,
} HlDeblurMethod;

/**
 * HlBlurLight:
 * @HL_BLUR_LIGHT_AUTO: what the photograph shows, and light where it does not
 * @HL_BLUR_LIGHT_LINEAR: light was blurred, by a lens or as the camera moved
 * @HL_BLUR_LIGHT_ENCODED: the gamma-encoded values were, by a scanner or a program
 */
typedef enum
{
  HL_BLUR_LIGHT_AUTO,
  HL_BLUR_LIGHT_LINEAR,
  HL_BLUR_LIGHT_ENCODED,
} HlBlurLight;

/**
 * HlMethod:
 * @HL_METHOD_AUTO: the one that suits the damage
 * @HL_METHOD_PRIOR: the learned prior: half-quadratic splitting with the trained denoiser
 * @HL_METHOD_DEEP: the learned prior, and then the deep prior: its denoiser fitted to this one
 *   photograph
 * @HL_METHOD_UNTRAINED: the deep image prior: a network that has learnt nothing before, fitted to
 *   this one photograph
 */
typedef enum
{
  HL_METHOD_AUTO,
  HL_METHOD_PRIOR,
  HL_METHOD_DEEP,
  HL_METHOD_UNTRAINED,
} HlMethod;

/**
 * HlFind:
 * @HL_FIND_OFF: the selection is the damage
 * @HL_FIND_AUTO: so it is, and where nothing is selected the damage of the whole photograph is
 * found
 * @HL_FIND_ONLY: the damage is found, in the selection where there is one
 *
 * Whether the damage is looked for, or selected by the person.
 */
typedef enum
{
  HL_FIND_OFF,
  HL_FIND_AUTO,
  HL_FIND_ONLY,
} HlFind;

/**
 * HlStains:
 * @HL_STAINS_OPAQUE: all that is marked is painted anew
 * @HL_STAINS_AUTO: where the picture is seen through what is marked, the stain is taken off it
 * @HL_STAINS_SEE_THROUGH: it is seen through all that is marked
 */
typedef enum
{
  HL_STAINS_OPAQUE,
  HL_STAINS_AUTO,
  HL_STAINS_SEE_THROUGH,
} HlStains;

/**
 * HlFill:
 * @HL_FILL_AUTO: with pieces of the picture where the hole is wide and they fit, else smoothly
 * @HL_FILL_CAUTIOUS: smoothly, with similar patches near the edge of a hole
 * @HL_FILL_BOLD: with pieces of the picture in any case
 *
 * What wide holes are filled with.
 */
typedef enum
{
  HL_FILL_AUTO,
  HL_FILL_CAUTIOUS,
  HL_FILL_BOLD,
} HlFill;

/**
 * HlOutput:
 * @HL_OUTPUT_LAYER: a layer with all of the picture, the repair blended in
 * @HL_OUTPUT_REPAIR: a layer that is transparent but for the repair
 * @HL_OUTPUT_MASK: a layer with all of the picture, and a layer mask that shows the repair
 * @HL_OUTPUT_ADD: a layer with all of the picture, which takes the place of the one that was
 *   restored, if that is the result of a restoration itself
 *
 * What the new layer holds.
 */
typedef enum
{
  HL_OUTPUT_LAYER,
  HL_OUTPUT_REPAIR,
  HL_OUTPUT_MASK,
  HL_OUTPUT_ADD
} HlOutput;

/**
 * HlRestoreSettings:
 * @method: how holes are filled
 * @fill: what those are filled with that are wide; only by %HL_METHOD_AUTO and %HL_METHOD_DEEP
 * @weights: (nullable): a file of weights for the learned prior instead of those built in
 * @denoise: take the noise out of the whole picture too; there need not be a hole then
 * @grain: how much of the photograph's own grain what was repainted gets, 0..1; none where
 *   @denoise is set
 * @iterations: steps of the deep prior at most, 0..20000; 0 leaves the learned prior's result, or
 *   the smooth fill where the network is untrained
 * @auto_noise: estimate the noise from the sound pixels; @noise_level is then ignored
 * @noise_level: standard deviation of the photograph's noise, 0..0.4 of white
 * @deblur: whether a blur of the whole picture is to be undone; there need not be a hole then
 * @deblur_method: how
 * @blur_light: what it was that was blurred
 * @psf: (nullable): the blur, for %HL_DEBLUR_KNOWN, and for %HL_DEBLUR_AUTO where it has been found
 *   already; must outlive the restoration
 * @stains: whether the picture is seen through what is marked
 * @colour: what to do to the colours of the whole picture; there need not be a hole then.  Its
 *   noise level is the one of above
 * @seed: of the pieces in wide holes, of what the deep prior learns from, and of the grain; same
 *   seed, same result
 * @threads: 1..64, or 0 for one per processor
 * @memory_limit: bytes that the restoration may take, or 0 for what the machine has free
 * @find: whether the target is found by hl_damage_find(), before hl_restore() is called
 * @find_sensitivity: how faint the damage may be that is found, 0 (none that is not beyond doubt)
 *   to 100
 * @mask_grow: pixels by which the mask is to be widened, 0..%HL_MASK_MOST_GROWTH; done before
 *   hl_restore() is called
 * @output: what becomes of the result, likewise not hl_restore()'s business
 *
 * What can be set, in the engine's units. The table in settings.c says the same in people's.
 */
typedef struct
{
  HlMethod       method;
  HlFill         fill;
  const char    *weights;
  gboolean       denoise;
  double         grain;
  guint          iterations;
  gboolean       auto_noise;
  double         noise_level;
  HlDeblur       deblur;
  HlDeblurMethod deblur_method;
  HlBlurLight    blur_light;
  const HlPsf   *psf;
  HlStains       stains;
  HlColour       colour;
  guint32        seed;
  guint          threads;
  guint64        memory_limit;
  HlFind         find;
  double         find_sensitivity;
  int            mask_grow;
  HlOutput       output;
} HlRestoreSettings;

/**
 * HlSettingType:
 * @HL_SETTING_BOOLEAN: yes or no
 * @HL_SETTING_INT: a whole number
 * @HL_SETTING_DOUBLE: a number
 * @HL_SETTING_CHOICE: one of several words
 * @HL_SETTING_FILE: the name of a file
 * @HL_SETTING_POINTS: points of the photograph, as hl_colour_points_parse() reads them
 */
typedef enum
{
  HL_SETTING_BOOLEAN,
  HL_SETTING_INT,
  HL_SETTING_DOUBLE,
  HL_SETTING_CHOICE,
  HL_SETTING_FILE,
  HL_SETTING_POINTS,
} HlSettingType;

/**
 * HlSettingGroup:
 * @HL_GROUP_NONE: in the shell only
 * @HL_GROUP_DAMAGE: what is damaged, and how it is mended
 * @HL_GROUP_GRAIN_AND_BLUR: of the whole photograph
 * @HL_GROUP_COLOUR: likewise
 * @HL_GROUP_RESULT: what becomes of it
 *
 * Where a setting stands in the window.
 */
typedef enum
{
  HL_GROUP_NONE,
  HL_GROUP_DAMAGE,
  HL_GROUP_GRAIN_AND_BLUR,
  HL_GROUP_COLOUR,
  HL_GROUP_RESULT,
} HlSettingGroup;

/**
 * HlSettingStep:
 * @HL_STEP_REPAIR: the repair
 * @HL_STEP_GRAIN: the grain that the repair is given
 * @HL_STEP_COLOUR: the colours of all of it
 * @HL_STEP_OUTPUT: the new layer
 *
 * The first step that must be done again when a setting changes.
 */
typedef enum
{
  HL_STEP_REPAIR,
  HL_STEP_GRAIN,
  HL_STEP_COLOUR,
  HL_STEP_OUTPUT
} HlSettingStep;

/**
 * HlSettingChoice:
 * @key: the word for scripts and the shell, or %NULL after the last choice
 * @value: what it means to the engine
 * @label: for people, translatable
 */
typedef struct
{
  const char *key;
  int         value;
  const char *label;
} HlSettingChoice;

/**
 * HlSetting:
 * @key: its name as GIMP's argument, and with "--" before it as the shell's option
 * @type: what it holds
 * @least: the smallest number allowed, in people's units
 * @most: the largest, likewise
 * @normal: what it is unless somebody changes it: a number in people's units, the value of a
 *   choice, or 0 or 1
 * @choices: (nullable): of a choice, what there is to choose
 * @scale: the engine's number for 1 of people's; 0 stands for 1
 * @place: offset in #HlRestoreSettings
 * @size: bytes there, or 0 where it has no place of its own, and the hosts translate it
 * @group: where it stands in the window
 * @step: what must be done again when it changes
 * @needs: (nullable): another setting, without which it does not matter
 * @values: (nullable): those of @needs with which it does, with "|" between them
 * @shell: (nullable): how the shell sets it, empty where it does not, %NULL where "--" and @key do
 * @label: for people, translatable; "_" before the letter that leads there
 * @help: what it does, translatable; a sentence or a few
 *
 * One row of the table.
 */
typedef struct
{
  const char            *key;
  HlSettingType          type;
  double                 least, most, normal;
  const HlSettingChoice *choices;
  double                 scale;
  gsize                  place, size;
  HlSettingGroup         group;
  HlSettingStep          step;
  const char            *needs;
  const char            *values;
  const char            *shell;
  const char            *label;
  const char            *help;
} HlSetting;

const HlSetting *hl_setting_get (guint number);
const HlSetting *hl_setting_find (const char *key);
gboolean         hl_setting_matters (const HlSetting *setting, const char *value);
gboolean         hl_setting_has_automatic (const HlSetting *setting);
char            *hl_setting_get_range (const HlSetting *setting);
void     hl_setting_set (const HlSetting *setting, double number, HlRestoreSettings *settings);
gboolean hl_setting_parse (const HlSetting *setting, const char *text, HlRestoreSettings *settings,
                           GError **error);
void     hl_restore_settings_init (HlRestoreSettings *settings);
gboolean hl_restore_settings_check (const HlRestoreSettings *settings, GError **error);

G_END_DECLS
