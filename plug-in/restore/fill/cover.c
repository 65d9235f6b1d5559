/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hole at one size of the picture, the pieces that may cover it, and what each costs where: how
 * badly it fits to the rim, over a band of BAND pixels and in low frequencies too, and how badly to
 * the pieces beside it (labelling.c). */
#include "restore/fill/cover.h"

#include <math.h>
#include <string.h>

#include "restore/fill/labelling.h"
#include "restore/fill/taps.h"

/* Weights of a difference in colour, in the slope of the brightness and in colour after a low-pass
 * of LOW_PASSES times the taps 1/4, 1/2, 1/4.  This and what follows was chosen by eye on twelve
 * photographs of 512 x 512 with holes of 180 x 180, and on portraits with a torn edge. */
#define COLOUR 0.7f
#define SLOPE 0.7f
#define LOW 1.0f
#define LOW_PASSES 8

/* Pixels of the full size around the hole to which a piece must fit, and how much that counts. */
#define BAND 8
#define BAND_WEIGHT 4.0f

/* By how much dearer the fill is beside the rim, where it fits by itself: else a strip of it would
 * lie between the rim and whatever does not fit there. */
#define KEPT_RIM 4

/* Counts as the difference to what cannot be copied. */
#define UNKNOWN 0.3f

static const int across[4] = { -1, 1, 0, 0 }, down[4] = { 0, 0, -1, 1 };

/**
 * hl_cover_clear:
 * @cover: a cover
 *
 * Frees what it has.
 */
void
hl_cover_clear (HlCover *cover)
{
  g_clear_pointer (&cover->values, g_free);
  g_clear_pointer (&cover->valid, g_free);
  g_clear_pointer (&cover->source, g_free);
  g_clear_pointer (&cover->at, g_free);
  g_clear_pointer (&cover->beside, g_free);
  g_clear_pointer (&cover->index, g_free);
  g_clear_pointer (&cover->shift, g_free);
  g_clear_pointer (&cover->cost, g_free);
  g_clear_pointer (&cover->label, g_free);
  g_clear_pointer (&cover->trust, g_free);
}

static float
get_brightness (const HlPatchLevel *level, int x, int y)
{
  const float *value
      = level->values
        + ((gsize) CLAMP (y, 0, level->height - 1) * level->width + CLAMP (x, 0, level->width - 1))
              * level->features;
  float sum = 0;

  for (int c = 0; c < level->channels; c++)
    sum += value[c];
  return sum / level->channels;
}

/* The colours after a low-pass: outside the hole of what is outside, so that they do not depend on
 * how it is filled; inside of the fill too. */
static gboolean
set_low (HlCover *cover, const HlPatchLevel *level)
{
  int               C = level->channels, F = cover->features;
  gsize             pixels = (gsize) cover->width * cover->height;
  g_autofree float *soft   = g_try_new (float, 3 * pixels);
  float            *count = soft + pixels, *all = count + pixels;

  if (!soft)
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    count[i] = cover->valid[i];
  hl_taps_smooth (count, cover->width, cover->height, 1, LOW_PASSES);
  for (int c = 0; c < C; c++)
    {
      for (gsize i = 0; i < pixels; i++)
        {
          all[i]  = level->values[i * level->features + c];
          soft[i] = cover->valid[i] ? all[i] : 0;
        }
      hl_taps_smooth (all, cover->width, cover->height, 1, LOW_PASSES);
      hl_taps_smooth (soft, cover->width, cover->height, 1, LOW_PASSES);
      for (gsize i = 0; i < pixels; i++)
        cover->values[i * F + C + 2 + c]
            = LOW * (!level->hole[i] && count[i] > 0 ? soft[i] / count[i] : all[i]);
    }
  return TRUE;
}

