/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window that proposes a selection. */
#pragma once

#include "gimp/proposal.h"
#include "gimp/snapshot.h"

G_BEGIN_DECLS

HlProposal *hl_select_window_run (GimpProcedure *procedure, GimpProcedureConfig *config,
                                  HlSnapshot *snapshot, GError **error);

G_END_DECLS
