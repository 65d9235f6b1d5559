/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings under a name: ours, and the person's own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HlPresets HlPresets;

HlPresets  *hl_presets_new (const char *path);
gboolean    hl_presets_load (HlPresets *presets, GError **error);
const char *hl_presets_get_name (HlPresets *presets, guint number);
gboolean    hl_presets_is_personal (HlPresets *presets, guint number);
gboolean    hl_presets_apply (HlPresets *presets, guint number, GObject *config, GError **error);
gboolean    hl_presets_save (HlPresets *presets, const char *name, GObject *config, GError **error);
gboolean    hl_presets_remove (HlPresets *presets, guint number, GError **error);
void        hl_presets_free (HlPresets *presets);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlPresets, hl_presets_free)

G_END_DECLS
