/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wide holes, covered with whole pieces of the picture.
 *
 * In a coarse picture similar patches paint the hole by turns (patch_paint.c): that shows where
 * edges and surfaces go on, but as a mean of many patches, without texture.  It is the guide: each
 * piece, the picture moved by one of its most frequent offsets (candidates.c), costs what it
 * differs from that from afar, what it differs from the rim, from its neighbours, and how rare it
 * is; where the hole lies at a side of the picture, also what the rim does not lead one to expect
 * (expectation.c); near an edge that goes on from the rim, only how it differs from that
 * (structure.c); and what the hole was filled with before may stay, at a price.  The cheapest
 * labelling by pieces is refined to the full size (cover.c), and the seams are evened out
 * (seams.c).
 *
 * He and Sun, "Image Completion Approaches Using the Statistics of Similar Patches" (IEEE TPAMI
 * 2014), for the pieces; Newson, Almansa, Fradet, Gousseau and Pérez, "Video Inpainting of Complex
 * Scenes" (SIAM J. Imaging Sci. 2014), for the guide. */
#include "restore/fill/quilt.h"

#include <math.h>
#include <string.h>

#include "restore/error.h"
#include "restore/fill/candidates.h"
#include "restore/fill/cover.h"
#include "restore/fill/expectation.h"
#include "restore/fill/labelling.h"
#include "restore/fill/seams.h"
#include "restore/fill/structure.h"
#include "restore/patches/patch_paint.h"

/* The pieces are chosen in a picture with so many pixels in the hole at most, and in all. */
#define MOST_NODES 4000
#define MOST_PIXELS 50000

/* What a piece costs for how it differs from the guide, where the rim lies all around, and for how
 * rare it is, up to RAREST; and a seam's STEEP, as of labelling.c.  Chosen by eye on twelve
 * photographs of 512 x 512 with holes of 180 x 180, and on portraits with a torn edge.  With a
 * GUIDE of 0.2 a slab of window lay among leaves, with 1 a flame broke into pieces.  Where a strip
 * or a corner is torn off, the guide is made up for the most part: it counts by the square of the
 * share of the directions in which there is a rim, and what the rim leads one to expect counts for
 * the rest.  By that of the whole hole a collar came into one of ten drawn portraits, where a torn
 * corner goes on in a strip, and by the cube of it backdrops ended in mist in two. */
#define GUIDE 0.5f
#define RARE 0.8f
#define RAREST 0.15f
#define STEEP 5.0f

/* How often each piece is tried, in the coarse picture and where only seams move. */
#define COARSE_SWEEPS 4
#define SWEEPS 2

/* Of the pieces, which are not tried with another seed. */
#define LEFT_OUT 0.4

/* Of the time, what the guide takes, and what has passed when the coarse labelling begins and when
 * it ends. */
#define GUIDE_SHARE 0.4
#define CANDIDATES_SHARE 0.6
#define COARSE_SHARE 0.85

typedef struct
{
  HlQuilt          *pieces;
  HlPatchPyramid    pyramid;
  guint8           *valid[HL_PATCH_PYRAMID_MOST_LEVELS], *source[HL_PATCH_PYRAMID_MOST_LEVELS];
  int               first; /* the size in which pieces are chosen */
  HlCover           cover;
  const HlProgress *progress;
} Work;