/**
 * hl_cover_init:
 * @cover: zeros; to be cleared also after a failure
 * @level: a size of the picture, of which the colours and the hole are read
 * @valid: (H, W), 1 where it shows something outside the hole
 * @source: (H, W), 1 where a pixel may be copied
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_cover_init (HlCover *cover, const HlPatchLevel *level, const guint8 *valid, const guint8 *source)
{
  int   W = level->width, H = level->height, C = level->channels, F = 2 * C + 2;
  gsize pixels = (gsize) W * H;

  *cover = (HlCover) { .width = W, .height = H, .features = F };
  for (gsize i = 0; i < pixels; i++)
    cover->nodes += level->hole[i];
  cover->values = g_try_malloc_n (pixels, F * sizeof (float));
  cover->valid  = g_try_malloc (pixels);
  cover->source = g_try_malloc (pixels);
  cover->index  = g_try_new (gint32, pixels);
  cover->at     = g_try_new (gint32, cover->nodes + 1);
  cover->beside = g_try_new (gint32, 4 * (gsize) cover->nodes + 1);
  cover->label  = g_try_new0 (gint32, cover->nodes + 1);
  cover->trust  = g_try_new (float, cover->nodes + 1);
  if (!cover->values || !cover->valid || !cover->source || !cover->index || !cover->at
      || !cover->beside || !cover->label || !cover->trust)
    return FALSE;
  memcpy (cover->valid, valid, pixels);
  memcpy (cover->source, source, pixels);
  cover->nodes = 0;
  for (gsize i = 0; i < pixels; i++)
    {
      int    x = i % W, y = i / W;
      float *value = cover->values + i * F;

      for (int c = 0; c < C; c++)
        value[c] = COLOUR * level->values[i * level->features + c];
      value[C]     = SLOPE * (get_brightness (level, x + 1, y) - get_brightness (level, x - 1, y));
      value[C + 1] = SLOPE * (get_brightness (level, x, y + 1) - get_brightness (level, x, y - 1));
      cover->index[i] = level->hole[i] ? cover->nodes : -1;
      if (level->hole[i])
        cover->at[cover->nodes++] = i;
    }
  for (int p = 0; p < cover->nodes; p++)
    for (int d = 0; d < 4; d++)
      {
        int x = cover->at[p] % W + across[d], y = cover->at[p] / W + down[d];

        cover->beside[4 * p + d]
            = x < 0 || x >= W || y < 0 || y >= H ? -1 : cover->index[(gsize) y * W + x];
      }
  return set_low (cover, level);
}

/**
 * hl_cover_is_kept:
 * @cover: a cover
 * @label: one of its labels
 *
 * Returns: whether it keeps what the hole is filled with
 */
gboolean
hl_cover_is_kept (const HlCover *cover, int label)
{
  return cover->shift[2 * label] == 0 && cover->shift[2 * label + 1] == 0;
}

static gboolean
move (const HlCover *cover, gint32 at, const gint32 *shift, gsize *to)
{
  int x = at % cover->width + shift[0], y = at / cover->width + shift[1];

  if (x < 0 || x >= cover->width || y < 0 || y >= cover->height)
    return FALSE;
  *to = (gsize) y * cover->width + x;
  return TRUE;
}

/**
 * hl_cover_get_source:
 * @cover: a cover
 * @node: one of its nodes
 * @label: one of its labels
 * @source: (out): the pixel that @label copies to @node
 *
 * Returns: whether it may be copied
 */
gboolean
hl_cover_get_source (const HlCover *cover, int node, int label, gsize *source)
{
  return move (cover, cover->at[node], cover->shift + 2 * label, source)
         && (cover->source[*source] || hl_cover_is_kept (cover, label));
}

static float
get_difference (const HlCover *cover, gsize a, gsize b, float steep)
{
  const float *u = cover->values + a * cover->features, *v = cover->values + b * cover->features;
  float        sum = 0;

  for (int f = 0; f < cover->features; f++)
    sum += (u[f] - v[f]) * (u[f] - v[f]);
  return sqrtf (sum) + steep * sum;
}

/* How badly a piece continues the pixels of the rim that touch a node. */
static float
get_rim_cost (const HlCover *cover, int p, int a, float steep)
{
  float sum = 0;

  for (int d = 0; d < 4; d++)
    {
      int   x = cover->at[p] % cover->width + across[d], y = cover->at[p] / cover->width + down[d];
      gsize at = (gsize) y * cover->width + x, to;

      if (x < 0 || x >= cover->width || y < 0 || y >= cover->height || cover->index[at] >= 0
          || !cover->valid[at])
        continue;
      sum += 2
             * (move (cover, at, cover->shift + 2 * a, &to) ? get_difference (cover, at, to, steep)
                                                            : 1);
    }
  return sum;
}

/* How badly it fits to all of the band that is within @reach of a node. */
static float
get_band_cost (const HlCover *cover, int p, int a, int reach, float steep)
{
  int   x = cover->at[p] % cover->width, y = cover->at[p] / cover->width;
  float sum = 0;

  for (int v = MAX (y - reach, 0); v <= MIN (y + reach, cover->height - 1); v++)
    for (int u = MAX (x - reach, 0); u <= MIN (x + reach, cover->width - 1); u++)
      {
        gsize at = (gsize) v * cover->width + u, to;

        if (cover->index[at] >= 0 || !cover->valid[at])
          continue;
        if (!move (cover, at, cover->shift + 2 * a, &to) || cover->index[to] >= 0)
          sum += UNKNOWN + steep * UNKNOWN * UNKNOWN;
        else
          sum += get_difference (cover, at, to, steep);
      }
  return sum / ((2 * reach + 1) * (2 * reach + 1));
}

