/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hole at one size of the picture, the pieces that may cover it, and what each costs where. */
#pragma once

#include "restore/patches/patch_level.h"

G_BEGIN_DECLS

/**
 * HlCover:
 * @width: W, pixels
 * @height: H
 * @features: F, numbers that describe a pixel where two pieces meet
 * @values: (H, W, F): colours, slopes of the brightness, and colours after a low-pass
 * @valid: (H, W), 1 where the picture shows something that pieces have to fit to
 * @source: (H, W), 1 where a pixel may be copied
 * @nodes: pixels of the hole
 * @at: (nodes), which those are
 * @beside: (nodes, 4), the nodes left, right, above and below, or -1
 * @index: (H, W), the node of a pixel, or -1
 * @labels: how many ways to move the picture there are
 * @shift: (labels, 2), columns and rows from where a piece goes to where it is copied; (0, 0) keeps
 *   what the hole is filled with
 * @cost: (nodes, labels), as of #HlLabelling
 * @label: (nodes), which piece covers each node
 * @trust: (nodes), 0..1, how far the rim surrounds each node; to leave it as it is filled costs in
 *   proportion; to be set before the costs, of the coarsest size only
 */
typedef struct
{
  int     width, height, features;
  float  *values;
  guint8 *valid, *source;
  int     nodes;
  gint32 *at, *beside, *index;
  int     labels;
  gint32 *shift;
  float  *cost;
  gint32 *label;
  float  *trust;
} HlCover;

/**
 * HlCoverTaste:
 * @steep: by how much more than in proportion a large difference costs, as of #HlLabelling
 * @keep: what it costs to leave a pixel of the coarsest size as it is filled
 * @zoom: pixels of the picture that a pixel is wide
 * @coarsest: likewise, at the coarsest size
 *
 * What pieces cost.
 */
typedef struct
{
  float steep, keep;
  int   zoom, coarsest;
} HlCoverTaste;

gboolean hl_cover_init (HlCover *cover, const HlPatchLevel *level, const guint8 *valid,
                        const guint8 *source);
void     hl_cover_clear (HlCover *cover);
gboolean hl_cover_is_kept (const HlCover *cover, int label);
gboolean hl_cover_get_source (const HlCover *cover, int node, int label, gsize *source);
gboolean hl_cover_set_costs (HlCover *cover, const HlCoverTaste *taste, const guint8 *allowed,
                             GCancellable *cancel);
void     hl_cover_label_cheapest (HlCover *cover);
gboolean hl_cover_refine (HlCover *fine, const HlCover *coarse, const HlCoverTaste *taste,
                          GCancellable *cancel);
gboolean hl_cover_run (HlCover *cover, const HlCoverTaste *taste, int sweeps, GCancellable *cancel);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlCover, hl_cover_clear)

G_END_DECLS
