/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The damage laid out for one stage of the repair, and how long each part of it takes, from the
 * pixels that the stage passes over: the repair works along it (repair.c), and what it adds up to
 * is known before (work.c), so that progress runs as evenly as time.
 *
 * The numbers below are seconds of one core for a megapixel, with AVX2, kept where the seven old
 * photographs that they were measured on differ at the middle: six prints and a frame of film, .3
 * to 1 megapixels, with the damage that was found. Of another machine only their ratios matter. */
#include "restore/plan.h"

#include "restore/patches/patch_level.h"
#include "restore/stages.h"

#define EDGES 0.4
#define EDGES_HOLE 6.0 /* of the hole alone */
#define PIECES 0.7
#define PIECES_HOLE 5.5
#define PASS_NEAR 1.1 /* of the denoiser, of the squares near the damage */
#define PATCHES 1.5
#define PATCHES_NEAR 12.0 /* of the squares that patches reach out of */

/* A step of the untrained network: forward, backward, and the step. */
#define UNTRAINED_STEP 5.5

#define MEGA 1e6

/* Pixels that a region may have, with its surroundings: as many as the denoiser takes in one piece
 * (nn/denoiser.c). */
#define MOST_PIXELS 1000000

/* Pixels of surroundings that a region has, and how far from the damage counts as near, or -1. */
static const struct
{
  int context, near;
} kinds[] = {
  [HL_PLAN_EDGES]     = { HL_REGIONS_EDGES_CONTEXT, -1 },
  [HL_PLAN_PIECES]    = { HL_REGIONS_PIECES_CONTEXT, -1 },
  [HL_PLAN_LEARNED]   = { HL_REGIONS_PRIOR_CONTEXT, HL_REGIONS_PRIOR_REACH },
  [HL_PLAN_PATCHES]   = { HL_REGIONS_PATCHES_CONTEXT, HL_PATCH_RADIUS },
  [HL_PLAN_UNTRAINED] = { HL_REGIONS_UNTRAINED_CONTEXT, -1 },
};

static double
count_damage (const float *target, int width, HlRect area)
{
  double count = 0;

  for (int y = area.top; y < area.bottom; y++)
    for (int x = area.left; x < area.right; x++)
      count += target[(gsize) y * width + x];
  return count;
}

/* What a sheet takes. */
static double
get_seconds (HlPlanKind kind, const HlSheet *sheet, const float *target, const guint8 *reach,
             int width, int height)
{
  double holes = 0, near = 0, pixels = 0;

  for (guint i = 0; i < sheet->places->len; i++)
    {
      HlRect core = g_array_index (sheet->places, HlPlace, i).core;
      HlRect area = hl_rect_grow (core, kinds[kind].context, width, height);

      holes += count_damage (target, width, area) / MEGA;
      near += reach ? hl_regions_count_reach (reach, width, area) / MEGA : 0;
      pixels += hl_rect_get_pixels (area) / MEGA;
    }
  switch (kind)
    {
    case HL_PLAN_EDGES:
      return EDGES * pixels + EDGES_HOLE * holes;
    case HL_PLAN_PIECES:
      return PIECES * pixels + PIECES_HOLE * holes;
    case HL_PLAN_LEARNED:
      return PASS_NEAR * near
             * hl_stages_count_passes (holes * MEGA, sheet->width * (double) sheet->height);
    case HL_PLAN_PATCHES:
      return PATCHES * pixels + PATCHES_NEAR * near;
    case HL_PLAN_UNTRAINED:
      return UNTRAINED_STEP * pixels;
    }
  g_return_val_if_reached (0);
}

/**
 * hl_plan_init:
 * @plan: (out): the plan; to be cleared also after a failure
 * @kind: of which stage
 * @target: (H, W), above 0 where that is to work
 * @width: W
 * @height: H
 * @cancel: (nullable): to give up
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * The learned prior, which looks no further than a region's surroundings, has several regions on a
 * sheet; whatever learns or copies from them has one.
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_plan_init (HlPlan *plan, HlPlanKind kind, const float *target, int width, int height,
              GCancellable *cancel, GError **error)
{
  gboolean is_shared = kind == HL_PLAN_LEARNED;
  int      context   = kinds[kind].context;
  g_autoptr (GArray) regions
      = hl_regions_new (target, width, height, context, MOST_PIXELS, is_shared, error);
  g_autofree guint8 *reach = NULL;

  *plan = (HlPlan) { 0 };
  if (!regions || g_cancellable_set_error_if_cancelled (cancel, error))
    return FALSE;
  if (kinds[kind].near >= 0)
    {
      reach = hl_regions_find_reach (target, width, height, kinds[kind].near, error);
      if (!reach || g_cancellable_set_error_if_cancelled (cancel, error))
        return FALSE;
    }
  plan->sheets  = hl_sheets_new (regions, is_shared ? context : 0);
  plan->seconds = g_new (double, plan->sheets->len);
  for (guint i = 0; i < plan->sheets->len; i++)
    {
      plan->seconds[i]
          = get_seconds (kind, g_ptr_array_index (plan->sheets, i), target, reach, width, height);
      plan->total += plan->seconds[i];
    }
  return TRUE;
}

/**
 * hl_plan_clear:
 * @plan: a plan
 *
 * Frees what it holds.
 */
void
hl_plan_clear (HlPlan *plan)
{
  g_clear_pointer (&plan->sheets, g_ptr_array_unref);
  g_clear_pointer (&plan->seconds, g_free);
}