/* Whether any of the rim is within @reach of a node. */
static gboolean
is_near_rim (const HlCover *cover, int p, int reach)
{
  int x = cover->at[p] % cover->width, y = cover->at[p] / cover->width;

  for (int v = MAX (y - reach, 0); v <= MIN (y + reach, cover->height - 1); v++)
    for (int u = MAX (x - reach, 0); u <= MIN (x + reach, cover->width - 1); u++)
      if (cover->index[(gsize) v * cover->width + u] < 0)
        return TRUE;
  return FALSE;
}

/* Whether any of the labels that a node may have has something to copy there. */
static gboolean
has_any (const HlCover *cover, int p, const guint8 *allowed)
{
  gsize from;

  for (int a = 0; a < cover->labels; a++)
    if ((!allowed || allowed[(gsize) p * cover->labels + a])
        && hl_cover_get_source (cover, p, a, &from))
      return TRUE;
  return FALSE;
}

/**
 * hl_cover_set_costs:
 * @cover: a cover, whose labels are set
 * @taste: what pieces cost
 * @allowed: (nullable): (nodes, labels), 0 for the labels that a node must not have, but for the
 *   one that keeps the fill where it can have no other; %NULL where all may
 * @cancel: (nullable): once cancelled, it ends soon
 *
 * Sets what each label costs by how it fits to the rim.
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_cover_set_costs (HlCover *cover, const HlCoverTaste *taste, const guint8 *allowed,
                    GCancellable *cancel)
{
  int reach = MAX (BAND / taste->zoom, 1);

  g_free (cover->cost);
  cover->cost = g_try_malloc_n ((gsize) cover->nodes + 1, cover->labels * sizeof (float));
  if (!cover->cost)
    return FALSE;
  for (int p = 0; p < cover->nodes && !g_cancellable_is_cancelled (cancel); p++)
    {
      gboolean near = is_near_rim (cover, p, reach), any = has_any (cover, p, allowed);
      for (int a = 0; a < cover->labels; a++)
        {
          gsize i = (gsize) p * cover->labels + a, from;

          cover->cost[i] = HL_LABELLING_NEVER;
          if ((allowed && !allowed[i] && (any || !hl_cover_is_kept (cover, a)))
              || !hl_cover_get_source (cover, p, a, &from))
            continue;
          if (hl_cover_is_kept (cover, a))
            cover->cost[i] = (near ? KEPT_RIM : 1) * cover->trust[p] * taste->keep * taste->zoom
                             / taste->coarsest;
          else
            cover->cost[i] = near ? get_rim_cost (cover, p, a, taste->steep)
                                        + BAND_WEIGHT / reach
                                              * get_band_cost (cover, p, a, reach, taste->steep)
                                  : 0;
        }
    }
  return TRUE;
}

/**
 * hl_cover_label_cheapest:
 * @cover: a cover, whose costs are set
 *
 * Gives each node, whose label is none that it may have, the one that costs least by itself.
 */
void
hl_cover_label_cheapest (HlCover *cover)
{
  for (int p = 0; p < cover->nodes; p++)
    {
      const float *cost = cover->cost + (gsize) p * cover->labels;

      if (cost[cover->label[p]] >= HL_LABELLING_NEVER)
        for (int a = 0; a < cover->labels; a++)
          if (cost[a] < cost[cover->label[p]])
            cover->label[p] = a;
    }
}

/* Moves the piece of a label by up to a pixel to where it fits best to what is around it. */
static void
settle (HlCover *cover, int a, float steep)
{
  static const gint32 none[2] = { 0, 0 };
  double              cost[9] = { 0 };
  int                 best    = 4;

  if (hl_cover_is_kept (cover, a))
    return;
  for (int p = 0; p < cover->nodes; p++)
    for (int d = 0; d < 4 && cover->label[p] == a; d++)
      {
        int           q  = cover->beside[4 * p + d];
        int           x  = cover->at[p] % cover->width + across[d];
        int           y  = cover->at[p] / cover->width + down[d];
        gsize         to = (gsize) y * cover->width + x, other_p, other_q, from_p, from_q;
        const gint32 *b  = q >= 0 ? cover->shift + 2 * cover->label[q] : none;
        gboolean      here, there;

        if (x < 0 || x >= cover->width || y < 0 || y >= cover->height
            || (q >= 0 ? cover->label[q] == a : !cover->valid[to]))
          continue;
        here  = q >= 0 && move (cover, cover->at[p], b, &other_p);
        there = move (cover, to, b, &other_q);
        for (int i = 0; i < 9; i++)
          {
            gint32 shift[2]
                = { cover->shift[2 * a] + i % 3 - 1, cover->shift[2 * a + 1] + i / 3 - 1 };

            if (!move (cover, cover->at[p], shift, &from_p) || !cover->source[from_p])
              cost[i] += 1;
            else if (here)
              cost[i] += get_difference (cover, from_p, other_p, steep);
            if (there && move (cover, to, shift, &from_q))
              cost[i] += get_difference (cover, from_q, other_q, steep);
          }
      }
  for (int i = 0; i < 9; i++)
    if (cost[i] < cost[best])
      best = i;
  cover->shift[2 * a] += best % 3 - 1;
  cover->shift[2 * a + 1] += best / 3 - 1;
}

