/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is brought into a hole that does not go on what borders it: no object that the picture
 * shows but once, and no edge of a face; and what ends at the hole goes on in it. */
#include <math.h>
#include <string.h>

#include "../../tools/train/damage/kinds.h"
#include "restore/fill/candidates.h"
#include "restore/fill/coherence.h"
#include "restore/fill/diffuse.h"
#include "restore/fill/expectation.h"
#include "restore/fill/quilt.h"
#include "restore/lowpass.h"

enum
{
  SIDE   = 192,
  PIXELS = SIDE * SIDE
};

/* As a restoration prices what fills the hole smoothly. */
#define KEEP 0.5f

/* Change of the brightness from a pixel to the next that makes an edge. */
#define STRONG 0.06f

typedef struct
{
  HlImage *image;
  float    known[PIXELS], target[PIXELS];
  guint8   hole[PIXELS];
} Scene;

/* Fills the hole as a restoration does: smoothly, with edges carried on, and with pieces. */
static void
fill (Scene *scene)
{
  g_autoptr (HlPool) pool = hl_pool_new (1);
  const HlProgress none   = { 0 };
  HlMaps           maps   = { SIDE, SIDE, scene->target, scene->known };
  HlQuilt          pieces = { .keep = KEEP, .pool = pool };

  for (int i = 0; i < PIXELS; i++)
    {
      scene->target[i] = scene->hole[i];
      scene->known[i]  = !scene->hole[i];
    }
  g_assert_true (hl_diffuse (scene->image, scene->known, NULL, NULL));
  g_assert_true (hl_cohere (scene->image, scene->known, NULL, NULL));
  g_assert_true (hl_quilt_run (&pieces, scene->image, &maps, scene->hole, &none, NULL));
}

static float
get_brightness (const HlImage *image, int x, int y)
{
  float sum = 0;

  for (int c = 0; c < image->channels; c++)
    for (int v = y - 1; v <= y + 1; v++)
      for (int u = x - 1; u <= x + 1; u++)
        sum += image->planes[c * PIXELS + CLAMP (v, 0, SIDE - 1) * SIDE + CLAMP (u, 0, SIDE - 1)];
  return sum / (9 * image->channels);
}

static gboolean
is_edge (const HlImage *image, int x, int y)
{
  float across = get_brightness (image, x + 1, y) - get_brightness (image, x - 1, y);
  float down   = get_brightness (image, x, y + 1) - get_brightness (image, x, y - 1);

  return hypotf (across, down) > 2 * STRONG;
}

/* Pixels on strong edges in the hole from which no edge leads out of it. */
static int
count_strange (const Scene *scene)
{
  g_autofree guint8 *edge    = g_new0 (guint8, PIXELS);
  g_autofree int    *queue   = g_new (int, PIXELS);
  int                strange = 0;

  for (int i = 0; i < PIXELS; i++)
    edge[i] = is_edge (scene->image, i % SIDE, i / SIDE);
  for (int i = 0; i < PIXELS; i++)
    {
      int      n = 0, done = 0;
      gboolean leads_out = FALSE;

      if (!edge[i] || !scene->hole[i])
        continue;
      edge[i]    = 0;
      queue[n++] = i;
      for (; done < n; done++)
        for (int k = 0; k < 9; k++)
          {
            int x = queue[done] % SIDE + k % 3 - 1, y = queue[done] / SIDE + k / 3 - 1;

            if (x < 0 || x >= SIDE || y < 0 || y >= SIDE || !edge[y * SIDE + x])
              continue;
            if (!scene->hole[y * SIDE + x])
              {
                leads_out = TRUE;
                continue;
              }
            edge[y * SIDE + x] = 0;
            queue[n++]         = y * SIDE + x;
          }
      if (!leads_out)
        strange += n;
    }
  return strange;
}

/* A cloth of soft stripes and grain, and on it things that are there but once: a disc with a ring,
 * a cross, a bow. */
