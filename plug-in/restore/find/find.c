/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the damage of a photograph. A proposal for a selection, outside the flow of a restoration:
 * the person looks at it, corrects it, and then starts the restoration.
 *
 *   reduced.c   at which size the photograph is looked at
 *   evidence.c  two trained networks: the odds of damage at each pixel, at that size and at half of
 *               it; the mean of both, as each errs elsewhere
 *   print_border.c
 *               without the photograph's own border
 *   lines.c     straight scratches too faint for it
 *   pieces.c    what hangs together is judged as a whole
 *   trim.c      and cut down to what differs from its surroundings
 *   soft.c      without what is softer than the damage
 *   losses.c    what belongs to it and is too wide for the networks, and without what is wide and
 *               has no edge
 *
 * Then all of it is brought to the photograph's size, and cut down there once more; and what wide
 * damage encloses belongs to it (islands.c).
 *
 * Where the person has circled the damage roughly, only that part is looked at, and damage there is
 * more likely from the start. The result is a map of certainty: a selection is a cut through it,
 * which takes no time and only grows with the sensitivity. */

#include "restore/find/find.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "nn/unet.h"
#include "restore/built_in.h"
#include "restore/error.h"
#include "restore/find/print_border.h"
#include "restore/find/lines.h"
#include "restore/find/losses.h"
#include "restore/find/pieces.h"
#include "restore/find/soft.h"
#include "restore/find/trim.h"
#include "restore/islands.h"

/* Shares of the work, for the progress. */
#define FULL_SHARE 0.7
#define HALF_SHARE 0.2

/* Logarithms of the odds at which islands are looked for, from 2 below the usual level to 2 above.
 */
#define CLOSED 2

/* Pixels a side of the squares by which damage is counted for the time left; as those near which
 * the prior works, which takes most of it. */
#define LOOK 8

/* What one step of the sensitivity changes the logarithm of the odds by. */
#define SENSITIVITY_STEP 0.08

typedef struct
{
  HlReduced         reduced, half;
  HlTile            window; /* of the reduced photograph */
  guint8           *map;
  guint8           *widths;
  gboolean          has_border;
  HlPiece           with_border; /* some piece, with the shares of all the picture */
  GPtrArray        *lines[2];    /* at full size and at half */
  gboolean          circled;
  const GPtrArray  *networks; /* their HlWeights */
  HlPool           *pool;
  guint64           memory_limit;
  const HlProgress *progress;
} Search;

/**
 * hl_find_load_weights:
 * @path: (nullable): a file of weights for one network instead of those built in
 * @error: those of hl_weights_load()
 *
 * Returns: (transfer full) (element-type HlWeights): the weights of the finder's networks, or %NULL
 */
GPtrArray *
hl_find_load_weights (const char *path, GError **error)
{
  static const char *const built_in[] = { "finder-1.safetensors", "finder-2.safetensors" };
  g_autoptr (GPtrArray) networks
      = g_ptr_array_new_with_free_func ((GDestroyNotify) hl_weights_free);

  for (gsize k = 0; k < (path ? 1 : G_N_ELEMENTS (built_in)); k++)
    {
      g_autoptr (GBytes) bytes = NULL;
      HlWeights *weights       = NULL;

      if (path)
        weights = hl_weights_load (path, error);
      else
        {
          bytes = hl_built_in_read (built_in[k], error);
          if (bytes)
            weights = hl_weights_new_from_bytes (bytes, built_in[k], error);
        }
      if (!weights)
        return NULL;
      g_ptr_array_add (networks, weights);
    }
  return g_steal_pointer (&networks);
}

/* The part of the photograph that @target marks, in pixels of @reduced, or all of it. */
static HlTile
find_window (const HlReduced *reduced, const guint8 *target)
{
  HlTile window = { 0, reduced->height, 0, reduced->width };
  HlTile marked = { G_MAXINT, -1, G_MAXINT, -1 };
  int    width = reduced->image->width, height = reduced->image->height;

  if (!target)
    return window;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (target[(gsize) y * width + x])
        marked = (HlTile) { MIN (marked.top, y), y, MIN (marked.left, x), MAX (marked.right, x) };
  if (marked.bottom < 0)
    return (HlTile) { 0 };
  window.top    = marked.top / reduced->factor;
  window.bottom = marked.bottom / reduced->factor + 1;
  window.left   = marked.left / reduced->factor;
  window.right  = marked.right / reduced->factor + 1;
  return window;
}

/* The window for the network: it sees further, and begins where its squares do. */
static HlTile
widen (HlTile window, int factor, int margin, const HlReduced *reduced)
{
  HlTile wide;

  wide.top    = MAX (window.top / factor - margin, 0) / HL_UNET_UNIT * HL_UNET_UNIT;
  wide.left   = MAX (window.left / factor - margin, 0) / HL_UNET_UNIT * HL_UNET_UNIT;
  wide.bottom = MIN ((window.bottom + factor - 1) / factor + margin, reduced->height);
  wide.right  = MIN ((window.right + factor - 1) / factor + margin, reduced->width);
  return wide;
}

