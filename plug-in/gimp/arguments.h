/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of the procedure. */
#pragma once

#include <libgimp/gimp.h>

#include "gimp/snapshot.h"
#include "gimp/task.h"

G_BEGIN_DECLS

void           hl_arguments_add (GimpProcedure *procedure);
char          *hl_arguments_get_text (GObject *config, const HlSetting *setting);
gboolean       hl_arguments_matters (GObject *config, const HlSetting *setting);
char          *hl_arguments_get_key (GObject *config, HlSettingStep step);
char          *hl_arguments_get_record (GObject *config, const HlRestoreReport *report);
gboolean       hl_arguments_repair_all (GObject *config);
HlSnapshotPart hl_arguments_get_part (GObject *config, GimpImage *image);
HlOutput       hl_arguments_get_output (GimpProcedureConfig *config);
gboolean       hl_arguments_read (GimpProcedureConfig *config, HlTask *task, GError **error);

G_END_DECLS