static float
draw_cloth (GRand *rng, int x, int y)
{
  float value
      = 0.4f + 0.05f * sinf (0.35f * x + 0.12f * y) + g_rand_double_range (rng, -0.03, 0.03);
  float disc = hypotf (x - 30, y - 96), ring = hypotf (x - 96, y - 168), bow = ABS (x - 160);

  if (disc < 14)
    value += disc < 5 ? -0.35f : 0.4f;
  if (ABS (x - 96) < 16 && ABS (y - 28) < 16 && (ABS (x - 96) < 4 || ABS (y - 28) < 4))
    value += 0.4f;
  if (ABS (ring - 11) < 3)
    value -= 0.35f;
  if (bow < 16 && ABS (y - 96) < 2 + bow / 2)
    value += 0.4f;
  return value;
}

/* Each of them would lie in the hole if one piece covered it. */
static void
test_objects (void)
{
  int strange = 0;

  for (int trial = 0; trial < 4; trial++)
    {
      g_autoptr (GRand) rng = g_rand_new_with_seed (trial);
      Scene scene           = { .image = hl_image_new (1, SIDE, SIDE, NULL) };

      for (int i = 0; i < PIXELS; i++)
        {
          int x = i % SIDE, y = i / SIDE;

          scene.image->planes[i] = draw_cloth (rng, x, y);
          scene.hole[i]          = ABS (x - 96) < 36 + 4 * trial && ABS (y - 96) < 44 - 4 * trial;
        }
      fill (&scene);
      strange += count_strange (&scene);
      hl_image_free (scene.image);
    }
  g_test_message ("%d pixels of strange edges", strange);
  g_assert_cmpint (strange, ==, 0);
}

/* A rough disc before two grounds, light and striped, that meet aslant. */
static float
draw_grounds (GRand *rng, int shift, int x, int y)
{
  if (hypotf (x - 60 - shift, y - 100) < 64)
    return 0.3f + g_rand_double_range (rng, -0.2, 0.2);
  return (x + y > 190 ? 0.2f + 0.05f * (x / 3 % 2) : 0.75f)
         + g_rand_double_range (rng, -0.02, 0.02);
}

/* Root mean square difference in the hole, seen from afar; changes both pictures. */
static double
get_difference (Scene *scene, HlImage *truth)
{
  g_autofree float *scratch = g_new (float, PIXELS);
  double            sum     = 0;
  int               n       = 0;

  hl_lowpass (truth->planes, scratch, SIDE, SIDE, 4);
  hl_lowpass (scene->image->planes, scratch, SIDE, SIDE, 4);
  for (int i = 0; i < PIXELS; i++)
    if (scene->hole[i])
      {
        double d = truth->planes[i] - scene->image->planes[i];

        sum += d * d;
        n++;
      }
  return sqrt (sum / n);
}

/* Where the three meet within the hole is about right: 0.033 on average, and 0.045 where pieces are
 * not compared with a guide. */
static void
test_grounds (void)
{
  double sum = 0;

  for (int trial = 0; trial < 4; trial++)
    {
      g_autoptr (GRand) rng     = g_rand_new_with_seed (trial);
      g_autoptr (HlImage) truth = NULL;
      Scene scene               = { .image = hl_image_new (1, SIDE, SIDE, NULL) };

      for (int i = 0; i < PIXELS; i++)
        {
          scene.image->planes[i] = draw_grounds (rng, 5 * trial, i % SIDE, i / SIDE);
          scene.hole[i]          = ABS (i % SIDE - 96) < 40 && ABS (i / SIDE - 96) < 40;
        }
      truth = hl_image_copy (scene.image, NULL);
      fill (&scene);
      sum += get_difference (&scene, truth);
      hl_image_free (scene.image);
    }
  g_test_message ("root mean square difference from afar %.4f", sum / 4);
  g_assert_cmpfloat (sum / 4, <, 0.039);
}

/* A post before a wall of large noise above and one of stripes below, and an edge aslant between.
 */
static float
draw_post (GRand *rng, int shift, int x, int y)
{
  float noise = g_rand_double_range (rng, -0.03, 0.03);

  if (fabs (x - 96 - shift + 0.15 * (y - 96)) < 7)
    return 0.12f + noise;
  return (y < 100 + shift + 0.2 * x - 20 ? 0.75f + 0.15f * sinf (0.4f * x) * sinf (0.3f * y)
                                         : 0.5f + 0.12f * sinf (0.5f * x + 0.4f * y))
         + noise;
}

