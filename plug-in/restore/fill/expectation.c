/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a hole may be expected to show, by what borders it: a torn corner of a backdrop more of the
 * backdrop, and neither a mouth nor a collar, which the photograph shows elsewhere.
 *
 * How places look from afar and how much they stand out is averaged from the rim into the hole, the
 * deeper the wider around, with how much that varies there: leaves vary much, a backdrop little.
 * What is copied into the hole costs by how far it lies beyond.  How strong its texture is counts
 * by the logarithm: hair has the colour of skin.  The paper's border is expected to go on as it is.
 */
#include "restore/fill/expectation.h"

#include <math.h>

#include "restore/fill/diffuse.h"
#include "restore/fill/taps.h"

/* What a difference in looks costs beyond SPREAD standard deviations and FLOOR, and what standing
 * out costs beyond one; a place stands out by its brightness less a low-pass of it, averaged:
 * passes of the taps 1/4, 1/2, 1/4; DETAIL_FLOOR, of white, is no detail.  Chosen by eye on ten
 * portraits with torn corners and strips: with STRANGE 1 a sleeve and a collar lay on a backdrop,
 * with DETAIL 3 a nostril on a forehead; with SPREAD 1 or less hardly anything may be copied. */
#define STRANGE 2.0f
#define SPREAD 1.5f
#define FLOOR 0.02f
#define DETAIL 10.0f
#define AROUND_PASSES 20
#define DETAIL_PASSES 3
#define DETAIL_FLOOR 0.004f

/* What a texture costs whose strength is another by a factor of e, beyond TEXTURE_SLACK and
 * TEXTURE_SPREAD standard deviations of its logarithm; TEXTURE_FLOOR, of white, is no texture.  And
 * how much of all that counts in the midst of a hole with a rim all around.  Chosen by eye on
 * twelve photographs of 512 x 512 with holes of 180 x 180, on holes in eight portraits, and on
 * those ten: without it hair lay on a cheek, and mist in a wood and among leaves; with all of it
 * inside a twig ended in the air and a wall was smeared. */
#define TEXTURE 1.0f
#define TEXTURE_FLOOR 0.01f
#define TEXTURE_SLACK 0.4f
#define TEXTURE_SPREAD 0.5f
#define INSIDE 0.3f
#define INSIDE_TEXTURE 0.5f

/* In which the rim is looked for. */
#define DIRECTIONS 16

/**
 * hl_expectation_clear:
 * @expectation: an expectation, or zeros
 *
 * Frees what it has.
 */
void
hl_expectation_clear (HlExpectation *expectation)
{
  g_clear_pointer (&expectation->detail, g_free);
  g_clear_pointer (&expectation->texture, g_free);
  g_clear_pointer (&expectation->mean, g_free);
  g_clear_pointer (&expectation->spread, g_free);
}

static gboolean
set_detail (HlExpectation *expectation, const HlPatchLevel *level)
{
  gsize             pixels = expectation->pixels;
  float            *detail = expectation->detail;
  g_autofree float *soft   = g_try_new (float, pixels);

  if (!soft)
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    {
      soft[i] = 0;
      for (int c = 0; c < level->channels; c++)
        soft[i] += level->values[i * level->features + c] / level->channels;
      detail[i] = soft[i];
    }
  hl_taps_smooth (soft, level->width, level->height, 1, AROUND_PASSES);
  for (gsize i = 0; i < pixels; i++)
    detail[i] = fabsf (detail[i] - soft[i]);
  hl_taps_smooth (detail, level->width, level->height, 1, DETAIL_PASSES);
  for (gsize i = 0; i < pixels; i++)
    detail[i] = logf (detail[i] + DETAIL_FLOOR);
  return TRUE;
}

static float
get_value (const HlExpectation *expectation, int f, gsize at)
{
  return f < expectation->features    ? expectation->looks[at * expectation->features + f]
         : f == expectation->features ? expectation->detail[at]
                                      : expectation->texture[at];
}

/* In the paper's border: what its other pixels at the same distance from the side show. */
static void
set_border (HlExpectation *expectation, const HlPatchLevel *level, const guint8 *valid,
            const HlFrame *frame, int side, int distance)
{
  int length = hl_frame_get_length (level, side);

  for (int f = 0; f <= expectation->features + 1; f++)
    {
      float *mean   = expectation->mean + f * expectation->pixels;
      float *spread = expectation->spread + f * expectation->pixels;
      double n = 0, sum = 0, squares = 0;

      for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < length; i++)
          {
            gsize at    = hl_frame_get_pixel (level, side, distance, i);
            float value = get_value (expectation, f, at);

            if (hl_frame_get_side (frame, level, at) != side)
              continue;
            if (pass && n > 0)
              {
                mean[at]   = sum / n;
                spread[at] = sqrt (fmax (squares / n - sum / n * sum / n, 0));
              }
            else if (!pass && valid[at])
              {
                n++;
                sum += value;
                squares += value * value;
              }
          }
    }
}

/* From logarithms to how much a place stands out, and how much it may. */
static void
set_most (HlExpectation *expectation)
{
  gsize from = expectation->features * expectation->pixels;

  for (gsize i = 0; i < expectation->pixels; i++)
    {
      expectation->detail[i] = expf (expectation->detail[i]);
      expectation->mean[from + i]
          = expf (expectation->mean[from + i] + expectation->spread[from + i]);
    }
}

