/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of a picture that cover a wide hole: the least cut and the labelling against trying all,
 * offsets of what repeats itself, seams, and that nothing is copied that must not be. */
#include <math.h>
#include <string.h>

#include "restore/fill/labelling.h"
#include "restore/fill/max_flow.h"
#include "restore/fill/offsets.h"
#include "restore/fill/quilt.h"
#include "restore/fill/seams.h"
#include "restore/lowpass.h"

/* Neighbours on a grid, left, right, above and below. */
static void
connect (gint32 *beside, int columns, int rows)
{
  for (int i = 0; i < columns * rows; i++)
    {
      int x = i % columns, y = i / columns;

      beside[4 * i]     = x > 0 ? i - 1 : -1;
      beside[4 * i + 1] = x + 1 < columns ? i + 1 : -1;
      beside[4 * i + 2] = y > 0 ? i - columns : -1;
      beside[4 * i + 3] = y + 1 < rows ? i + columns : -1;
    }
}

/* What the cut costs that leaves the nodes of @set with the sink. */
static int
get_cut (const HlMaxFlow *flow, guint set)
{
  int sum = 0;

  for (int i = 0; i < flow->nodes; i++)
    {
      gboolean sink = set >> i & 1;

      sum += sink ? MAX (flow->terminal[i], 0) : MAX (-flow->terminal[i], 0);
      for (int d = 0; d < 4 && !sink; d++)
        if (flow->beside[4 * i + d] >= 0 && (set >> flow->beside[4 * i + d] & 1))
          sum += flow->capacity[4 * i + d];
    }
  return sum;
}

/* No set of nodes is cheaper to cut off than the one that is found. */
static void
test_least_cut (void)
{
  g_autoptr (GRand) rng = g_rand_new_with_seed (1);

  for (int trial = 0; trial < 60; trial++)
    {
      g_auto (HlMaxFlow) flow = { 0 };
      HlMaxFlow given;
      int       least = G_MAXINT;
      guint     found = 0;
      gint32    terminal[12], capacity[48];

      g_assert_true (hl_max_flow_init (&flow, 12));
      connect (flow.beside, 4, 3);
      for (int i = 0; i < 12; i++)
        {
          flow.terminal[i] = terminal[i] = g_rand_int_range (rng, -20, 21);
          for (int d = 0; d < 4; d++)
            flow.capacity[4 * i + d] = capacity[4 * i + d]
                = flow.beside[4 * i + d] < 0 ? 0 : g_rand_int_range (rng, 0, 15);
        }
      hl_max_flow_run (&flow);
      given          = flow;
      given.terminal = terminal;
      given.capacity = capacity;
      for (int i = 0; i < 12; i++)
        found |= (guint) hl_max_flow_is_at_sink (&flow, i) << i;
      for (guint set = 0; set < 1 << 12; set++)
        least = MIN (least, get_cut (&given, set));
      g_assert_cmpint (get_cut (&given, found), ==, least);
    }
}

enum
{
  COLUMNS = 12,
  ROWS    = 9,
  NODES   = 6,
  LABELS  = 3
};

/* A hole of 3 x 2 pixels and three ways to cover it; costs and values are random. */
static void
labelling_init (HlLabelling *labelling, GRand *rng, float *values, gint32 *at, gint32 *beside,
                float *cost, gint32 *label)
{
  static const gint32 shift[2 * LABELS] = { -4, 0, 4, 1, -1, 4 };

  for (int i = 0; i < COLUMNS * ROWS * 2; i++)
    values[i] = g_rand_double (rng);
  connect (beside, 3, 2);
  for (int i = 0; i < NODES; i++)
    {
      at[i]    = (2 + i / 3) * COLUMNS + 5 + i % 3;
      label[i] = 0;
      for (int a = 0; a < LABELS; a++)
        cost[i * LABELS + a] = 0.6 * g_rand_double (rng);
    }
  cost[4 * LABELS + 2] = HL_LABELLING_NEVER;
  *labelling           = (HlLabelling) { .width    = COLUMNS,
                                         .height   = ROWS,
                                         .features = 2,
                                         .values   = values,
                                         .nodes    = NODES,
                                         .at       = at,
                                         .beside   = beside,
                                         .labels   = LABELS,
                                         .shift    = shift,
                                         .cost     = cost,
                                         .label    = label };
}

