/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which piece of the picture covers each pixel of a hole. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a node must not be given, and more than any sum of costs that it may. */
#define HL_LABELLING_NEVER 1e6f

/**
 * HlLabelling:
 * @width: W, pixels of the picture
 * @height: H
 * @features: F, numbers that describe a pixel
 * @values: (H, W, F), of the picture
 * @steep: by how much more than in proportion a large difference costs, 0 or more
 * @nodes: how many pixels are to be covered
 * @at: (nodes), which pixels those are
 * @beside: (nodes, 4), the nodes left, right, above and below, or -1
 * @labels: how many ways to move the picture there are
 * @shift: (labels, 2), by how many columns and rows what is copied lies from where it goes
 * @cost: (nodes, labels), what a label costs at a node, 0 or more, or %HL_LABELLING_NEVER
 * @label: (nodes), the label of each node
 *
 * A labelling and its costs: each node's own, and for each two neighbours p and q with labels a and
 * b d (p + a, p + b) + d (q + a, q + b), where d = |v - w| + @steep |v - w|^2, v and w being the
 * vectors of two pixels' values.
 */
typedef struct
{
  int           width, height, features;
  const float  *values;
  float         steep;
  int           nodes;
  const gint32 *at, *beside;
  int           labels;
  const gint32 *shift;
  const float  *cost;
  gint32       *label;
} HlLabelling;

double   hl_labelling_get_cost (const HlLabelling *labelling);
gboolean hl_labelling_run (HlLabelling *labelling, int sweeps, GCancellable *cancel);

G_END_DECLS
