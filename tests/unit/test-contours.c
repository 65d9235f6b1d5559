/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long edges that end at a hole: where they are found, which two are one, and what is expected
 * beside them. */
#include <math.h>
#include <string.h>

#include "restore/fill/contours.h"
#include "restore/fill/structure.h"

enum
{
  WIDTH  = 90,
  HEIGHT = 84,
  LEFT   = 32,
  RIGHT  = 60,
  TOP    = 28,
  BOTTOM = 55
};

typedef struct
{
  HlPatchLevel *level;
  guint8        valid[WIDTH * HEIGHT];
} Scene;

/* How far a place lies to the right of an edge, in pixels, below 0 to its left. */
typedef double (*Edge) (double x, double y);

static double
get_line (double x, double y)
{
  return (x - 47.3) * cos (0.2) + (y - 41) * sin (0.2);
}

static double
get_arc (double x, double y)
{
  return 100 - hypot (x - 145, y - 40);
}

static double
get_row (double x, double y)
{
  return y - 40.6;
}

/* A step from 0.2 and 0.3 to 0.7 and 0.5 that is @blur pixels wide. */
static float
draw (double right, int channel, double blur)
{
  double share = CLAMP (0.5 + right / blur, 0, 1);

  return channel ? 0.3 + 0.2 * share : 0.2 + 0.5 * share;
}

static void
scene_init (Scene *scene)
{
  scene->level = hl_patch_level_new (WIDTH, HEIGHT, 3);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      int x = i % WIDTH, y = i / WIDTH;

      scene->level->hole[i] = x >= LEFT && x < RIGHT && y >= TOP && y < BOTTOM;
      scene->valid[i]       = !scene->level->hole[i];
    }
}

static void
set_value (Scene *scene, int at, int channel, float value)
{
  gsize i = (gsize) at * scene->level->features + channel;

  /* In the hole there may be anything. */
  scene->level->values[i] = scene->valid[at] ? value : at % 3 * 0.4f;
}

/* To the right of the hole's middle it is as wide as @other_blur, and in reverse colours. */
static void
draw_edge (Scene *scene, Edge edge, double blur, double other_blur, gboolean reversed)
{
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    for (int c = 0; c < 3; c++)
      {
        int    x = i % WIDTH, y = i / WIDTH;
        double right = edge (x, y);

        if (x > (LEFT + RIGHT) / 2)
          set_value (scene, i, c, draw (reversed ? -right : right, c, other_blur));
        else
          set_value (scene, i, c, draw (right, c, blur));
      }
}

static GArray *
pair (Scene *scene, guint *n)
{
  g_autoptr (GArray) ends = hl_contours_find_ends (scene->level, scene->valid);

  *n = ends->len;
  return hl_contours_pair (scene->level, ends);
}

static void
check_curve (Edge edge, double most)
{
  g_autoptr (GArray) contours = NULL;
  const HlContour *contour;
  Scene            scene;
  guint            ends;

  scene_init (&scene);
  draw_edge (&scene, edge, 1, 1, FALSE);
  contours = pair (&scene, &ends);
  g_assert_cmpuint (ends, ==, 2);
  g_assert_cmpuint (contours->len, ==, 1);
  contour = &g_array_index (contours, HlContour, 0);
  g_assert_cmpfloat (contour->reach, ==, G_MAXDOUBLE);
  for (int k = 0; k <= 8; k++)
    {
      double point[2], along[2];

      hl_contour_get_point (contour, k / 8.0, point, along);
      g_test_message ("at %.2f, %.2f: %.3f pixels off", point[0], point[1],
                      edge (point[0], point[1]));
      g_assert_cmpfloat (fabs (edge (point[0], point[1])), <, most);
      g_assert_cmpfloat (fabs (edge (point[0] + 2 * along[0], point[1] + 2 * along[1])
                               - edge (point[0] - 2 * along[0], point[1] - 2 * along[1])),
                         <, 0.8);
    }
  hl_patch_level_free (scene.level);
}

static void
test_curves (void)
{
  check_curve (get_line, 0.4);
  check_curve (get_row, 0.4);
  check_curve (get_arc, 1);
}

/* No two ends are one whose colours are in reverse, or of which one is out of focus; each goes on
 * by itself, straight, no further than it is known. */