/* A first look at how much there will be to repair, for the time left: the squares with damage in
 * them. */
static void
note_damaged (const Search *search)
{
  HlTile window = search->window;
  guint8 least  = hl_evidence_encode (0);
  gsize  count  = 0;

  for (int y = window.top; y < window.bottom; y += LOOK)
    for (int x = window.left; x < window.right; x += LOOK)
      {
        gboolean any = FALSE;

        for (int v = y; v < MIN (y + LOOK, window.bottom); v++)
          for (int u = x; u < MIN (x + LOOK, window.right); u++)
            any |= search->map[(gsize) v * search->reduced.width + u] >= least;
        count += any;
      }
  *search->progress->damaged
      = LOOK * LOOK * count / ((double) search->reduced.width * search->reduced.height);
}

/* Writes what one network, or the mean of several, says at one size. */
static gboolean
ask_networks (Search *search, const HlReduced *reduced, int factor, guint8 *map,
              const HlProgress *progress, GError **error)
{
  guint count = search->networks->len;

  for (guint k = 0; k < count; k++)
    {
      const HlWeights *weights = g_ptr_array_index (search->networks, k);
      HlProgress       part    = hl_progress_part (progress, (double) k / count, (k + 1.0) / count);
      HlUnet           unet;
      HlTile           window;

      if (!hl_unet_init (&unet, weights, error))
        return FALSE;
      window = widen (search->window, factor, hl_unet_get_margin (&unet) + factor - 1, reduced);
      if (!hl_evidence_find (weights, search->pool, reduced, &window, search->memory_limit, map,
                             k > 0, &part, error))
        return FALSE;
      if (map == search->map && search->progress->damaged)
        note_damaged (search);
    }
  return TRUE;
}

static gboolean
run_networks (Search *search, GError **error)
{
  HlProgress at_full = hl_progress_part (search->progress, 0, FULL_SHARE);
  HlProgress at_half = hl_progress_part (search->progress, FULL_SHARE, FULL_SHARE + HALF_SHARE);
  gsize      few     = (gsize) search->half.width * search->half.height;
  g_autofree guint8 *half = g_try_malloc0 (few);

  search->map = g_try_malloc0 ((gsize) search->reduced.width * search->reduced.height);
  if (!search->map || !half)
    {
      hl_error_set_memory (error, search->reduced.width, search->reduced.height);
      return FALSE;
    }
  if (!ask_networks (search, &search->reduced, 1, search->map, &at_full, error)
      || !ask_networks (search, &search->half, 2, half, &at_half, error))
    return FALSE;
  hl_evidence_join_half (search->map, search->reduced.width, search->reduced.height,
                         &search->window, half, HL_EVIDENCE_HALF_LESS);
  return TRUE;
}

/* Leaves out the photograph's border, which the person who has circled damage knows. Of how much of
 * the picture is damage it stays a part: the weights of pieces.c are fitted to prints with worn
 * borders. */
static gboolean
leave_out_border (Search *search, GError **error)
{
  g_autoptr (HlPieces) pieces = NULL;
  HlPrintBorder border;

  search->has_border = !search->circled
                       && hl_print_border_find (search->map, search->reduced.width,
                                                search->reduced.height, &border);
  if (!search->has_border)
    return TRUE;
  pieces = hl_pieces_new (&search->reduced, &search->window, search->map, NULL,
                          search->progress->cancel, error);
  if (!pieces)
    return FALSE;
  search->with_border = g_array_index (pieces->list, HlPiece, 0);
  hl_print_border_leave_out (&border);
  return TRUE;
}

/* Lines at the size at which the photograph is looked at and at half of it, with what the network
 * says of them. */
static gboolean
find_lines (Search *search, GError **error)
{
  for (int k = 0; k < 2; k++)
    {
      int    factor = k + 1;
      HlTile window = { .top    = search->window.top / factor,
                        .bottom = (search->window.bottom + factor - 1) / factor,
                        .left   = search->window.left / factor,
                        .right  = (search->window.right + factor - 1) / factor };

      search->lines[k] = hl_lines_find (k ? &search->half : &search->reduced, &window, search->pool,
                                        search->progress->cancel, error);
      if (!search->lines[k])
        return FALSE;
      for (guint i = 0; i < search->lines[k]->len; i++)
        hl_lines_weigh (g_ptr_array_index (search->lines[k], i), window.left * factor,
                        window.top * factor, factor, search->map, search->reduced.width,
                        search->reduced.height);
    }
  return TRUE;
}

