/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The damage laid out for one stage of the repair, and how long each part of it takes. */
#pragma once

#include "restore/sheets.h"

G_BEGIN_DECLS

/**
 * HlPlanKind:
 * @HL_PLAN_EDGES: the diffusion of edges
 * @HL_PLAN_PIECES: pieces of the picture
 * @HL_PLAN_LEARNED: the learned prior, with the weights that were fitted or without
 * @HL_PLAN_PATCHES: patches
 * @HL_PLAN_UNTRAINED: a step of the untrained network
 */
typedef enum
{
  HL_PLAN_EDGES,
  HL_PLAN_PIECES,
  HL_PLAN_LEARNED,
  HL_PLAN_PATCHES,
  HL_PLAN_UNTRAINED,
} HlPlanKind;

/**
 * HlPlan:
 * @sheets: (element-type HlSheet): what is worked on, one after the other
 * @seconds: what each takes, seconds of one processor core
 * @total: all of them together
 */
typedef struct
{
  GPtrArray *sheets;
  double    *seconds;
  double     total;
} HlPlan;

gboolean hl_plan_init (HlPlan *plan, HlPlanKind kind, const float *target, int width, int height,
                       GCancellable *cancel, GError **error);
void     hl_plan_clear (HlPlan *plan);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlPlan, hl_plan_clear)

G_END_DECLS