/**
 * hl_expectation_init:
 * @expectation: (out): to be cleared also after a failure
 * @level: a size of the picture, the hole filled
 * @looks: (H, W, features), of hl_candidates_get_looks(); must outlive @expectation
 * @valid: (H, W), 1 where it shows something outside the hole
 * @frame: the paper's border
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_expectation_init (HlExpectation *expectation, const HlPatchLevel *level, const float *looks,
                     const guint8 *valid, const HlFrame *frame)
{
  int               W = level->width, H = level->height, F = level->features;
  gsize             pixels = (gsize) W * H;
  g_autofree float *known  = g_try_new (float, pixels);

  *expectation = (HlExpectation) { .pixels   = pixels,
                                   .features = F,
                                   .looks    = looks,
                                   .detail   = g_try_new (float, pixels),
                                   .texture  = g_try_new (float, pixels),
                                   .mean     = g_try_new (float, (F + 2) * pixels),
                                   .spread   = g_try_new (float, (F + 2) * pixels) };
  if (!known || !expectation->detail || !expectation->texture || !expectation->mean
      || !expectation->spread || !set_detail (expectation, level))
    return FALSE;
  for (gsize i = 0; i < pixels; i++)
    {
      expectation->texture[i] = TEXTURE_FLOOR;
      for (int f = level->channels; f < F; f++)
        expectation->texture[i] += looks[i * F + f];
      expectation->texture[i] = logf (expectation->texture[i]);
      known[i]                = valid[i] && hl_frame_get_side (frame, level, i) < 0;
    }
  for (int f = 0; f <= F + 1; f++)
    {
      HlImage mean   = hl_plane_view (expectation->mean + f * pixels, W, H);
      HlImage spread = hl_plane_view (expectation->spread + f * pixels, W, H);

      for (gsize i = 0; i < pixels; i++)
        {
          mean.planes[i]   = get_value (expectation, f, i);
          spread.planes[i] = mean.planes[i] * mean.planes[i];
        }
      if (!hl_diffuse (&mean, known, NULL, NULL) || !hl_diffuse (&spread, known, NULL, NULL))
        return FALSE;
      for (gsize i = 0; i < pixels; i++)
        spread.planes[i] = sqrtf (fmaxf (spread.planes[i] - mean.planes[i] * mean.planes[i], 0));
    }
  for (int side = 0; side < 4; side++)
    for (int k = 0; k < frame->depth[side]; k++)
      set_border (expectation, level, valid, frame, side, k);
  set_most (expectation);
  return TRUE;
}

/* How much finer or coarser the texture of @from is than what is to be expected. */
static float
get_roughness (const HlExpectation *expectation, gsize at, gsize from)
{
  gsize i = (expectation->features + 1) * expectation->pixels + at;

  return fmaxf (fabsf (expectation->texture[from] - expectation->mean[i])
                    - TEXTURE_SPREAD * expectation->spread[i] - TEXTURE_SLACK,
                0);
}

/**
 * hl_expectation_get_cost:
 * @expectation: an expectation
 * @at: a pixel of the hole
 * @from: a pixel that may be copied there
 * @trust: how far something else than the rim says what belongs there, 0..1
 *
 * Returns: what it costs for what cannot be expected
 */
float
hl_expectation_get_cost (const HlExpectation *expectation, gsize at, gsize from, float trust)
{
  int   F    = expectation->features;
  float most = expectation->mean[F * expectation->pixels + at], sum = 0;

  for (int f = 0; f < F; f++)
    {
      gsize i      = f * expectation->pixels + at;
      float beyond = fabsf (get_value (expectation, f, from) - expectation->mean[i])
                     - SPREAD * expectation->spread[i] - FLOOR;

      sum += beyond > 0 ? beyond * beyond : 0;
    }
  return (1 - trust + INSIDE * trust)
             * (STRANGE * sqrtf (sum) + DETAIL * fmaxf (expectation->detail[from] - most, 0))
         + (1 - trust + INSIDE_TEXTURE * trust) * TEXTURE * get_roughness (expectation, at, from);
}

/**
 * hl_expectation_get_share:
 * @level: a size of the picture
 * @valid: (H, W), 1 where it shows something outside the hole
 * @at: a pixel of the hole
 *
 * Returns: of the directions from there, how many lead to what the picture shows, and not to its
 *   sides or to what shows nothing, 0..1
 */
float
hl_expectation_get_share (const HlPatchLevel *level, const guint8 *valid, gsize at)
{
  int seen = 0;

  for (int k = 0; k < DIRECTIONS; k++)
    {
      double across = cos (2 * G_PI * k / DIRECTIONS), down = sin (2 * G_PI * k / DIRECTIONS);

      for (int length = 1;; length++)
        {
          int   x  = at % level->width + lrint (length * across);
          int   y  = at / level->width + lrint (length * down);
          gsize to = (gsize) y * level->width + x;

          if (x < 0 || x >= level->width || y < 0 || y >= level->height)
            break;
          if (level->hole[to])
            continue;
          seen += valid[to];
          break;
        }
    }
  return seen / (float) DIRECTIONS;
}
