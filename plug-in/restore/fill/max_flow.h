/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least cut of a graph whose nodes have four neighbours at most. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HlMaxFlow:
 * @nodes: how many nodes there are
 * @beside: (nodes, 4), the neighbours left, right, above and below, or -1; if q is the neighbour of
 *   p in direction d, p is that of q in direction d ^ 1
 * @capacity: (nodes, 4), what can flow to that neighbour, 0 or more; becomes what is left
 * @terminal: (nodes), what can flow from the source to a node if above 0, from the node to the
 *   sink if below; becomes what is left
 *
 * The graph, and room to work.
 */
typedef struct
{
  int     nodes;
  gint32 *beside, *capacity, *terminal;
  /*< private >*/
  gint8  *parent;
  guint8 *sink, *queued;
  gint32 *mark, *distance, *queue, *orphan;
  gint32  now, head, count, orphans, first, room;
} HlMaxFlow;

gboolean hl_max_flow_init (HlMaxFlow *flow, int nodes);
void     hl_max_flow_clear (HlMaxFlow *flow);
void     hl_max_flow_run (HlMaxFlow *flow);
gboolean hl_max_flow_is_at_sink (const HlMaxFlow *flow, int node);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlMaxFlow, hl_max_flow_clear)

G_END_DECLS