/* The labels that are used, the one that keeps the fill always, at twice the size. */
static gboolean
take_labels (HlCover *fine, const HlCover *coarse, gint32 *number)
{
  fine->labels = 0;
  for (int a = 0; a < coarse->labels; a++)
    number[a] = hl_cover_is_kept (coarse, a) ? 0 : -1;
  for (int p = 0; p < coarse->nodes; p++)
    number[coarse->label[p]] = 0;
  for (int a = 0; a < coarse->labels; a++)
    if (number[a] >= 0)
      number[a] = fine->labels++;
  fine->shift = g_try_new (gint32, 2 * fine->labels + 1);
  for (int a = 0; fine->shift && a < coarse->labels; a++)
    for (int i = 0; i < 2 && number[a] >= 0; i++)
      fine->shift[2 * number[a] + i] = 2 * coarse->shift[2 * a + i];
  return fine->shift != NULL;
}

/* Each node has the label of the coarser pixel that it is part of, and may have those of the pixels
 * around that. */
static void
take_labelling (HlCover *fine, const HlCover *coarse, const gint32 *number, guint8 *allowed)
{
  for (int p = 0; p < fine->nodes; p++)
    {
      int     x = fine->at[p] % fine->width / 2, y = fine->at[p] / fine->width / 2, label = -1;
      float   trust = 0;
      guint8 *may   = allowed + (gsize) p * fine->labels;

      for (int v = MAX (y - 1, 0); v <= MIN (y + 1, coarse->height - 1); v++)
        for (int u = MAX (x - 1, 0); u <= MIN (x + 1, coarse->width - 1); u++)
          {
            int q = coarse->index[(gsize) v * coarse->width + u];

            if (q < 0)
              continue;
            may[number[coarse->label[q]]] = 1;
            if (label < 0 || (u == x && v == y))
              {
                label = number[coarse->label[q]];
                trust = coarse->trust[q];
              }
          }
      fine->label[p] = MAX (label, 0);
      fine->trust[p] = trust;
    }
}

/**
 * hl_cover_refine:
 * @fine: a cover of twice the size, without labels
 * @coarse: a labelled one
 * @taste: what pieces cost in @fine
 * @cancel: (nullable): once cancelled, it ends soon
 *
 * Labels @fine as @coarse is, moves each piece by up to a pixel to where it fits best, and sets the
 * costs such that only the seams may move.
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_cover_refine (HlCover *fine, const HlCover *coarse, const HlCoverTaste *taste,
                 GCancellable *cancel)
{
  g_autofree gint32 *number  = g_try_new (gint32, coarse->labels + 1);
  g_autofree guint8 *allowed = NULL;

  if (!number || !take_labels (fine, coarse, number))
    return FALSE;
  allowed = g_try_malloc0_n ((gsize) fine->nodes + 1, fine->labels);
  if (!allowed)
    return FALSE;
  take_labelling (fine, coarse, number, allowed);
  for (int turn = 0; turn < 2; turn++)
    for (int a = 0; a < fine->labels && !g_cancellable_is_cancelled (cancel); a++)
      settle (fine, a, taste->steep);
  if (!hl_cover_set_costs (fine, taste, allowed, cancel))
    return FALSE;
  if (!g_cancellable_is_cancelled (cancel))
    hl_cover_label_cheapest (fine);
  return TRUE;
}

/**
 * hl_cover_run:
 * @cover: a cover with labels and costs
 * @taste: what pieces cost
 * @sweeps: how often each label is tried at most
 * @cancel: (nullable): once cancelled, it ends soon
 *
 * Labels it: hl_labelling_run().
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_cover_run (HlCover *cover, const HlCoverTaste *taste, int sweeps, GCancellable *cancel)
{
  HlLabelling labelling = { .width    = cover->width,
                            .height   = cover->height,
                            .features = cover->features,
                            .values   = cover->values,
                            .steep    = taste->steep,
                            .nodes    = cover->nodes,
                            .at       = cover->at,
                            .beside   = cover->beside,
                            .labels   = cover->labels,
                            .shift    = cover->shift,
                            .cost     = cover->cost,
                            .label    = cover->label };

  return hl_labelling_run (&labelling, sweeps, cancel);
}