/* What was counted in all of the picture, its border included, holds for what is left of it. */
static void
keep_counted (const Search *search, HlPieces *pieces)
{
  for (guint k = 0; k < pieces->list->len; k++)
    {
      float *features = g_array_index (pieces->list, HlPiece, k).features;

      features[HL_PIECE_CERTAIN] = search->with_border.features[HL_PIECE_CERTAIN];
      features[HL_PIECE_LIKELY]  = search->with_border.features[HL_PIECE_LIKELY];
    }
}

/* Judges what hangs together as a whole, and adds the lines that are scratches and wide losses. */
static gboolean
judge (Search *search, GError **error)
{
  guint8 *map                 = search->map;
  g_autoptr (HlPieces) sure   = NULL;
  g_autoptr (HlPieces) pieces = hl_pieces_new (&search->reduced, &search->window, map, NULL,
                                               search->progress->cancel, error);

  search->widths = g_try_malloc0 ((gsize) search->reduced.width * search->reduced.height);
  if (!pieces || !search->widths)
    {
      if (pieces)
        hl_error_set_memory (error, search->reduced.width, search->reduced.height);
      return FALSE;
    }
  sure = hl_pieces_new (&search->reduced, &search->window, map, pieces, search->progress->cancel,
                        error);
  if (!sure)
    return FALSE;
  if (search->has_border)
    {
      keep_counted (search, pieces);
      keep_counted (search, sure);
    }
  if (!hl_trim_weak (&search->reduced, &search->window, pieces->labels, map,
                     search->progress->cancel, error)
      || !hl_trim_run (&search->reduced, &search->window, pieces->labels, 1, map,
                       search->progress->cancel, error))
    return FALSE;
  hl_pieces_certify (pieces, sure);
  hl_pieces_apply (pieces, &search->reduced, &search->window, search->circled, map, search->widths);
  if (!hl_soft_run (&search->reduced, &search->window, pieces->labels, map,
                    search->progress->cancel, error))
    return FALSE;
  for (int k = 0; k < 2; k++)
    for (guint i = 0; i < search->lines[k]->len; i++)
      hl_lines_cut_ends (g_ptr_array_index (search->lines[k], i),
                         search->window.left / (k + 1) * (k + 1),
                         search->window.top / (k + 1) * (k + 1), k + 1, map, search->reduced.width,
                         search->reduced.height);
  for (int k = 0; k < 2; k++)
    for (guint i = 0; i < search->lines[k]->len; i++)
      {
        const HlLine *line   = g_ptr_array_index (search->lines[k], i);
        int           factor = k + 1;

        hl_lines_draw (line, search->window.left / factor * factor,
                       search->window.top / factor * factor, factor,
                       hl_evidence_encode (hl_lines_judge (line, factor)), map,
                       search->reduced.width, search->reduced.height);
      }
  if (!hl_losses_find (&search->reduced, &search->window, map, search->widths, search->circled,
                       search->progress->cancel, error))
    return FALSE;
  hl_pieces_apply (sure, &search->reduced, &search->window, search->circled, map, NULL);
  return TRUE;
}

