/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window that proposes a selection. */
#pragma once

#include "gimp/proposal.h"

G_BEGIN_DECLS

gboolean hl_select_window_run (GimpProcedure *procedure, GimpProcedureConfig *config,
                               GimpDrawable *layer, HlProposal *proposal);

G_END_DECLS
