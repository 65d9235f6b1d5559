/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By how much pieces of a picture may be moved to cover a hole: the most frequent offsets
 *
 *   - between what is painted in the hole and what it is most like (patch_paint.c),
 *   - between what is alike anywhere in the picture (offsets.c);
 *
 * and what of the picture is so rare that it would be known again elsewhere: an eye, a knob, a
 * letter. */
#include "restore/fill/candidates.h"

#include <math.h>
#include <string.h>

#include "restore/fill/offsets.h"
#include "restore/fill/taps.h"

/* Offsets of each kind: He and Sun found 60 to be enough. */
#define MOST 60

/* Passes of PatchMatch over the picture. */
#define PASSES 2

/* Offsets in the picture as long as that part of the hole's depth are of use, but no longer than
 * that part of the picture's longer side. */
#define LONGEST 3

/* Tries to draw an offset that is long enough. */
#define DRAWS 100

/* Pixels from one offset along a line to the next. */
#define ALONG 8

/* How a place looks from afar: its colours after so many passes of the taps 1/4, 1/2, 1/4, and how
 * strongly it changes around, which counts that much more than in a patch. */
#define LOOK_PASSES 4
#define LOOK_TEXTURE 2.0f

/**
 * hl_candidates_add:
 * @shifts: (element-type gint32): columns and rows of each offset in turn
 * @offset: (n, 2), offsets to add
 * @n: how many
 *
 * Adds those that are not among them, without (0, 0).
 */
void
hl_candidates_add (GArray *shifts, const gint32 *offset, int n)
{
  for (int i = 0; i < n; i++)
    {
      gboolean known = offset[2 * i] == 0 && offset[2 * i + 1] == 0;

      for (guint k = 0; k + 1 < shifts->len && !known; k += 2)
        known = g_array_index (shifts, gint32, k) == offset[2 * i]
                && g_array_index (shifts, gint32, k + 1) == offset[2 * i + 1];
      if (!known)
        g_array_append_vals (shifts, offset + 2 * i, 2);
    }
}

static gboolean
add_most_frequent (const HlPatchLevel *level, const guint8 *which, int spacing, GArray *shifts)
{
  gint32 offset[2 * MOST];
  int n = hl_offsets_find (level->shift, which, level->width, level->height, spacing, MOST, offset);

  if (n > 0)
    hl_candidates_add (shifts, offset, n);
  return n >= 0;
}

/* Patches anywhere that are sound, as far away as would lead out of the hole. */
static void
search_picture (HlPatchPyramid *pyramid, HlPatchLevel *level, GCancellable *cancel)
{
  level->least_shift
      = MIN (hl_patch_level_get_deepest (level), MAX (level->width, level->height) / LONGEST);
  memcpy (pyramid->which, level->sound, (gsize) level->width * level->height);
  for (gsize i = 0; i < (gsize) level->width * level->height; i++)
    for (int k = 0; k < DRAWS && pyramid->which[i]; k++)
      {
        hl_patch_level_draw (level, i, pyramid->rng);
        if (MAX (ABS (level->shift[2 * i]), ABS (level->shift[2 * i + 1])) >= level->least_shift)
          break;
      }
  hl_patch_level_search (level, pyramid->which, NULL, PASSES, 0, pyramid->rng, pyramid->pool,
                         cancel);
  level->least_shift = 0;
}

/**
 * hl_candidates_new:
 * @pyramid: all sizes of the picture, whose scratch buffers are used
 * @level: one of them, whose hole is painted; its @shift and @cost are overwritten by those of the
 *   sound patches
 * @cancel: (nullable): once cancelled, it ends soon
 *
 * Returns: (transfer full) (nullable) (element-type gint32): columns and rows of each offset in
 *   turn, none of them (0, 0); %NULL where memory does not suffice
 */
GArray *
hl_candidates_new (HlPatchPyramid *pyramid, HlPatchLevel *level, GCancellable *cancel)
{
  g_autoptr (GArray) shifts = g_array_new (FALSE, FALSE, sizeof (gint32));

  if (!add_most_frequent (level, level->touched, 1, shifts))
    return NULL;
  search_picture (pyramid, level, cancel);
  if (!add_most_frequent (level, pyramid->which, 2, shifts))
    return NULL;
  return g_steal_pointer (&shifts);
}

/**
 * hl_candidates_add_along:
 * @shifts: (element-type gint32): columns and rows of each offset in turn
 * @level: a size of the picture
 * @vertical: whether to add offsets up and down, or to the sides
 *
 * Adds those that lead along a line up to half across the picture: ALONG pixels apart.
 */
void
hl_candidates_add_along (GArray *shifts, const HlPatchLevel *level, gboolean vertical)
{
  int longest = (vertical ? level->height : level->width) / 2;

  for (int length = ALONG; length <= longest; length += ALONG)
    for (int sign = -1; sign <= 1; sign += 2)
      {
        gint32 offset[2] = { vertical ? 0 : sign * length, vertical ? sign * length : 0 };

        hl_candidates_add (shifts, offset, 1);
      }
}

/**
 * hl_candidates_get_looks:
 * @level: a size of the picture
 *
 * Returns: (transfer full) (nullable): (H, W, features), how each place looks from afar, or %NULL
 *   where memory does not suffice
 */
float *
hl_candidates_get_looks (const HlPatchLevel *level)
{
  int    W = level->width, H = level->height, L = level->features;
  gsize  size  = (gsize) W * H * L;
  float *looks = g_try_new (float, size);

  if (!looks)
    return NULL;
  for (gsize i = 0; i < size; i++)
    looks[i] = ((int) (i % L) < level->channels ? 1 : LOOK_TEXTURE) * level->values[i];
  for (int c = 0; c < level->channels; c++)
    hl_taps_smooth (looks + c, W, H, L, LOOK_PASSES);
  return looks;
}

/**
 * hl_candidates_find_rarity:
 * @pyramid: all sizes of the picture, whose scratch buffers are used
 * @level: one of them, after hl_candidates_new()
 * @looks: (H, W, features), of hl_candidates_get_looks()
 * @cancel: (nullable): once cancelled, it ends soon
 *
 * Returns: (transfer full) (nullable): (H, W), how much each patch differs in its looks from the
 *   one of all others that is most like it, root mean square; 0 where it is not sound; %NULL where
 *   memory does not suffice
 */
float *
hl_candidates_find_rarity (HlPatchPyramid *pyramid, HlPatchLevel *level, float *looks,
                           GCancellable *cancel)
{
  gsize  pixels = (gsize) level->width * level->height;
  float *rarity = g_try_new0 (float, pixels), *values = level->values;

  if (!rarity)
    return NULL;
  /* What is found in the picture itself is where to begin. */
  level->values      = looks;
  level->least_shift = 2 * HL_PATCH_RADIUS;
  hl_patch_level_search (level, level->sound, NULL, PASSES, 0, pyramid->rng, pyramid->pool, cancel);
  level->least_shift = 0;
  level->values      = values;
  for (gsize i = 0; i < pixels; i++)
    if (level->sound[i])
      rarity[i] = sqrtf (level->cost[i]);
  return rarity;
}
