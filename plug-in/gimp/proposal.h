/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is proposed to be selected of a photograph, found without blocking. */
#pragma once

#include "restore/image.h"
#include "restore/run.h"

G_BEGIN_DECLS

typedef struct _HlProposal HlProposal;

/**
 * HlProposalFunc:
 * @proposal: which has changed
 * @user_data: as given to hl_proposal_set_listener()
 *
 * Called by the default main loop whenever the proposal has become another, or has failed.
 */
typedef void (*HlProposalFunc) (HlProposal *proposal, gpointer user_data);

HlProposal *hl_proposal_new (const HlImage *image, const guint8 *evidence, const float *selection);
void hl_proposal_set_listener (HlProposal *proposal, HlProposalFunc listener, gpointer user_data);
void hl_proposal_start (HlProposal *proposal, double sensitivity, int size, gboolean within);
gboolean      hl_proposal_is_running (const HlProposal *proposal);
const guint8 *hl_proposal_get_found (const HlProposal *proposal);
gsize         hl_proposal_get_count (const HlProposal *proposal);
guint         hl_proposal_get_serial (const HlProposal *proposal);
double        hl_proposal_get_fraction (const HlProposal *proposal);
const GError *hl_proposal_get_error (const HlProposal *proposal);
void          hl_proposal_free (HlProposal *proposal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlProposal, hl_proposal_free)

G_END_DECLS
