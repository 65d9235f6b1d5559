/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least cut of a graph whose nodes have four neighbours at most, by augmenting paths between
 * two trees that are kept from one path to the next: Boykov and Kolmogorov, "An Experimental
 * Comparison of Min-Cut/Max-Flow Algorithms for Energy Minimization in Vision" (IEEE TPAMI 2004),
 * sections 3 and 3.2. */
#include "restore/fill/max_flow.h"

#include <string.h>

/* Values of a node's parent beside the directions 0 to 3. */
enum
{
  TERMINAL = 4, /* the source or the sink itself */
  ORPHAN,
  FREE, /* in neither tree */
};

/**
 * hl_max_flow_init:
 * @flow: zeros; to be cleared also after a failure
 * @nodes: at most so many
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_max_flow_init (HlMaxFlow *flow, int nodes)
{
  gsize n = MAX (nodes, 1);

  flow->nodes    = nodes;
  flow->room     = n;
  flow->beside   = g_try_new (gint32, 4 * n);
  flow->capacity = g_try_new (gint32, 4 * n);
  flow->terminal = g_try_new (gint32, n);
  flow->parent   = g_try_new (gint8, n);
  flow->sink     = g_try_new (guint8, n);
  flow->queued   = g_try_new (guint8, n);
  flow->mark     = g_try_new (gint32, n);
  flow->distance = g_try_new (gint32, n);
  flow->queue    = g_try_new (gint32, n);
  flow->orphan   = g_try_new (gint32, n);
  return flow->beside && flow->capacity && flow->terminal && flow->parent && flow->sink
         && flow->queued && flow->mark && flow->distance && flow->queue && flow->orphan;
}

/**
 * hl_max_flow_clear:
 * @flow: a graph
 *
 * Frees what it has.
 */
void
hl_max_flow_clear (HlMaxFlow *flow)
{
  g_clear_pointer (&flow->beside, g_free);
  g_clear_pointer (&flow->capacity, g_free);
  g_clear_pointer (&flow->terminal, g_free);
  g_clear_pointer (&flow->parent, g_free);
  g_clear_pointer (&flow->sink, g_free);
  g_clear_pointer (&flow->queued, g_free);
  g_clear_pointer (&flow->mark, g_free);
  g_clear_pointer (&flow->distance, g_free);
  g_clear_pointer (&flow->queue, g_free);
  g_clear_pointer (&flow->orphan, g_free);
}

/* A node in the queue once has its place there; the queue is a ring. */
static void
activate (HlMaxFlow *flow, int p)
{
  if (flow->queued[p])
    return;
  flow->queued[p]                                      = 1;
  flow->queue[(flow->head + flow->count) % flow->room] = p;
  flow->count++;
}

/* What can still flow in the direction of the tree that @p is in: from @p to its neighbour in
 * direction @d where @p hangs from the source, from there to @p where it hangs from the sink. */
static gint32
outwards (const HlMaxFlow *flow, int p, int d)
{
  return flow->sink[p] ? flow->capacity[4 * flow->beside[4 * p + d] + (d ^ 1)]
                       : flow->capacity[4 * p + d];
}

/* The arc between a node and its parent, in the direction of the flow. */
static gint32 *
arc_of_parent (HlMaxFlow *flow, int p)
{
  int d = flow->parent[p];

  return flow->sink[p] ? flow->capacity + 4 * p + d
                       : flow->capacity + 4 * flow->beside[4 * p + d] + (d ^ 1);
}

static gint32 *
back_of_parent (HlMaxFlow *flow, int p)
{
  int d = flow->parent[p];

  return flow->sink[p] ? flow->capacity + 4 * flow->beside[4 * p + d] + (d ^ 1)
                       : flow->capacity + 4 * p + d;
}

/* Each node is an orphan at most once at a time, so that the ring has room for all. */
static void
make_orphan (HlMaxFlow *flow, int p)
{
  flow->parent[p]                                          = ORPHAN;
  flow->orphan[(flow->first + flow->orphans) % flow->room] = p;
  flow->orphans++;
}

static gint32
find_narrowest (HlMaxFlow *flow, int p, gint32 most)
{
  for (; flow->parent[p] != TERMINAL; p = flow->beside[4 * p + flow->parent[p]])
    most = MIN (most, *arc_of_parent (flow, p));
  return MIN (most, ABS (flow->terminal[p]));
}

/* Lets @amount flow between @p and the root of its tree. */
static void
push (HlMaxFlow *flow, int p, gint32 amount)
{
  while (flow->parent[p] != TERMINAL)
    {
      gint32 *arc = arc_of_parent (flow, p);
      int     up  = flow->beside[4 * p + flow->parent[p]];

      *arc -= amount;
      *back_of_parent (flow, p) += amount;
      if (*arc == 0)
        make_orphan (flow, p);
      p = up;
    }
  flow->terminal[p] += flow->sink[p] ? amount : -amount;
  if (flow->terminal[p] == 0)
    make_orphan (flow, p);
}

