/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wide holes, covered with whole pieces of the picture.
 *
 * In a coarse picture similar patches paint the hole by turns (patch_paint.c): that shows where
 * edges and surfaces go on, but as a mean of many patches, without texture.  It is the guide: each
 * piece, the picture moved by one of its most frequent offsets (candidates.c), costs what it
 * differs from that from afar, what it differs from the rim, from its neighbours, and how rare it
 * is; and what the hole was filled with before may stay, at a price.  The cheapest labelling by
 * pieces is refined to the full size (cover.c), and the seams are evened out (seams.c).
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
#include "restore/fill/labelling.h"
#include "restore/fill/seams.h"
#include "restore/patches/patch_paint.h"

/* The pieces are chosen in a picture with so many pixels in the hole at most, and in all. */
#define MOST_NODES 4000
#define MOST_PIXELS 50000

/* What a piece costs for how it differs from the guide, where the hole has a rim all around, and
 * for how rare it is, up to RAREST; and a seam's STEEP, as of labelling.c.  Chosen by eye on twelve
 * photographs of 512 x 512 with holes of 180 x 180, and on portraits with a torn edge.  With a
 * GUIDE of 0.2 a slab of window lay among leaves, with 1 a flame broke into pieces.  Where a strip
 * is torn off, the guide is made up for the most part: with all of its weight it brought second
 * faces into two of ten drawn portraits.  Where that and the price of the fill go by the cube of
 * the rim's share, nothing strange comes into them; by the square, a speck into two. */
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
  double            trust; /* in pieces: the less rim there is, the less is known of what fits */
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
  if (!hl_patch_pyramid_init (&work->pyramid, image, shown, hole, work->pieces->seed)
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

/* Adds what each piece costs for how it looks from afar, in place of the @guide, times @weight, and
 * for how rare it is; the fill's own @looks stand in the hole. */
static void
add_guide (HlCover *cover, double weight, int features, const float *guide, const float *looks,
           const float *rarity)
{
  for (int p = 0; p < cover->nodes; p++)
    for (int a = 0; a < cover->labels; a++)
      {
        float       *cost = cover->cost + (gsize) p * cover->labels + a, sum = 0;
        const float *at = guide + (gsize) cover->at[p] * features;
        gsize        from;

        if (*cost >= HL_LABELLING_NEVER || !hl_cover_get_source (cover, p, a, &from))
          continue;
        for (int f = 0; f < features; f++)
          sum += (at[f] - looks[from * features + f]) * (at[f] - looks[from * features + f]);
        *cost += weight * sqrtf (sum) + RARE * fminf (rarity[from], RAREST);
      }
}

static HlCoverTaste
get_taste (const Work *work, int k)
{
  return (HlCoverTaste) { .steep    = STEEP,
                          .keep     = work->pieces->keep * work->trust,
                          .zoom     = 1 << k,
                          .coarsest = 1 << work->first };
}

/* Chooses the pieces in the coarse picture; @complete is %FALSE where there are none or it is
 * stopped or cancelled before. */
static gboolean
choose (Work *work, gboolean *complete)
{
  HlPatchLevel     *level  = work->pyramid.level[work->first];
  HlProgress        part   = hl_progress_part (work->progress, 0, GUIDE_SHARE);
  GCancellable     *cancel = work->progress->cancel;
  HlCoverTaste      taste;
  double            rim_share;
  gsize             size   = (gsize) level->width * level->height * level->features;
  g_autofree float *filled = g_try_malloc_n (size, sizeof (float));
  g_autofree float *looks = NULL, *guide = NULL, *rarity = NULL;
  g_autoptr (GArray) shifts = NULL;

  if (!filled)
    return FALSE;
  memcpy (filled, level->values, size * sizeof (float));
  if (!hl_patch_paint_run (&work->pyramid, work->first, &part, complete, NULL) || !*complete)
    return TRUE;
  shifts = hl_candidates_new (&work->pyramid, level, cancel);
  guide  = hl_candidates_get_looks (level);
  rarity
      = shifts && guide ? hl_candidates_find_rarity (&work->pyramid, level, guide, cancel) : NULL;
  memcpy (level->values, filled, size * sizeof (float));
  looks = rarity ? hl_candidates_get_looks (level) : NULL;
  if (!looks
      || !hl_cover_init (&work->cover, level, work->valid[work->first], work->source[work->first])
      || !set_labels (&work->cover, shifts, work->pieces->seed))
    return FALSE;
  rim_share   = hl_cover_get_rim_share (&work->cover);
  work->trust = rim_share * rim_share * rim_share;
  taste       = get_taste (work, work->first);
  if (!hl_cover_set_costs (&work->cover, &taste, NULL, cancel))
    return FALSE;
  hl_progress_report (work->progress, CANDIDATES_SHARE, 0);
  *complete = !g_cancellable_is_cancelled (cancel);
  if (!*complete)
    return TRUE;
  add_guide (&work->cover, GUIDE * work->trust, level->features, guide, looks, rarity);
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