/* No labelling is much cheaper than the one that is found, most are not cheaper at all, and a label
 * that a node must not have is never given. */
static void
test_labelling (void)
{
  g_autoptr (GRand) rng = g_rand_new_with_seed (2);
  int best              = 0;

  for (int trial = 0; trial < 40; trial++)
    {
      HlLabelling labelling;
      float       values[COLUMNS * ROWS * 2], cost[NODES * LABELS];
      gint32      at[NODES], beside[4 * NODES], label[NODES];
      double      before, found, least = HL_LABELLING_NEVER;

      labelling_init (&labelling, rng, values, at, beside, cost, label);
      labelling.steep = trial % 2 ? 3 : 0;
      before          = hl_labelling_get_cost (&labelling);
      g_assert_true (hl_labelling_run (&labelling, 5, NULL));
      found = hl_labelling_get_cost (&labelling);
      g_assert_cmpint (label[4], !=, 2);
      g_assert_cmpfloat (found, <=, before + 1e-3);
      for (int k = 0; k < 729; k++)
        {
          for (int i = 0, rest = k; i < NODES; i++, rest /= LABELS)
            label[i] = rest % LABELS;
          least = MIN (least, hl_labelling_get_cost (&labelling));
        }
      g_assert_cmpfloat (found, <, 1.5 * least);
      best += found < least + 2e-3;
    }
  g_test_message ("%d of 40 are the cheapest", best);
  g_assert_cmpint (best, >=, 30);
}

/* What is found: so far away is what most pixels are like. */
static void
test_offsets (void)
{
  gint32 shift[40 * 30 * 2], offset[2 * 3];
  guint8 which[40 * 30];
  g_autoptr (GRand) rng = g_rand_new_with_seed (3);

  for (int i = 0; i < 40 * 30; i++)
    {
      int kind = g_rand_int_range (rng, 0, 10);

      which[i]         = i % 7 != 0;
      shift[2 * i]     = kind < 5 ? 12 : kind < 8 ? -7 : g_rand_int_range (rng, -39, 40);
      shift[2 * i + 1] = kind < 5 ? 3 : kind < 8 ? -10 : g_rand_int_range (rng, -29, 30);
      if (!which[i])
        shift[2 * i] = shift[2 * i + 1] = 1;
    }
  g_assert_cmpint (hl_offsets_find (shift, which, 40, 30, 2, 3, offset), ==, 3);
  g_assert_cmpint (offset[0], ==, 12);
  g_assert_cmpint (offset[1], ==, 3);
  g_assert_cmpint (offset[2], ==, -7);
  g_assert_cmpint (offset[3], ==, -10);
}

enum
{
  W      = 144,
  H      = 112,
  PIXELS = W * H
};

/* Stripes and dots that repeat every 16 columns and 12 rows, brighter to the right. */
static float
weave (int c, int x, int y)
{
  return 0.3f + 0.002f * x + 0.15f * sinf (G_PI / 8 * x + 0.4f * c) * cosf (G_PI / 6 * y)
         + (x % 16 < 4 && y % 12 < 5) * 0.2f + 0.03f * c;
}

typedef struct
{
  HlImage *image, *truth;
  HlMaps   maps;
  float    target[PIXELS], source[PIXELS];
  guint8   hole[PIXELS];
} Scene;

static void
scene_init (Scene *scene, int channels)
{
  scene->truth = hl_image_new (channels, W, H, NULL);
  scene->maps  = (HlMaps) { W, H, scene->target, scene->source };
  for (int i = 0; i < PIXELS; i++)
    {
      int x = i % W, y = i / W;

      scene->hole[i]   = x >= 50 && x < 94 && y >= 38 && y < 78;
      scene->target[i] = scene->hole[i];
      scene->source[i] = !scene->hole[i];
      for (int c = 0; c < channels; c++)
        scene->truth->planes[c * PIXELS + i] = weave (c, x, y);
    }
  scene->image = hl_image_copy (scene->truth, NULL);
  for (int i = 0; i < channels * PIXELS; i++)
    if (scene->hole[i % PIXELS])
      scene->image->planes[i] = 0.45f;
}