/* Along the arc from @p, which hangs from the source, in direction @d. */
static void
augment (HlMaxFlow *flow, int p, int d)
{
  int    q      = flow->beside[4 * p + d];
  gint32 amount = find_narrowest (flow, q, find_narrowest (flow, p, flow->capacity[4 * p + d]));

  flow->capacity[4 * p + d] -= amount;
  flow->capacity[4 * q + (d ^ 1)] += amount;
  push (flow, p, amount);
  push (flow, q, amount);
}

/* How far a node is from the root of its tree, or G_MAXINT32 where an orphan is on the way; marks
 * the way, so that the next one need not go it again. */
static gint32
find_root (HlMaxFlow *flow, int p)
{
  gint32 far = 0;

  for (int q = p;; q = flow->beside[4 * q + flow->parent[q]])
    {
      if (flow->mark[q] == flow->now)
        {
          far += flow->distance[q];
          break;
        }
      far++;
      if (flow->parent[q] == TERMINAL)
        {
          flow->mark[q]     = flow->now;
          flow->distance[q] = 1;
          break;
        }
      if (flow->parent[q] == ORPHAN)
        return G_MAXINT32;
    }
  for (gint32 left = far; flow->mark[p] != flow->now;
       left--, p = flow->beside[4 * p + flow->parent[p]])
    {
      flow->mark[p]     = flow->now;
      flow->distance[p] = left;
    }
  return far;
}

/* Finds another parent for an orphan, or takes it out of its tree. */
static void
adopt (HlMaxFlow *flow, int p)
{
  gint32 nearest = G_MAXINT32;
  int    best    = -1;

  for (int d = 0; d < 4; d++)
    {
      int q = flow->beside[4 * p + d];

      if (q >= 0 && flow->parent[q] != FREE && flow->sink[q] == flow->sink[p]
          && outwards (flow, q, d ^ 1) > 0)
        {
          gint32 far = find_root (flow, q);

          if (far < nearest)
            {
              nearest = far;
              best    = d;
            }
        }
    }
  if (best >= 0)
    {
      flow->parent[p]   = best;
      flow->mark[p]     = flow->now;
      flow->distance[p] = nearest + 1;
      return;
    }
  for (int d = 0; d < 4; d++)
    {
      int q = flow->beside[4 * p + d];

      if (q < 0 || flow->parent[q] == FREE || flow->sink[q] != flow->sink[p])
        continue;
      if (outwards (flow, q, d ^ 1) > 0)
        activate (flow, q);
      if (flow->parent[q] == (d ^ 1))
        make_orphan (flow, q);
    }
  flow->parent[p] = FREE;
}

/* Looks from @p for a node of the other tree, and takes in what is free on the way; returns the
 * direction, or -1. */
static int
grow (HlMaxFlow *flow, int p)
{
  for (int d = 0; d < 4; d++)
    {
      int q = flow->beside[4 * p + d];

      if (q < 0 || outwards (flow, p, d) <= 0)
        continue;
      if (flow->parent[q] == FREE)
        {
          flow->sink[q]     = flow->sink[p];
          flow->parent[q]   = d ^ 1;
          flow->mark[q]     = flow->mark[p];
          flow->distance[q] = flow->distance[p] + 1;
          activate (flow, q);
        }
      else if (flow->sink[q] != flow->sink[p])
        return d;
      else if (flow->mark[q] <= flow->mark[p] && flow->distance[q] > flow->distance[p] + 1)
        {
          flow->parent[q]   = d ^ 1;
          flow->mark[q]     = flow->mark[p];
          flow->distance[q] = flow->distance[p] + 1;
        }
    }
  return -1;
}

/**
 * hl_max_flow_run:
 * @flow: a graph, whose @beside, @capacity and @terminal are set for its @nodes
 *
 * Lets as much flow from the source to the sink as can.
 */
void
hl_max_flow_run (HlMaxFlow *flow)
{
  flow->now = flow->head = flow->count = flow->orphans = flow->first = 0;
  memset (flow->queued, 0, flow->nodes);
  for (int p = 0; p < flow->nodes; p++)
    {
      flow->mark[p]     = 0;
      flow->distance[p] = 1;
      flow->sink[p]     = flow->terminal[p] < 0;
      flow->parent[p]   = flow->terminal[p] != 0 ? TERMINAL : FREE;
      if (flow->terminal[p] != 0)
        activate (flow, p);
    }
  while (flow->count > 0)
    {
      int p = flow->queue[flow->head], d;

      if (flow->parent[p] == FREE || (d = grow (flow, p)) < 0)
        {
          flow->head      = (flow->head + 1) % flow->room;
          flow->queued[p] = 0;
          flow->count--;
          continue;
        }
      flow->now++;
      if (flow->sink[p])
        augment (flow, flow->beside[4 * p + d], d ^ 1);
      else
        augment (flow, p, d);
      while (flow->orphans > 0)
        {
          int q = flow->orphan[flow->first];

          flow->first = (flow->first + 1) % flow->room;
          flow->orphans--;
          adopt (flow, q);
        }
    }
}

/**
 * hl_max_flow_is_at_sink:
 * @flow: after hl_max_flow_run()
 * @node: one of its nodes
 *
 * Returns: whether the least cut leaves it with the sink
 */
gboolean
hl_max_flow_is_at_sink (const HlMaxFlow *flow, int node)
{
  return flow->parent[node] != FREE && flow->sink[node];
}
