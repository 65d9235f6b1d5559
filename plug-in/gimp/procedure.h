/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both procedures share: how they are registered, and how a call begins and ends. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

GimpProcedure  *hl_procedure_new (GimpPlugIn *plug_in, const char *name, GimpRunImageFunc run,
                                  const char *menu_label, const char *blurb, const char *help);
gboolean        hl_procedure_begin (GimpRunMode run_mode, GError **error);
GimpValueArray *hl_procedure_end (GimpProcedure *procedure, gboolean is_done, GError *error);

G_END_DECLS
