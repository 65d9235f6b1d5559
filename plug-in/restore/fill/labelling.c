/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which piece of the picture covers each pixel of a hole: as few and as faint seams as can be.
 *
 * Kwatra, Schödl, Essa, Turk and Bobick, "Graphcut Textures" (SIGGRAPH 2003), equation 1, for what
 * a seam costs; Pritch, Kav-Venaki and Peleg, "Shift-Map Image Editing" (ICCV 2009), for a
 * labelling of shifts; and alpha expansion: Boykov, Veksler and Zabih, "Fast Approximate Energy
 * Minimization via Graph Cuts" (IEEE TPAMI 2001), section 5, with each expansion as the least cut
 * of the graph of Kolmogorov and Zabih, "What Energy Functions Can Be Minimized via Graph Cuts?"
 * (IEEE TPAMI 2004), theorem 4.1.  Where steep is 0, a seam's cost is a metric of the labels, as
 * expansions need; above that the cut may overrate a few mixtures of labels, so that an expansion
 * misses some gain, but never makes the labelling dearer: Rother, Kumar, Kolmogorov and Blake,
 * "Digital Tapestry" (CVPR 2005), section 3.1. */
#include "restore/fill/labelling.h"

#include <math.h>

#include "restore/fill/max_flow.h"

/* Steps of a cost of 1 that the cut tells apart. */
#define STEPS 4096

/* The pixel that label @a copies to pixel @at, or -1 beyond the picture. */
static gint64
reach (const HlLabelling *labelling, gint32 at, int a)
{
  int x = at % labelling->width + labelling->shift[2 * a];
  int y = at / labelling->width + labelling->shift[2 * a + 1];

  return x < 0 || x >= labelling->width || y < 0 || y >= labelling->height
             ? -1
             : (gint64) y * labelling->width + x;
}

static float
differ (const HlLabelling *labelling, gint64 a, gint64 b)
{
  int          F = labelling->features;
  const float *v = labelling->values + a * F, *w = labelling->values + b * F;
  float        sum = 0;

  for (int f = 0; f < F; f++)
    sum += (v[f] - w[f]) * (v[f] - w[f]);
  return sqrtf (sum) + labelling->steep * sum;
}

/* What the seam between the nodes @p with label @a and @q with label @b costs.  Where the picture
 * ends at the seam for both, so that neither shows what would go on, the sides are compared. */
static float
get_seam (const HlLabelling *labelling, int p, int q, int a, int b)
{
  gint64 pa, pb, qa, qb;

  if (a == b)
    return 0;
  pa = reach (labelling, labelling->at[p], a);
  pb = reach (labelling, labelling->at[p], b);
  qa = reach (labelling, labelling->at[q], a);
  qb = reach (labelling, labelling->at[q], b);
  if (pa >= 0 && pb >= 0 && qa >= 0 && qb >= 0)
    return differ (labelling, pa, pb) + differ (labelling, qa, qb);
  if (pa >= 0 && pb >= 0)
    return 2 * differ (labelling, pa, pb);
  if (qa >= 0 && qb >= 0)
    return 2 * differ (labelling, qa, qb);
  return pa >= 0 && qb >= 0 ? 2 * differ (labelling, pa, qb) : 0;
}

/**
 * hl_labelling_get_cost:
 * @labelling: a labelling
 *
 * Returns: what it costs in all
 */
double
hl_labelling_get_cost (const HlLabelling *labelling)
{
  double sum = 0;

  for (int p = 0; p < labelling->nodes; p++)
    {
      int a = labelling->label[p];

      sum += labelling->cost[(gsize) p * labelling->labels + a];
      for (int d = 1; d < 4; d += 2)
        {
          int q = labelling->beside[4 * p + d];

          if (q >= 0)
            sum += get_seam (labelling, p, q, a, labelling->label[q]);
        }
    }
  return sum;
}

static gint32
count_steps (float cost)
{
  return lrintf (STEPS * cost);
}

/* Gives label @a to whichever nodes make the labelling cheapest, the others keeping theirs; returns
 * how many.  @index and @node: (nodes), scratch buffers. */
static int
expand (HlLabelling *labelling, int a, HlMaxFlow *flow, gint32 *index, gint32 *node)
{
  const gint32 *label = labelling->label, *beside = labelling->beside;
  int           n = 0, changed = 0;

  for (int p = 0; p < labelling->nodes; p++)
    {
      index[p] = -1;
      if (label[p] != a && labelling->cost[(gsize) p * labelling->labels + a] < HL_LABELLING_NEVER)
        {
          node[n]  = p;
          index[p] = n++;
        }
    }
  flow->nodes = n;
  for (int i = 0; i < n; i++)
    {
      const float *cost = labelling->cost + (gsize) node[i] * labelling->labels;

      flow->terminal[i] = count_steps (cost[a]) - count_steps (cost[label[node[i]]]);
      for (int d = 0; d < 4; d++)
        {
          flow->beside[4 * i + d]   = -1;
          flow->capacity[4 * i + d] = 0;
        }
    }
  for (int i = 0; i < n; i++)
    for (int d = 0; d < 4; d++)
      {
        int    p = node[i], q = beside[4 * p + d], j;
        gint32 keep, left, right;

        if (q < 0)
          continue;
        j    = index[q];
        keep = count_steps (get_seam (labelling, p, q, label[p], label[q]));
        if (j < 0)
          {
            flow->terminal[i] += count_steps (get_seam (labelling, p, q, a, label[q])) - keep;
            continue;
          }
        flow->beside[4 * i + d] = j;
        if (!(d & 1))
          continue; /* each pair once */
        right = count_steps (get_seam (labelling, p, q, label[p], a));
        left  = count_steps (get_seam (labelling, p, q, a, label[q]));
        flow->terminal[i] += left - keep;
        flow->terminal[j] -= left;
        flow->capacity[4 * i + d] = MAX (right + left - keep, 0);
      }
  hl_max_flow_run (flow);
  for (int i = 0; i < n; i++)
    if (hl_max_flow_is_at_sink (flow, i))
      {
        labelling->label[node[i]] = a;
        changed++;
      }
  return changed;
}

/**
 * hl_labelling_run:
 * @labelling: a labelling in which no label is one that its node must not have; becomes a cheaper
 *   one
 * @sweeps: how often each label is tried at most
 * @cancel: (nullable): once cancelled, it ends soon
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_labelling_run (HlLabelling *labelling, int sweeps, GCancellable *cancel)
{
  g_auto (HlMaxFlow) flow  = { 0 };
  g_autofree gint32 *index = g_try_new (gint32, 2 * labelling->nodes + 1);
  int                idle  = 0;

  if (!hl_max_flow_init (&flow, labelling->nodes) || !index)
    return FALSE;
  for (int k = 0; k < sweeps * labelling->labels && idle < labelling->labels; k++)
    {
      if (g_cancellable_is_cancelled (cancel))
        break;
      idle = expand (labelling, k % labelling->labels, &flow, index, index + labelling->nodes)
                 ? 0
                 : idle + 1;
    }
  return TRUE;
}