/* It goes on through the hole, straight and without gaps, and the wall beside it as well. */
static void
test_post (void)
{
  double wrong = 0;
  int    n     = 0;

  for (int trial = 0; trial < 4; trial++)
    {
      g_autoptr (GRand) rng = g_rand_new_with_seed (trial);
      Scene scene           = { .image = hl_image_new (1, SIDE, SIDE, NULL) };
      int   shift           = 7 * trial - 10;

      for (int i = 0; i < PIXELS; i++)
        {
          scene.image->planes[i] = draw_post (rng, shift, i % SIDE, i / SIDE);
          scene.hole[i]          = ABS (i % SIDE - 96) < 40 && ABS (i / SIDE - 96) < 40;
        }
      fill (&scene);
      for (int i = 0; i < PIXELS; i++)
        {
          double aside = fabs (i % SIDE - 96 - shift + 0.15 * (i / SIDE - 96));

          if (!scene.hole[i] || (aside > 5 && aside < 9) || aside > 16)
            continue;
          wrong += (scene.image->planes[i] < 0.28f) != (aside <= 5);
          n++;
        }
      hl_image_free (scene.image);
    }
  g_test_message ("%.4f of the post and of what is beside it are wrong", wrong / n);
  g_assert_cmpfloat (wrong / n, <, 0.01);
}

/* A corner or a strip is torn off. */
static gboolean
is_torn (int portrait, int x, int y)
{
  int u = portrait & 1 ? SIDE - 1 - x : x, v = portrait & 2 ? SIDE - 1 - y : y;

  return portrait & 4 ? (portrait & 1 ? u : v) < 44 : u + v < 100;
}

/* Drawn people, nobody's second face among them: a lock of hair lies beside a neck in one, and in
 * another, of whom half a face is torn off, a nostril in the other half: 68 pixels of edges that
 * nothing at the rim continues. */
static void
test_portraits (void)
{
  int strange = 0;

  for (int portrait = 0; portrait < 10; portrait++)
    {
      HlCanvas canvas;
      Scene    scene = { .image = hl_image_new (3, SIDE, SIDE, NULL) };
      int      n;

      g_assert_cmpint (hl_canvas_init (&canvas, SIDE, 40 + portrait), !=, 0);
      hl_random_init (&canvas.random, 40, portrait);
      for (int c = 0; c < 3; c++)
        for (int i = 0; i < PIXELS; i++)
          canvas.plane[c][i] = 0.3f + 0.1f * c;
      hl_person (&canvas);
      for (int c = 0; c < 3; c++)
        for (int i = 0; i < PIXELS; i++)
          scene.image->planes[c * PIXELS + i]
              = hl_clamp (canvas.plane[c][i], 0, 1) + 0.01f * hl_normal (&canvas);
      for (int i = 0; i < PIXELS; i++)
        scene.hole[i] = is_torn (portrait, i % SIDE, i / SIDE);
      fill (&scene);
      n = count_strange (&scene);
      g_test_message ("portrait %d: %d pixels of strange edges", portrait, n);
      strange += n;
      hl_image_free (scene.image);
      hl_canvas_clear (&canvas);
    }
  g_assert_cmpint (strange, <, 90);
}

/* A backdrop that grows darker towards its corners, with grain, and before it a coat with buttons,
 * each of which is there several times, in a frame of white paper, @border pixels wide. */
static float
draw_print (GRand *rng, int border, int x, int y)
{
  float grain = g_rand_double_range (rng, -0.03, 0.03);
  int   side  = MIN (MIN (x, y), MIN (SIDE - 1 - x, SIDE - 1 - y));

  if (side < border)
    return 0.9f + grain;
  if (hypotf (x - 96, y - 170) > 80)
    return 0.6f - 0.1f * hypotf (x - 96, y - 96) / 96 + grain;
  return (hypotf (x % 32 - 16, y % 32 - 16) < 6 ? 0.75f : 0.25f) + grain;
}

