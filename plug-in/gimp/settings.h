/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be set, and what depends on it. */
#pragma once

#include <libgimp/gimp.h>

#include "gimp/result.h"
#include "gimp/task.h"

G_BEGIN_DECLS

/**
 * HlSettingGroup:
 * @HL_GROUP_WHAT: what is to be done
 * @HL_GROUP_HOW_LONG: how, and how long
 * @HL_GROUP_ADVANCED: what few people change
 */
typedef enum
{
  HL_GROUP_WHAT,
  HL_GROUP_HOW_LONG,
  HL_GROUP_ADVANCED,
  HL_N_GROUPS
} HlSettingGroup;

/**
 * HlSettingStep:
 * @HL_STEP_REPAIR: the repair
 * @HL_STEP_GRAIN: the grain that the repair is given
 * @HL_STEP_OUTPUT: the new layer
 *
 * The first step that must be done again when a setting changes.
 */
typedef enum
{
  HL_STEP_REPAIR,
  HL_STEP_GRAIN,
  HL_STEP_OUTPUT
} HlSettingStep;

/**
 * HlSetting:
 * @property: the procedure's argument
 * @group: where it stands in the window
 * @step: what it changes
 * @needs: (nullable): another argument, without which it does not matter
 * @values: (nullable): those of @needs with which it does, with "|" between them
 */
typedef struct
{
  const char    *property;
  HlSettingGroup group;
  HlSettingStep  step;
  const char    *needs;
  const char    *values;
} HlSetting;

const HlSetting *hl_settings_get (guint number);
char            *hl_settings_get_text (GObject *config, const char *property);
gboolean         hl_settings_set_text (GObject *config, const char *property, const char *text);
char            *hl_settings_get_default (GObject *config, const char *property);
gboolean         hl_settings_matters (GObject *config, const HlSetting *setting);
char            *hl_settings_get_key (GObject *config, HlSettingStep step);
char            *hl_settings_get_record (GObject *config, const HlRestoreReport *report);
gboolean         hl_settings_is_whole (GObject *config);
gboolean         hl_settings_read (GimpProcedureConfig *config, HlTask *task, GError **error);
HlOutput         hl_settings_get_output (GimpProcedureConfig *config);

G_END_DECLS