static void
scene_clear (Scene *scene)
{
  hl_image_free (scene->image);
  hl_image_free (scene->truth);
}

static gboolean
run (Scene *scene, float keep, guint32 seed, const HlProgress *progress, GError **error)
{
  g_autoptr (HlPool) pool = hl_pool_new (1);
  const HlProgress none   = { 0 };
  HlQuilt          pieces = { .keep = keep, .pool = pool, .seed = seed };

  return hl_quilt_run (&pieces, scene->image, &scene->maps, scene->hole,
                       progress ? progress : &none, error);
}

static double
get_error (const Scene *scene)
{
  double sum = 0;
  int    n   = 0;

  for (int i = 0; i < scene->image->channels * PIXELS; i++)
    {
      double d = scene->image->planes[i] - scene->truth->planes[i];

      if (!scene->hole[i % PIXELS])
        g_assert_cmpfloat (d, ==, 0);
      sum += d * d;
      n += scene->hole[i % PIXELS];
    }
  return sqrt (sum / n);
}

/* A pattern goes on across the hole, and the light with it; the same again is the same bits. */
static void
test_weave (gconstpointer channels)
{
  Scene scene, again;

  scene_init (&scene, GPOINTER_TO_INT (channels));
  scene_init (&again, GPOINTER_TO_INT (channels));
  g_assert_true (run (&scene, 0.3f, 0, NULL, NULL));
  g_test_message ("root mean square error %.4f", get_error (&scene));
  g_assert_cmpfloat (get_error (&scene), <, 0.03);
  g_assert_true (run (&again, 0.3f, 0, NULL, NULL));
  g_assert_cmpmem (scene.image->planes, GPOINTER_TO_INT (channels) * PIXELS * sizeof (float),
                   again.image->planes, GPOINTER_TO_INT (channels) * PIXELS * sizeof (float));
  scene_clear (&scene);
  scene_clear (&again);
}

/* What is no source is not copied, however well it fits: beside a pattern, a hole that only what is
 * plain may be copied into has no pattern. */
static void
test_source (void)
{
  Scene  scene;
  double change = 0;

  scene_init (&scene, 1);
  for (int i = 0; i < PIXELS; i++)
    {
      scene.source[i] = i % W < 40;
      scene.target[i] = i % W >= 40;
      if (i % W < 40)
        scene.image->planes[i] = 0.45f;
    }
  g_assert_true (run (&scene, 0.3f, 0, NULL, NULL));
  for (int i = 0; i < PIXELS; i++)
    if (scene.hole[i] && scene.hole[i - 1])
      change = fmax (change, fabs (scene.image->planes[i] - scene.image->planes[i - 1]));
  g_test_message ("steps of %.4f at most", change);
  g_assert_cmpfloat (change, <, 0.1);
  scene_clear (&scene);
}

/* Whoever paints what pieces leave, and gives grain to it, learns what they cover: all of a hole in
 * a pattern, and nothing where they are stopped before. */
static void
test_copied (void)
{
  for (int k = 0; k < 2; k++)
    {
      g_autoptr (GCancellable) stop = g_cancellable_new ();
      g_autoptr (HlPool) pool       = hl_pool_new (1);
      HlProgress         progress   = { .stop = stop };
      g_autofree guint8 *copied     = g_new0 (guint8, PIXELS);
      HlQuilt            pieces     = { .keep = 2, .pool = pool, .copied = copied };
      Scene              scene;

      if (k == 1)
        g_cancellable_cancel (stop);
      scene_init (&scene, 1);
      g_assert_true (hl_quilt_run (&pieces, scene.image, &scene.maps, scene.hole, &progress, NULL));
      for (int i = 0; i < PIXELS; i++)
        g_assert_cmpint (copied[i], ==, k == 0 && scene.hole[i]);
      scene_clear (&scene);
    }
}