static void
test_strangers (void)
{
  for (int k = 0; k < 2; k++)
    {
      g_autoptr (GArray) contours = NULL;
      Scene scene;
      guint ends;

      scene_init (&scene);
      draw_edge (&scene, get_row, 1, k ? 6 : 1, !k);
      contours = pair (&scene, &ends);
      /* Where the colours are in reverse they meet above and below the hole, too. */
      g_assert_cmpuint (ends, ==, k ? 2 : 4);
      g_assert_cmpuint (contours->len, ==, ends);
      for (guint i = 0; i < ends; i++)
        {
          const HlContour *contour = &g_array_index (contours, HlContour, i);

          g_assert_cmpfloat (contour->reach, <, 2);
          if (fabs (contour->end[0].across) < fabs (contour->end[0].down))
            continue;
          g_assert_cmpfloat (fabs (contour->end[1].y - 40.6), <, 1);
          g_assert_cmpfloat (hl_contour_get_length (contour), >, RIGHT - LEFT - 2);
        }
      hl_patch_level_free (scene.level);
    }
}

static void
test_noise (void)
{
  g_autoptr (GRand) rng       = g_rand_new_with_seed (7);
  g_autoptr (GArray) contours = NULL;
  Scene scene;
  guint ends;

  scene_init (&scene);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    for (int c = 0; c < 3; c++)
      set_value (&scene, i, c, g_rand_double (rng));
  contours = pair (&scene, &ends);
  g_assert_cmpuint (ends, <=, 1);
  hl_patch_level_free (scene.level);
}

/* Beside an edge in the hole, what shows it two pixels aside or upside down costs more than what
 * shows it there, and elsewhere nothing costs. */
static void
test_cost (void)
{
  g_auto (HlStructure) structure = { 0 };
  float there = 0, aside = 0, reversed = 0;
  Scene scene;

  scene_init (&scene);
  draw_edge (&scene, get_row, 1, 1, FALSE);
  g_assert_true (hl_structure_init (&structure, scene.level, scene.valid));
  for (int y = 38; y < 44; y++)
    {
      gsize at = (gsize) y * WIDTH + 46, from = (gsize) y * WIDTH + 12;
      gsize mirrored = (gsize) (81 - y) * WIDTH + 12;

      there += hl_structure_get_cost (&structure, scene.level, at, from);
      aside += hl_structure_get_cost (&structure, scene.level, at, from + 2 * WIDTH);
      reversed += hl_structure_get_cost (&structure, scene.level, at, mirrored);
      g_assert_cmpfloat (hl_structure_get_cost (&structure, scene.level, at, at), >, 0);
    }
  g_test_message ("costs %.3f there, %.3f aside, %.3f upside down", there, aside, reversed);
  g_assert_cmpfloat (there, <, 0.8);
  g_assert_cmpfloat (aside, >, 1.4);
  g_assert_cmpfloat (reversed, >, 2.5);
  g_assert_cmpfloat (hl_structure_get_cost (&structure, scene.level, (TOP + 4) * WIDTH + 46, 12),
                     ==, 0);
  hl_patch_level_free (scene.level);
}

/* Along an edge there is something to copy. */
static void
test_shifts (void)
{
  g_auto (HlStructure) structure = { 0 };
  g_autoptr (GArray) shifts      = g_array_new (FALSE, FALSE, sizeof (gint32));
  int   along                    = 0;
  Scene scene;

  scene_init (&scene);
  draw_edge (&scene, get_row, 1, 1, FALSE);
  g_assert_true (hl_structure_init (&structure, scene.level, scene.valid));
  hl_structure_add_shifts (&structure, shifts);
  for (guint k = 0; k < shifts->len; k += 2)
    along += g_array_index (shifts, gint32, k + 1) == 0
             && ABS (g_array_index (shifts, gint32, k)) > RIGHT - LEFT;
  g_assert_cmpint (along, >, 6);
  hl_patch_level_free (scene.level);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contours/curves", test_curves);
  g_test_add_func ("/contours/strangers", test_strangers);
  g_test_add_func ("/contours/noise", test_noise);
  g_test_add_func ("/contours/cost", test_cost);
  g_test_add_func ("/contours/shifts", test_shifts);
  return g_test_run ();
}
