/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is proposed to be selected of a layer, and how that is found without blocking. */
#pragma once

#include <libgimp/gimp.h>

#include "restore/image.h"

G_BEGIN_DECLS

typedef struct _HlProposal HlProposal;

/**
 * HlProposalFunc:
 * @proposal: which has become another, or is on its way
 * @user_data: as given to hl_proposal_set_listener()
 *
 * Called on the main thread.
 */
typedef void (*HlProposalFunc) (HlProposal *proposal, gpointer user_data);

HlProposal *hl_proposal_new (GimpLayer *layer, GError **error);
void        hl_proposal_free (HlProposal *proposal);
void hl_proposal_set_listener (HlProposal *proposal, HlProposalFunc listener, gpointer user_data);
void hl_proposal_start (HlProposal *proposal, double sensitivity, int size);
gboolean hl_proposal_find (HlProposal *proposal, double sensitivity, int size, GError **error);
void     hl_proposal_cancel (HlProposal *proposal);
const HlImage *hl_proposal_get_image (const HlProposal *proposal);
const float   *hl_proposal_get_found (const HlProposal *proposal);
guint          hl_proposal_get_serial (const HlProposal *proposal);
double         hl_proposal_get_fraction (const HlProposal *proposal);
const GError  *hl_proposal_get_error (const HlProposal *proposal);
gboolean       hl_proposal_select (const HlProposal *proposal, GimpImage *image, gboolean add,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlProposal, hl_proposal_free)

G_END_DECLS