/* Brings a map to the size of the photograph, by the value of the nearest pixel. */
static guint8 *
enlarge (const Search *search, const guint8 *map, GError **error)
{
  const HlImage *image  = search->reduced.image;
  int            factor = search->reduced.factor;
  guint8        *large  = g_try_malloc ((gsize) image->width * image->height);

  if (!large)
    hl_error_set_memory (error, image->width, image->height);
  for (int y = 0; large && y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      large[(gsize) y * image->width + x]
          = map[(gsize) (y / factor) * search->reduced.width + x / factor];
  return large;
}

/* What is asked for and known. */
static void
leave_out (const guint8 *known, const guint8 *target, gsize pixels, guint8 *map)
{
  for (gsize i = 0; i < pixels; i++)
    if ((known && !known[i]) || (target && !target[i]))
      map[i] = 0;
}

/* A map of the search at the size of the photograph; the map itself where that is its own. */
static guint8 *
bring_home (Search *search, guint8 **map, const guint8 *known, const guint8 *target, GError **error)
{
  const HlImage *image = search->reduced.image;
  guint8        *large
      = search->reduced.factor == 1 ? g_steal_pointer (map) : enlarge (search, *map, error);
  if (large)
    leave_out (known, target, (gsize) image->width * image->height, large);
  return large;
}

static gboolean
finish (Search *search, const guint8 *known, const guint8 *target, HlFound *found, GError **error)
{
  HlReduced whole  = search->reduced;
  HlTile    window = { 0, found->height, 0, found->width };

  found->map = bring_home (search, &search->map, known, target, error);
  hl_reduced_resize (&whole, 1);
  if (found->map
      && (search->reduced.factor == 1
          || hl_trim_run (&whole, &window, NULL, search->reduced.factor, found->map,
                          search->progress->cancel, error)))
    found->widths = bring_home (search, &search->widths, NULL, NULL, error);
  for (int logit = CLOSED; found->widths && logit >= -CLOSED; logit--)
    if (hl_progress_is_cancelled (search->progress, error)
        || !hl_islands_close (found->map, found->widths, found->width, found->height,
                              hl_evidence_encode (logit), error))
      return FALSE;
  if (found->widths)
    leave_out (known, target, (gsize) found->width * found->height, found->map);
  return found->widths != NULL;
}

/**
 * hl_find_run:
 * @image: a photograph
 * @known: (H, W) (nullable): 0 where a pixel is transparent or not a number, and never damage;
 *   %NULL: nowhere
 * @target: (H, W) (nullable): not 0 in the part of the photograph in which there is damage, which
 *   may be circled roughly; %NULL to look everywhere
 * @settings: how
 * @progress: to cancel and to follow the work; @stop and @result are not looked at
 * @error: return location for a #GError
 *
 * Finds scratches, cracks, creases, dust and the like. The result depends on nothing but the
 * photograph, @known, @target and the weights: not on the number of threads, and on the memory only
 * by the rounding of sums.
 *
 * Returns: (transfer full): what was found, or %NULL with %HL_ERROR_MEMORY,
 *   %G_IO_ERROR_NO_SPACE, %G_IO_ERROR_CANCELLED or those of hl_weights_load()
 */
HlFound *
hl_find_run (const HlImage *image, const guint8 *known, const guint8 *target,
             const HlFindSettings *settings, const HlProgress *progress, GError **error)
{
  g_autoptr (HlFound) found      = g_new0 (HlFound, 1);
  g_autoptr (GPtrArray) networks = hl_find_load_weights (settings->weights, error);
  g_autoptr (HlPool) pool        = NULL;
  Search search
      = { .networks = networks, .memory_limit = settings->memory_limit, .progress = progress };
  gboolean done;

  if (!networks)
    return NULL;
  pool = hl_pool_new (settings->threads);
  hl_pool_set_cancel (pool, progress->cancel);
  found->width  = image->width;
  found->height = image->height;
  hl_reduced_init (&search.reduced, image, known, 1);
  hl_reduced_choose (&search.reduced, progress->cancel);
  search.half = search.reduced;
  hl_reduced_resize (&search.half, 2 * search.reduced.factor);
  search.pool   = pool;
  search.window = find_window (&search.reduced, target);
  if (search.window.bottom == 0)
    {
      g_set_error (
          error, HL_ERROR, HL_ERROR_NOTHING_SELECTED,
          _ ("Nothing is circled in which damage could be looked for: select roughly where "
             "it is, or nothing to look everywhere."));
      return NULL;
    }
  search.circled = target != NULL;
  done           = run_networks (&search, error) && leave_out_border (&search, error)
         && find_lines (&search, error) && judge (&search, error)
         && finish (&search, known, target, found, error);
  g_free (search.map);
  for (int k = 0; k < 2; k++)
    g_clear_pointer (&search.lines[k], g_ptr_array_unref);
  g_free (search.widths);
  return done ? g_steal_pointer (&found) : NULL;
}

/**
 * hl_find_cut:
 * @found: what was found
 * @sensitivity: 0 (only what is beyond doubt) .. 100 (all that could be); usually
 *   %HL_FIND_SENSITIVITY
 * @largest: the largest width, pixels; %HL_FIND_ANY_WIDTH for no limit
 * @mask: (H, W), row-major, written: 255 where there is damage, else 0
 *
 * A larger @sensitivity and a larger @largest only add to the mask.
 *
 * Returns: how many pixels of @mask are set
 */
gsize
hl_find_cut (const HlFound *found, double sensitivity, int largest, guint8 *mask)
{
  gsize pixels = (gsize) found->width * found->height, count = 0;
  float logit = SENSITIVITY_STEP * (HL_FIND_SENSITIVITY - CLAMP (sensitivity, 0, 100));
  /* A map has 0 where nothing is looked for. */
  guint8 least  = MAX (hl_evidence_encode (logit), 1),
         widest = CLAMP (largest, 0, HL_FIND_ANY_WIDTH);

  for (gsize i = 0; i < pixels; i++)
    {
      mask[i]
          = found->map[i] >= least && (widest == HL_FIND_ANY_WIDTH || found->widths[i] <= widest)
                ? 255
                : 0;
      count += mask[i] & 1;
    }
  return count;
}

/**
 * hl_found_free:
 * @found: (transfer full) (nullable): what was found
 */
void
hl_found_free (HlFound *found)
{
  if (!found)
    return;
  g_free (found->map);
  g_free (found->widths);
  g_free (found);
}