static void
draw_torn_print (Scene *scene, int corner, int border)
{
  g_autoptr (GRand) rng = g_rand_new_with_seed (corner);

  scene->image = hl_image_new (1, SIDE, SIDE, NULL);
  for (int i = 0; i < PIXELS; i++)
    {
      scene->image->planes[i] = draw_print (rng, border, i % SIDE, i / SIDE);
      scene->hole[i]          = is_torn (corner, i % SIDE, i / SIDE);
    }
}

/* In a torn corner of the backdrop, other parts of it are expected, and neither buttons nor the
 * edge of the coat, however often they are there. */
static void
test_backdrop (void)
{
  const HlFrame none              = { { 0 } };
  g_autoptr (HlPatchLevel) level  = hl_patch_level_new (SIDE, SIDE, 1);
  g_autofree guint8 *valid        = g_new (guint8, PIXELS);
  g_autofree float  *looks        = NULL;
  g_auto (HlExpectation) expected = { 0 };
  gsize middle                    = 24 * SIDE + 24;
  float alike = 0, strange = G_MAXFLOAT;
  Scene scene;

  draw_torn_print (&scene, 0, 0);
  for (int i = 0; i < PIXELS; i++)
    {
      valid[i]                           = !scene.hole[i];
      level->hole[i]                     = scene.hole[i];
      level->values[i * level->features] = scene.hole[i] ? 0.5f : scene.image->planes[i];
    }
  looks = hl_candidates_get_looks (level);
  g_assert_true (hl_expectation_init (&expected, level, looks, valid, &none));
  for (int y = 8; y < 64; y++)
    for (int x = 112; x < SIDE - 8; x++)
      alike = fmaxf (alike, hl_expectation_get_cost (&expected, middle, y * SIDE + x, 0));
  for (int x = 48; x < 144; x++)
    {
      strange = fminf (strange, hl_expectation_get_cost (&expected, middle, 112 * SIDE + x, 0));
      strange = fminf (strange, hl_expectation_get_cost (&expected, middle, 176 * SIDE + x, 0));
    }
  g_test_message ("costs %.3f at most, and at least %.3f", alike, strange);
  g_assert_cmpfloat (alike, <, 0.1);
  g_assert_cmpfloat (strange, >, 0.2);
  /* From the picture's corner the rim lies in a quarter of the directions, from its middle in half.
   */
  g_assert_cmpfloat (hl_expectation_get_share (level, valid, 0), ==, 5 / 16.0f);
  g_assert_cmpfloat (hl_expectation_get_share (level, valid, 49 * SIDE + 49), >, 0.4);
  hl_image_free (scene.image);
}

/* The paper's border goes on straight into the corner, and no further. */
static void
test_border (void)
{
  const int border = 14;

  for (int corner = 1; corner < 3; corner++)
    {
      Scene  scene;
      double paper = 0, beside = 0;
      int    n = 0, m = 0;

      draw_torn_print (&scene, corner, border);
      fill (&scene);
      for (int i = 0; i < PIXELS; i++)
        {
          int x = i % SIDE, y = i / SIDE;
          int side = MIN (MIN (x, y), MIN (SIDE - 1 - x, SIDE - 1 - y));

          if (scene.hole[i] && side < border - 3)
            {
              paper += fabsf (scene.image->planes[i] - 0.9f);
              n++;
            }
          else if (scene.hole[i] && side > border + 3)
            {
              beside += scene.image->planes[i] > 0.8f;
              m++;
            }
        }
      g_test_message ("corner %d: paper off by %.3f, %.3f of it beside", corner, paper / n,
                      beside / m);
      g_assert_cmpfloat (paper / n, <, 0.06);
      g_assert_cmpfloat (beside / m, <, 0.01);
      hl_image_free (scene.image);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/strangers/objects", test_objects);
  g_test_add_func ("/strangers/grounds", test_grounds);
  g_test_add_func ("/strangers/post", test_post);
  g_test_add_func ("/strangers/portraits", test_portraits);
  g_test_add_func ("/strangers/backdrop", test_backdrop);
  g_test_add_func ("/strangers/border", test_border);
  return g_test_run ();
}