/* Each seed paints something else, seen through a low-pass: a quarter of the pixels differ from
 * those of each other seed. */
static void
test_seed (void)
{
  Scene scene[3];
  float scratch[PIXELS];
  g_autoptr (GRand) rng = g_rand_new_with_seed (6);

  for (int k = 0; k < 3; k++)
    {
      scene_init (&scene[k], 1);
      for (int i = 0; i < PIXELS; i++)
        if (!scene[k].hole[i])
          scene[k].image->planes[i] = k ? scene[0].image->planes[i] : g_rand_double (rng);
    }
  for (int k = 0; k < 3; k++)
    {
      g_assert_true (run (&scene[k], 1, k, NULL, NULL));
      hl_lowpass (scene[k].image->planes, scratch, W, H, 1);
    }
  for (int k = 0; k < 3; k++)
    {
      const float *one = scene[k].image->planes, *other = scene[(k + 1) % 3].image->planes;
      int          differ = 0;

      for (int i = 0; i < PIXELS; i++)
        differ += scene[k].hole[i] && fabsf (one[i] - other[i]) > 0.05;
      g_test_message ("%d of %d pixels differ", differ, 44 * 40);
      g_assert_cmpint (differ, >, 44 * 40 / 4);
    }
  for (int k = 0; k < 3; k++)
    scene_clear (&scene[k]);
}

/* Cancelled it says so, and stopped it leaves the hole as it was. */
static void
test_ends (void)
{
  g_autoptr (GCancellable) ended = g_cancellable_new ();
  g_autoptr (GError) error       = NULL;
  HlProgress cancelled = { .cancel = ended }, stopped = { .stop = ended };
  Scene      scene;

  g_cancellable_cancel (ended);
  scene_init (&scene, 3);
  g_assert_false (run (&scene, 0.3f, 0, &cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (run (&scene, 0.3f, 0, &stopped, NULL));
  for (int i = 0; i < 3 * PIXELS; i++)
    if (scene.hole[i % PIXELS])
      g_assert_cmpfloat (scene.image->planes[i], ==, 0.45f);
  scene_clear (&scene);
}

/* Two flat pieces of different light meet in a ramp, and both meet the rim. */
static void
test_seams (void)
{
  HlImage *image = hl_image_new (1, 64, 8, NULL);
  gint32   at[8 * 8], beside[4 * 8 * 8], source[8 * 8];
  guint8   rim[64 * 8];

  for (int i = 0; i < 64 * 8; i++)
    {
      image->planes[i] = i % 64 < 12 ? 0.50f : i % 64 < 32 ? 0.52f : i % 64 < 48 ? 0.51f : 0.53f;
      rim[i]           = !(i % 64 >= 20 && i % 64 < 28);
    }
  connect (beside, 8, 8);
  for (int i = 0; i < 64; i++)
    {
      at[i]     = i / 8 * 64 + 20 + i % 8;
      source[i] = at[i] + (i % 8 < 4 ? -16 : 28);
    }
  g_assert_true (hl_seams_blend (image, 64, at, beside, source, rim, NULL, NULL));
  for (int i = 0; i < 64; i++)
    g_assert_cmpfloat (fabs (image->planes[at[i]] - 0.52), <, 0.006);
  hl_image_free (image);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quilt/least-cut", test_least_cut);
  g_test_add_func ("/quilt/labelling", test_labelling);
  g_test_add_func ("/quilt/offsets", test_offsets);
  g_test_add_func ("/quilt/seams", test_seams);
  g_test_add_data_func ("/quilt/weave/gray", GINT_TO_POINTER (1), test_weave);
  g_test_add_data_func ("/quilt/weave/colour", GINT_TO_POINTER (3), test_weave);
  g_test_add_func ("/quilt/source", test_source);
  g_test_add_func ("/quilt/copied", test_copied);
  g_test_add_func ("/quilt/seed", test_seed);
  g_test_add_func ("/quilt/ends", test_ends);
  return g_test_run ();
}