static void
work_clear (Work *work)
{
  for (int i = 0; i < work->pyramid.levels; i++)
    {
      g_free (work->valid[i]);
      g_free (work->source[i]);
    }
  hl_patch_pyramid_clear (&work->pyramid);
  hl_cover_clear (&work->cover);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

/* The coarse picture as seen from afar.
 *
 * @looks: (H, W, features), of the sound parts and the fill
 * @guide: (H, W, features), of the hole as patches paint it
 * @rarity: (H, W)
 */
typedef struct
{
  float        *looks, *guide, *rarity;
  HlFrame       frame;
  HlExpectation expectation;
  HlStructure   structure;
} Views;

static void
views_clear (Views *views)
{
  g_free (views->looks);
  g_free (views->guide);
  g_free (views->rarity);
  hl_expectation_clear (&views->expectation);
  hl_structure_clear (&views->structure);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Views, views_clear)

/* Half the size: 1 where at least half of the pixels are. */
static guint8 *
halve (const guint8 *fine, int width, int height)
{
  int     w = (width + 1) / 2, h = (height + 1) / 2;
  guint8 *coarse = g_try_malloc0 ((gsize) w * h);

  for (int y = 0; coarse && y < h; y++)
    for (int x = 0; x < w; x++)
      {
        int n = 0, sum = 0;

        for (int v = 2 * y; v < MIN (2 * y + 2, height); v++)
          for (int u = 2 * x; u < MIN (2 * x + 2, width); u++)
            {
              n++;
              sum += fine[(gsize) v * width + u];
            }
        coarse[(gsize) y * w + x] = 2 * sum >= n;
      }
  return coarse;
}

/* Which pixels show something, and which may be copied, at all sizes. */
static gboolean
set_maps (Work *work, const HlMaps *maps, const guint8 *hole)
{
  gsize pixels = (gsize) maps->width * maps->height;

  if (work->pyramid.levels == 0)
    return TRUE;
  work->valid[0]  = g_try_malloc (pixels);
  work->source[0] = g_try_malloc (pixels);
  if (!work->valid[0] || !work->source[0])
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    {
      work->valid[0][i]  = !hole[i] && (maps->source[i] > 0 || maps->target[i] > 0);
      work->source[0][i] = maps->source[i] >= 1;
    }
  for (int k = 1; k < work->pyramid.levels; k++)
    {
      const HlPatchLevel *fine = work->pyramid.level[k - 1], *level = work->pyramid.level[k];

      work->valid[k]  = halve (work->valid[k - 1], fine->width, fine->height);
      work->source[k] = halve (work->source[k - 1], fine->width, fine->height);
      if (!work->valid[k] || !work->source[k])
        return FALSE;
      for (gsize i = 0; i < (gsize) level->width * level->height; i++)
        {
          work->valid[k][i]  = work->valid[k][i] && !level->hole[i];
          work->source[k][i] = work->source[k][i] && !level->hole[i];
        }
    }
  return TRUE;
}

static gboolean
work_init (Work *work, const HlImage *image, const HlMaps *maps, const guint8 *hole)
{
  gsize             pixels = (gsize) image->width * image->height;
  g_autofree float *shown  = g_try_new (float, pixels);

  if (!shown)
    return FALSE;
  /* What has been repaired already guides as well as what is sound, but is not copied. */
  for (gsize i = 0; i < pixels; i++)
    shown[i] = !hole[i] && (maps->source[i] > 0 || maps->target[i] > 0);
  if (!hl_patch_pyramid_init (&work->pyramid, image, shown, hole, work->pieces->seed,
                              work->pieces->pool)
      || !set_maps (work, maps, hole))
    return FALSE;
  for (work->first = work->pyramid.levels - 1; work->first > 0; work->first--)
    {
      const HlPatchLevel *finer = work->pyramid.level[work->first - 1];
      gsize               size = (gsize) finer->width * finer->height, nodes = 0;

      for (gsize i = 0; i < size; i++)
        nodes += finer->hole[i];
      if (nodes > MOST_NODES || size > MOST_PIXELS)
        break;
    }
  return TRUE;
}

/* The labels: that which keeps the fill first, then all pieces or some of them. */
static gboolean
set_labels (HlCover *cover, const GArray *shifts, guint32 seed)
{
  g_autoptr (GRand) rng = g_rand_new_with_seed (seed);

  cover->shift = g_try_new (gint32, shifts->len + 2);
  if (!cover->shift)
    return FALSE;
  cover->shift[0] = cover->shift[1] = 0;
  cover->labels                     = 1;
  for (guint k = 0; k + 1 < shifts->len; k += 2)
    if (seed == 0 || g_rand_double (rng) >= LEFT_OUT)
      {
        cover->shift[2 * cover->labels]     = g_array_index (shifts, gint32, k);
        cover->shift[2 * cover->labels + 1] = g_array_index (shifts, gint32, k + 1);
        cover->labels++;
      }
  return TRUE;
}

static HlCoverTaste
get_taste (const Work *work, int k)
{
  return (HlCoverTaste) {
    .steep = STEEP, .keep = work->pieces->keep, .zoom = 1 << k, .coarsest = 1 << work->first
  };
}

/* Adds to what each piece costs at a node how it differs from the guide as seen from afar, as far
 * as that is trusted; what the rim does not lead one to expect, most where that is not; and how
 * rare it is.  In the paper's border the fill must be as expected too.  Near an edge that goes on,
 * all that counts less, and how it differs from the edge instead. */
static void
add_costs (Work *work, int p, const Views *views)
{
  const HlPatchLevel *level     = work->pyramid.level[work->first];
  HlCover            *cover     = &work->cover;
  float               trust     = cover->trust[p];
  gboolean            is_border = hl_frame_get_side (&views->frame, level, cover->at[p]) >= 0;
  int                 features  = level->features;
  const float        *at        = views->guide + (gsize) cover->at[p] * features;
  float               free      = 1 - views->structure.weight[cover->at[p]];

  for (int a = 0; a < cover->labels; a++)
    {
      float       *cost = cover->cost + (gsize) p * cover->labels + a, sum = 0;
      gboolean     kept = hl_cover_is_kept (cover, a);
      const float *look;
      gsize        from;

      if (*cost >= HL_LABELLING_NEVER || !hl_cover_get_source (cover, p, a, &from))
        continue;
      look = views->looks + from * features;
      for (int f = 0; f < features; f++)
        sum += (at[f] - look[f]) * (at[f] - look[f]);
      if (!kept || is_border)
        *cost += free * hl_expectation_get_cost (&views->expectation, cover->at[p], from, trust);
      *cost += hl_structure_get_cost (&views->structure, level, cover->at[p], from);
      *cost += free * (GUIDE * trust * sqrtf (sum) + RARE * fminf (views->rarity[from], RAREST));
    }
}

/* The labels and what they cost in the coarse picture, whose fill is put back; whether there was
 * memory enough. */
static gboolean
set_costs (Work *work, GArray *shifts, const float *filled, Views *views)
{
  HlPatchLevel *level  = work->pyramid.level[work->first];
  const guint8 *valid  = work->valid[work->first];
  GCancellable *cancel = work->progress->cancel;
  HlCoverTaste  taste  = get_taste (work, work->first);
  HlCover      *cover  = &work->cover;

  memcpy (level->values, filled,
          (gsize) level->width * level->height * level->features * sizeof (float));
  views->looks = hl_candidates_get_looks (level);
  views->frame = hl_frame_find (level, valid);
  for (int vertical = 0; vertical < 2; vertical++)
    if (hl_frame_is_at (&views->frame, level, level->hole, vertical))
      hl_candidates_add_along (shifts, level, vertical);
  if (!hl_structure_init (&views->structure, level, valid))
    return FALSE;
  hl_structure_add_shifts (&views->structure, shifts);
  if (!views->looks
      || !hl_expectation_init (&views->expectation, level, views->looks, valid, &views->frame)
      || !hl_cover_init (cover, level, valid, work->source[work->first])
      || !set_labels (cover, shifts, work->pieces->seed))
    return FALSE;
  for (int p = 0; p < cover->nodes && !g_cancellable_is_cancelled (cancel); p++)
    {
      float share = hl_expectation_get_share (level, valid, cover->at[p]);

      cover->trust[p] = share * share;
    }
  if (!hl_cover_set_costs (cover, &taste, NULL, cancel))
    return FALSE;
  for (int p = 0; p < cover->nodes && !g_cancellable_is_cancelled (cancel); p++)
    add_costs (work, p, views);
  return TRUE;
}

/* Chooses the pieces in the coarse picture; @complete is %FALSE where there are none or it is
 * stopped or cancelled before. */
static gboolean
choose (Work *work, gboolean *complete)
{
  HlPatchLevel     *level   = work->pyramid.level[work->first];
  HlProgress        part    = hl_progress_part (work->progress, 0, GUIDE_SHARE);
  GCancellable     *cancel  = work->progress->cancel;
  gsize             size    = (gsize) level->width * level->height * level->features;
  g_autofree float *filled  = g_try_malloc_n (size, sizeof (float));
  g_auto (Views) views      = { 0 };
  g_autoptr (GArray) shifts = NULL;
  HlCoverTaste taste;

  if (!filled)
    return FALSE;
  memcpy (filled, level->values, size * sizeof (float));
  if (!hl_patch_paint_run (&work->pyramid, work->first, &part, complete, NULL) || !*complete)
    return TRUE;
  shifts      = hl_candidates_new (&work->pyramid, level, cancel);
  views.guide = hl_candidates_get_looks (level);
  if (shifts && views.guide)
    views.rarity = hl_candidates_find_rarity (&work->pyramid, level, views.guide, cancel);
  if (!views.rarity || !set_costs (work, shifts, filled, &views))
    return FALSE;
  hl_progress_report (work->progress, CANDIDATES_SHARE, 0);
  *complete = !g_cancellable_is_cancelled (cancel);
  if (!*complete)
    return TRUE;
  taste = get_taste (work, work->first);
  hl_cover_label_cheapest (&work->cover);
  if (!hl_cover_run (&work->cover, &taste, COARSE_SWEEPS, cancel))
    return FALSE;
  hl_progress_report (work->progress, COARSE_SHARE, 0);
  return TRUE;
}

static void
note_memory (Work *work, const HlCover *cover)
{
  const HlPatchLevel *level  = work->pyramid.level[0];
  guint64             pixels = (guint64) level->width * level->height;
  guint64             nodes  = cover->nodes, bytes;

  bytes = pixels * (2 * level->features + 2 * cover->features + 12) * sizeof (float)
          + nodes * (cover->labels * (sizeof (float) + 1) + 20 * sizeof (gint32));
  work->pieces->memory = MAX (work->pieces->memory, bytes);
}

/* Down to the full size. */
static gboolean
refine (Work *work)
{
  for (int k = work->first - 1; k >= 0; k--)
    {
      HlCoverTaste  taste   = get_taste (work, k);
      GCancellable *cancel  = work->progress->cancel;
      g_auto (HlCover) fine = { 0 };
      HlCover coarse;

      if (!hl_cover_init (&fine, work->pyramid.level[k], work->valid[k], work->source[k])
          || !hl_cover_refine (&fine, &work->cover, &taste, cancel))
        return FALSE;
      if (g_cancellable_is_cancelled (cancel))
        return TRUE;
      note_memory (work, &fine);
      if (!hl_cover_run (&fine, &taste, SWEEPS, cancel))
        return FALSE;
      coarse      = work->cover;
      work->cover = fine;
      fine        = coarse;
      hl_progress_report (work->progress, 1 - (1 - COARSE_SHARE) * k / work->first, 0);
    }
  return TRUE;
}

/* Copies the pieces. */
static gboolean
lay (Work *work, HlImage *image, GError **error)
{
  const HlCover     *cover  = &work->cover;
  g_autofree gint32 *source = g_try_new (gint32, cover->nodes + 1);

  if (!source)
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  for (int p = 0; p < cover->nodes; p++)
    {
      gsize from;

      source[p]
          = hl_cover_get_source (cover, p, cover->label[p], &from) ? (gint32) from : cover->at[p];
      if (work->pieces->copied)
        work->pieces->copied[cover->at[p]] = source[p] != cover->at[p];
    }
  return hl_seams_blend (image, cover->nodes, cover->at, cover->beside, source, work->valid[0],
                         work->progress->cancel, error);
}

/**
 * hl_quilt_run:
 * @pieces: how; its memory is set
 * @image: (C, H, W), 0..1, the hole filled smoothly, which stays where no piece fits; becomes the
 *   one that is covered
 * @maps: which pixels may be copied, and which show anything
 * @hole: (H, W), 1 where to cover
 * @progress: to cancel, to stop and to follow it
 * @error: %HL_ERROR_MEMORY, %G_IO_ERROR_CANCELLED
 *
 * When stopped before the pieces are chosen, it leaves @image as it is.
 *
 * Returns: whether @image is a result
 */
gboolean
hl_quilt_run (HlQuilt *pieces, HlImage *image, const HlMaps *maps, const guint8 *hole,
              const HlProgress *progress, GError **error)
{
  g_auto (Work) work = { .pieces = pieces, .progress = progress };
  gboolean complete  = FALSE;

  pieces->memory = 0;
  if (!work_init (&work, image, maps, hole)
      || (work.pyramid.levels > 0 && !choose (&work, &complete)) || (complete && !refine (&work)))
    {
      hl_error_set_memory (error, image->width, image->height);
      return FALSE;
    }
  if (hl_progress_is_cancelled (progress, error))
    return FALSE;
  return !complete || lay (&work, image, error);
}
