/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for damage: drawn damage is found and drawn scenes are left alone, pieces give what
 * the whole gives, a cut only grows. */

#include <math.h>
#include <string.h>

#include "restore/find/drt.h"
#include "restore/find/find.h"
#include "restore/find/lines.h"
#include "restore/find/losses.h"
#include "restore/find/pieces.h"
#include "restore/find/print_border.h"
#include "restore/find/reduced.h"
#include "restore/find/soft.h"
#include "restore/find/trim.h"

#define WIDTH 331
#define HEIGHT 277

/* A scene with slopes, edges in all directions and grain, which differ everywhere. */
static HlImage *
draw_scene (int channels, int width, int height)
{
  HlImage *image = hl_image_new (channels, width, height, NULL);
  GRand   *rand  = g_rand_new_with_seed (3);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double grain = 0.012 * (g_rand_double (rand) + g_rand_double (rand) - 1);
        double wall  = 0.35 + 0.15 * sin (x / 41.0) + 0.1 * cos (y / 57.0);
        double house = x > 60 && x < 190 && y > 90 + x / 9 ? 0.22 : 0;
        double hill  = hypot (x - 260, y - 300) < 130 ? -0.15 : 0;

        for (int c = 0; c < channels; c++)
          image->planes[((gsize) c * height + y) * width + x]
              = wall + house + hill * (1 + 0.2 * c) + grain;
      }
  g_rand_free (rand);
  return image;
}

static void
paint (HlImage *image, guint8 *truth, int x, int y, float value)
{
  gsize pixels = (gsize) image->width * image->height, at = (gsize) y * image->width + x;

  if (x < 0 || y < 0 || x >= image->width || y >= image->height)
    return;
  for (int c = 0; c < image->channels; c++)
    image->planes[c * pixels + at] = value;
  truth[at] = 1;
}

/* Scratches that bend, and specks. */
static void
damage (HlImage *image, guint8 *truth)
{
  GRand *rand = g_rand_new_with_seed (11);

  for (int k = 0; k < 7; k++)
    {
      double x    = g_rand_double_range (rand, 0, image->width);
      double y    = g_rand_double_range (rand, 0, image->height);
      double turn = g_rand_double_range (rand, 0, 6.28);

      for (int i = 0; i < 160; i++)
        {
          turn += g_rand_double_range (rand, -0.05, 0.05);
          x += cos (turn);
          y += sin (turn);
          for (int j = -1; j <= 1; j++)
            paint (image, truth, x + (fabs (cos (turn)) < 0.7 ? j : 0),
                   y + (fabs (cos (turn)) < 0.7 ? 0 : j), k == 3 ? 0.04 : 0.93);
        }
    }
  for (int k = 0; k < 60; k++)
    {
      int x = g_rand_int_range (rand, 4, image->width - 4);
      int y = g_rand_int_range (rand, 4, image->height - 4);

      for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++)
          paint (image, truth, x + i, y + j, 0.95);
    }
  g_rand_free (rand);
}

static HlFound *
find (const HlImage *image, const guint8 *known, const guint8 *target, guint threads,
      guint64 memory)
{
  g_autoptr (GError) error = NULL;
  HlFindSettings settings  = { .threads = threads, .memory_limit = memory };
  HlProgress     none      = { 0 };
  HlFound       *found     = hl_find_run (image, known, target, &settings, &none, &error);

  g_assert_no_error (error);
  return found;
}

/* 2 TP / (found + true), within two pixels. */
static double
score (const guint8 *found, const guint8 *truth, int width, int height)
{
  double all = 0, right = 0, wanted = 0, hit = 0;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gboolean near_truth = FALSE, near_found = FALSE;
        gsize    at = (gsize) y * width + x;

        if (!found[at] && !truth[at])
          continue;
        for (int j = MAX (y - 2, 0); j <= MIN (y + 2, height - 1); j++)
          for (int i = MAX (x - 2, 0); i <= MIN (x + 2, width - 1); i++)
            {
              near_truth |= truth[(gsize) j * width + i] != 0;
              near_found |= found[(gsize) j * width + i] != 0;
            }
        all += found[at] != 0;
        right += found[at] && near_truth;
        wanted += truth[at] != 0;
        hit += truth[at] && near_found;
      }
  return right == 0 ? 0 : 2 / (all / right + wanted / MAX (hit, 1));
}

static void
test_finds (gconstpointer data)
{
  int channels              = GPOINTER_TO_INT (data);
  g_autoptr (HlImage) image = draw_scene (channels, WIDTH, HEIGHT);
  g_autofree guint8 *truth  = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *mask   = g_new0 (guint8, WIDTH * HEIGHT);
  g_autoptr (HlFound) found = NULL;
  double got;

  damage (image, truth);
  found = find (image, NULL, NULL, 2, 0);
  g_assert_cmpuint (hl_find_cut (found, HL_FIND_SENSITIVITY, HL_FIND_ANY_WIDTH, mask), >, 0);
  got = score (mask, truth, WIDTH, HEIGHT);
  g_test_message ("F1 %.3f", got);
  g_assert_cmpfloat (got, >, 0.7);
}

/* Long before the end it is known how much there will be to repair, about. */
static void
test_first_look (void)
{
  g_autoptr (HlImage) image   = draw_scene (3, WIDTH, HEIGHT);
  g_autofree guint8 *truth    = g_new0 (guint8, WIDTH * HEIGHT);
  HlFindSettings     settings = { .threads = 2 };
  double             sound = -1, damaged = -1, pixels = 0;
  HlProgress         progress = { .damaged = &sound };

  hl_found_free (hl_find_run (image, NULL, NULL, &settings, &progress, NULL));
  g_assert_cmpfloat (sound, >=, 0);
  g_assert_cmpfloat (sound, <, 0.03);
  damage (image, truth);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    pixels += truth[i] != 0;
  progress.damaged = &damaged;
  hl_found_free (hl_find_run (image, NULL, NULL, &settings, &progress, NULL));
  g_test_message ("%.3f seems damaged, %.3f is", damaged, pixels / (WIDTH * HEIGHT));
  g_assert_cmpfloat (damaged, >, pixels / (WIDTH * HEIGHT));
  g_assert_cmpfloat (damaged, <, 1);
}

static void
test_leaves_alone (void)
{
  g_autoptr (HlImage) image = draw_scene (3, WIDTH, HEIGHT);
  g_autoptr (HlFound) found = find (image, NULL, NULL, 1, 0);
  g_autofree guint8 *mask   = g_new0 (guint8, WIDTH * HEIGHT);

  /* The bright corner of the house alone may be taken for a flake. */
  g_assert_cmpuint (hl_find_cut (found, HL_FIND_SENSITIVITY, HL_FIND_ANY_WIDTH, mask), <,
                    WIDTH * HEIGHT / 4000);
}

static void
test_pieces_and_whole (void)
{
  g_autoptr (HlImage) image = draw_scene (3, 701, 90);
  g_autofree guint8 *truth  = g_new0 (guint8, 701 * 90);
  g_autoptr (HlFound) whole = NULL, pieces = NULL, threads = NULL;
  int apart = 0;

  damage (image, truth);
  whole   = find (image, NULL, NULL, 1, 0);
  pieces  = find (image, NULL, NULL, 1, 21 << 20);
  threads = find (image, NULL, NULL, 3, 0);
  g_assert_cmpmem (whole->map, 701 * 90, threads->map, 701 * 90);
  /* Sums that are rounded differently may fall on either side of a step. */
  for (int i = 0; i < 701 * 90; i++)
    {
      apart += whole->map[i] != pieces->map[i];
      g_assert_cmpint (abs (whole->map[i] - pieces->map[i]), <=, 2);
    }
  g_assert_cmpint (apart, <, 701 * 90 / 50);
}

static void
test_memory_limit (void)
{
  g_autoptr (HlImage) image = draw_scene (1, WIDTH, HEIGHT);
  g_autoptr (GError) error  = NULL;
  HlFindSettings settings   = { .threads = 1, .memory_limit = 1000 };
  HlProgress     none       = { 0 };

  g_assert_null (hl_find_run (image, NULL, NULL, &settings, &none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_grows (void)
{
  g_autoptr (HlImage) image = draw_scene (3, WIDTH, HEIGHT);
  g_autofree guint8 *truth  = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *less   = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *more   = g_new0 (guint8, WIDTH * HEIGHT);
  g_autoptr (HlFound) found = NULL;
  gsize last                = 0;

  damage (image, truth);
  found = find (image, NULL, NULL, 1, 0);
  for (int sensitivity = 0; sensitivity <= 100; sensitivity += 20)
    {
      gsize count = hl_find_cut (found, sensitivity, HL_FIND_ANY_WIDTH, more);

      for (int i = 0; i < WIDTH * HEIGHT; i++)
        g_assert_false (less[i] && !more[i]);
      g_assert_cmpuint (count, >=, last);
      last = count;
      memcpy (less, more, WIDTH * HEIGHT);
    }
  memset (less, 0, WIDTH * HEIGHT);
  last = 0;
  for (int largest = 1; largest <= HL_FIND_ANY_WIDTH; largest *= 2)
    {
      gsize count = hl_find_cut (found, HL_FIND_SENSITIVITY, largest, more);

      for (int i = 0; i < WIDTH * HEIGHT; i++)
        g_assert_false (less[i] && !more[i]);
      g_assert_cmpuint (count, >=, last);
      last = count;
      memcpy (less, more, WIDTH * HEIGHT);
    }
  g_assert_cmpuint (hl_find_cut (found, HL_FIND_SENSITIVITY, 1, less), <, last);
}

static void
test_within (void)
{
  g_autoptr (HlImage) image  = draw_scene (3, WIDTH, HEIGHT);
  g_autofree guint8 *truth   = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *target  = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *known   = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *mask    = g_new0 (guint8, WIDTH * HEIGHT);
  g_autoptr (HlFound) within = NULL, all = NULL;
  int missed = 0, inside = 0;

  damage (image, truth);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        target[y * WIDTH + x] = hypot (x - 150, y - 140) < 70;
        known[y * WIDTH + x]  = x > 40 || y > 60;
        if (!known[y * WIDTH + x])
          image->planes[y * WIDTH + x] = NAN;
      }
  within = find (image, known, target, 1, 0);
  hl_find_cut (within, HL_FIND_SENSITIVITY, HL_FIND_ANY_WIDTH, mask);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    {
      g_assert_false (mask[i] && !target[i]);
      inside += truth[i] && target[i];
      missed += truth[i] && target[i] && !mask[i];
    }
  g_assert_cmpint (inside, >, 100);
  g_assert_cmpint (missed, <, inside / 10);

  all = find (image, known, NULL, 1, 0);
  hl_find_cut (all, 100, HL_FIND_ANY_WIDTH, mask);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    g_assert_false (mask[i] && !known[i]);
}

static void
cancel_soon (double fraction, guint iteration, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancel (void)
{
  g_autoptr (HlImage) image       = draw_scene (3, WIDTH, HEIGHT);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (GError) error        = NULL;
  HlFindSettings settings         = { .threads = 2 };
  HlProgress     control = { .cancel = cancel, .report = cancel_soon, .user_data = cancel };

  g_assert_null (hl_find_run (image, NULL, NULL, &settings, &control, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The sums along lines, one by one. */
static void
test_line_sums (void)
{
  g_autofree float *square = g_new (float, HL_DRT_SIDE *HL_DRT_SIDE);
  g_autofree float *a = g_new (float, HL_DRT_BUFFER), *b = g_new (float, HL_DRT_BUFFER);
  const float      *sums;
  static const int  slopes[] = { 0, 1, 77, 255 }, starts[] = { -200, -3, 0, 19, 255 };

  for (int i = 0; i < HL_DRT_SIDE * HL_DRT_SIDE; i++)
    square[i] = (i * 31 % 97) / 97.0f;
  sums = hl_drt_run (square, a, b);
  for (gsize k = 0; k < G_N_ELEMENTS (slopes); k++)
    for (gsize j = 0; j < G_N_ELEMENTS (starts); j++)
      {
        double sum = 0;

        for (int y = 0; y < HL_DRT_SIDE; y++)
          {
            int x = starts[j], half = HL_DRT_SIDE, at = y, slope = slopes[k];

            /* The line of each half begins where the other ends. */
            while (half > 1)
              {
                half /= 2;
                if (at >= half)
                  {
                    x += (slope + 1) / 2;
                    at -= half;
                  }
                slope /= 2;
              }
            sum += x >= 0 && x < HL_DRT_SIDE ? square[y * HL_DRT_SIDE + x] : 0;
          }
        g_assert_cmpfloat_with_epsilon (sums[slopes[k] * HL_DRT_STARTS + starts[j] + HL_DRT_SIDE],
                                        sum, 1e-3);
      }
}

/* A scratch with a fifth of the grain's contrast, which no single pixel shows. */
static void
test_faint_line (void)
{
  const int width = 700, height = 600;
  g_autoptr (HlImage) image   = hl_image_new (1, width, height, NULL);
  g_autoptr (HlPool) pool     = hl_pool_new (1);
  g_autoptr (GPtrArray) lines = NULL;
  GRand    *rand              = g_rand_new_with_seed (5);
  HlReduced reduced;
  HlTile    all = { 0, height, 0, width };

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double grain = 0, aside = fabs (x - 200 - 0.31 * y);

        for (int k = 0; k < 12; k++)
          grain += g_rand_double (rand) - 0.5;
        image->planes[y * width + x] = 0.5 + 0.03 * grain + 0.03 * exp (-aside * aside / 3);
      }
  g_rand_free (rand);
  hl_reduced_init (&reduced, image, NULL, 1);
  lines = hl_lines_find (&reduced, &all, pool, NULL, NULL);
  g_assert_cmpuint (lines->len, ==, 1);
  {
    const HlLine *line = g_ptr_array_index (lines, 0);

    g_assert_cmpfloat (line->length, >, 0.9 * height);
    for (int i = 0; i < line->n; i++)
      g_assert_cmpfloat (fabs (line->x[i] - 200 - 0.31 * line->y[i]), <, 4);
  }
}

/* A scratch adds as much to all that it crosses; a bar keeps its own colour, and a contour has
 * sides that differ. */
static void
test_judges_lines (void)
{
  const int width = 512, height = 512;
  enum
  {
    SCRATCH,
    BAR,
    CONTOUR,
    KINDS
  };
  double scores[KINDS];

  for (int kind = 0; kind < KINDS; kind++)
    {
      g_autoptr (HlImage) image   = hl_image_new (1, width, height, NULL);
      g_autoptr (HlPool) pool     = hl_pool_new (1);
      g_autoptr (GPtrArray) lines = NULL;
      GRand    *rand              = g_rand_new_with_seed (5);
      HlReduced reduced;
      HlTile    all = { 0, height, 0, width };

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          {
            double aside = x - 250.3, cover = exp (-aside * aside / 3);
            double ground = 0.4 + 0.2 * sin (y / 60.0);

            if (kind == CONTOUR)
              ground = aside < 0 ? 0.25 : 0.65;
            image->planes[y * width + x] = ground + 0.02 * (g_rand_double (rand) - 0.5)
                                           + cover * (kind == BAR ? 0.7 - ground : 0.25);
          }
      g_rand_free (rand);
      hl_reduced_init (&reduced, image, NULL, 1);
      lines = hl_lines_find (&reduced, &all, pool, NULL, NULL);
      g_assert_cmpuint (lines->len, >=, 1);
      scores[kind] = hl_lines_judge (g_ptr_array_index (lines, 0), 1);
    }
  g_assert_cmpfloat (scores[SCRATCH], >, 0);
  g_assert_cmpfloat (scores[BAR], <, scores[SCRATCH] - 2.5);
  g_assert_cmpfloat (scores[CONTOUR], <, 0);
}

/* A line of which most has been found without it ends where that does, with its gaps; one of which
 * little has been found stays whole. */
static void
test_line_ends (void)
{
  const int width = 420, height = 60, factor = 2, left = 10, top = 4;
  const struct
  {
    const char *found; /* of its stretches */
    int         first, n;
  } cases[] = { { "011011", 1, 6 }, { "111100", 0, 5 }, { "010010", 0, 7 }, { "000000", 0, 7 } };

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      float              x[7], y[7];
      HlLine             line = { .n = 7, .x = x, .y = y };
      g_autofree guint8 *map  = g_new0 (guint8, width * height);

      for (int i = 0; i < 7; i++)
        {
          x[i] = 32 * i;
          y[i] = 5 + 2 * i;
        }
      for (int c = left; c < width; c++)
        if ((c - left) / 64 < 6 && cases[k].found[(c - left) / 64] == '1')
          map[(top + 10 + (c - left) / 16) * width + c] = HL_EVIDENCE_EVEN;
      hl_lines_cut_ends (&line, left, top, factor, map, width, height);
      g_assert_cmpint (line.n, ==, cases[k].n);
      for (int i = 0; i < line.n; i++)
        {
          g_assert_cmpfloat (line.x[i], ==, 32 * (i + cases[k].first));
          g_assert_cmpfloat (line.y[i], ==, 5 + 2 * (i + cases[k].first));
        }
    }
}

/* What hangs together only by a corner is one piece, and each has its own size. */
static void
test_pieces (void)
{
  static const char *const rows[]
      = { "##........", "..#....###", "..........", "#.#.....#.", "#.#.....#.", "###.....##" };
  const int width = 10, height = 6;
  g_autoptr (HlImage) image   = draw_scene (1, width, height);
  g_autoptr (HlPieces) pieces = NULL;
  g_autofree guint8 *map      = g_new0 (guint8, width * height);
  HlReduced          reduced;
  HlTile             all     = { 0, height, 0, width };
  static const guint sizes[] = { 3, 3, 7, 4 };

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      map[y * width + x] = rows[y][x] == '#' ? HL_EVIDENCE_EVEN + 20 : 0;
  hl_reduced_init (&reduced, image, NULL, 1);
  pieces = hl_pieces_new (&reduced, &all, map, NULL, NULL, NULL);
  g_assert_cmpuint (pieces->list->len, ==, G_N_ELEMENTS (sizes));
  for (guint k = 0; k < pieces->list->len; k++)
    g_assert_cmpuint (g_array_index (pieces->list, HlPiece, k).pixels, ==, sizes[k]);
  for (int i = 0; i < width * height; i++)
    g_assert_cmpint (pieces->labels[i] != 0, ==, map[i] != 0);
}

/* What is wide does not count among what the picture is known to have of damage, and needs more
 * itself. */
static void
test_wide_pieces (void)
{
  const int width = 160, height = 90;
  g_autoptr (HlImage) image   = draw_scene (3, width, height);
  g_autoptr (HlPieces) pieces = NULL;
  g_autofree guint8 *map      = g_new0 (guint8, width * height);
  HlReduced          reduced;
  HlTile             all = { 0, height, 0, width };
  HlPiece            thin, wide;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if ((y >= 5 && y < 10 && x >= 10) || (y > 40 && y < 80 && x > 60 && x < 100))
        map[y * width + x] = HL_EVIDENCE_EVEN + (x < 85 ? 60 : 20);
  hl_reduced_init (&reduced, image, NULL, 1);
  pieces = hl_pieces_new (&reduced, &all, map, NULL, NULL, NULL);
  g_assert_cmpuint (pieces->list->len, ==, 2);
  thin = g_array_index (pieces->list, HlPiece, 0);
  wide = g_array_index (pieces->list, HlPiece, 1);
  g_assert_cmpfloat_with_epsilon (thin.width, 6, 0.5);
  g_assert_cmpfloat_with_epsilon (wide.width, 40, 0.5);
  g_assert_cmpfloat_with_epsilon (thin.mean_width, 5, 0.5);
  for (guint k = 0; k < 2; k++)
    {
      const float *features = g_array_index (pieces->list, HlPiece, k).features;
      double       pixels   = width * height;

      g_assert_cmpfloat_with_epsilon (features[HL_PIECE_LIKELY], log (5 * 150 / pixels + 0.005),
                                      1e-5);
      g_assert_cmpfloat_with_epsilon (features[HL_PIECE_CERTAIN], log (5 * 75 / pixels + 0.0005),
                                      1e-5);
    }
  memcpy (wide.features, thin.features, sizeof wide.features);
  g_assert_cmpfloat (hl_pieces_judge (pieces, &thin, FALSE), >,
                     hl_pieces_judge (pieces, &wide, FALSE) + 0.5);
  wide.mean_width = 14;
  g_assert_cmpfloat (hl_pieces_judge (pieces, &thin, FALSE), ==,
                     hl_pieces_judge (pieces, &wide, FALSE));
}

/* What is beyond doubt makes pieces of its own, which are judged by what all of the picture is
 * known to have, and only add to what was found. */
static void
test_sure_pieces (void)
{
  const int width = 80, height = 60, pixels = width * height;
  g_autoptr (HlImage) image   = draw_scene (3, width, height);
  g_autoptr (HlPieces) likely = NULL, sure = NULL;
  g_autofree guint8 *map = g_new0 (guint8, pixels), *found = NULL;
  HlReduced          reduced;
  HlTile             all = { 0, height, 0, width };

  for (int y = 20; y < 40; y++)
    for (int x = 10; x < 70; x++)
      map[y * width + x] = HL_EVIDENCE_EVEN + ((x % 20) < 3 && y % 10 == 5 ? 90 : 30);
  hl_reduced_init (&reduced, image, NULL, 1);
  likely = hl_pieces_new (&reduced, &all, map, NULL, NULL, NULL);
  sure   = hl_pieces_new (&reduced, &all, map, likely, NULL, NULL);
  g_assert_cmpuint (likely->list->len, ==, 1);
  g_assert_cmpuint (sure->list->len, ==, 6);
  for (guint k = 0; k < sure->list->len; k++)
    {
      const HlPiece *piece = &g_array_index (sure->list, HlPiece, k);

      g_assert_cmpuint (piece->pixels, ==, 3);
      g_assert_cmpuint (piece->core, ==, 3);
      for (int i = HL_PIECE_CERTAIN; i <= HL_PIECE_LIKELY; i++)
        g_assert_cmpfloat (piece->features[i], ==,
                           g_array_index (likely->list, HlPiece, 0).features[i]);
    }
  found = g_memdup2 (map, pixels);
  hl_pieces_apply (sure, &reduced, &all, TRUE, found, NULL);
  for (int i = 0; i < pixels; i++)
    if (sure->labels[i])
      g_assert_cmpint (
          found[i], ==,
          MAX (map[i],
               hl_evidence_encode (hl_pieces_judge (
                   sure, &g_array_index (sure->list, HlPiece, sure->labels[i] - 1), TRUE))));
    else
      g_assert_cmpint (found[i], ==, map[i]);
}

/* Where nothing that is beyond doubt is damage, the rest is less likely to be. */
static void
test_certified (void)
{
  const int width = 120, height = 60, pixels = width * height;
  float     scores[2];

  for (int dusty = 0; dusty < 2; dusty++)
    {
      g_autoptr (HlImage) image   = draw_scene (3, width, height);
      g_autoptr (HlPieces) likely = NULL, sure = NULL;
      g_autofree guint8 *map = g_new0 (guint8, pixels);
      HlReduced          reduced;
      HlTile             all = { 0, height, 0, width };
      float              uncounted;

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          {
            gboolean speck = y > 20 && y % 6 < 2 && x % 6 < 2;

            map[y * width + x] = HL_EVIDENCE_EVEN
                                 + (y >= 5 && y < 8 ? 30
                                    : speck         ? (dusty ? 120 : 45)
                                                    : -40);
            for (int c = 0; c < 3 && speck; c++)
              image->planes[c * pixels + y * width + x] = 0.95f;
          }
      hl_reduced_init (&reduced, image, NULL, 1);
      likely    = hl_pieces_new (&reduced, &all, map, NULL, NULL, NULL);
      sure      = hl_pieces_new (&reduced, &all, map, likely, NULL, NULL);
      uncounted = hl_pieces_judge (likely, &g_array_index (likely->list, HlPiece, 0), FALSE);
      hl_pieces_certify (likely, sure);
      g_assert_cmpint (likely->certified, ==, dusty ? 6 * 20 : 0);
      scores[dusty]
          = uncounted - hl_pieces_judge (likely, &g_array_index (likely->list, HlPiece, 0), FALSE);
    }
  g_assert_cmpfloat (scores[0], >, 0.3);
  g_assert_cmpfloat (scores[1], ==, 0);
}

/* A scratch with one wide spot is judged as a scratch. */
static void
test_wide_spot (void)
{
  const int width = 300, height = 60;
  g_autoptr (HlImage) image   = draw_scene (3, width, height);
  g_autoptr (HlPieces) pieces = NULL;
  g_autofree guint8 *map      = g_new0 (guint8, width * height);
  HlReduced          reduced;
  HlTile             all = { 0, height, 0, width };
  HlPiece            spotted, thin;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if ((y >= 28 && y < 34) || (x >= 130 && x < 160 && y >= 15 && y < 45))
        map[y * width + x] = HL_EVIDENCE_EVEN + 60;
  hl_reduced_init (&reduced, image, NULL, 1);
  pieces = hl_pieces_new (&reduced, &all, map, NULL, NULL, NULL);
  g_assert_cmpuint (pieces->list->len, ==, 1);
  spotted = thin = g_array_index (pieces->list, HlPiece, 0);
  g_assert_cmpfloat_with_epsilon (spotted.width, 30, 0.5);
  thin.width = thin.mean_width = 6;
  g_assert_cmpfloat (hl_pieces_judge (pieces, &spotted, FALSE), ==,
                     hl_pieces_judge (pieces, &thin, FALSE));
}

/* Where all cracks are bright, a dark line that is somewhat softer goes, and a bright one stays. */
static void
test_soft_and_dark (void)
{
  const int width = 130, height = 121;

  for (int dark = 0; dark < 2; dark++)
    {
      g_autoptr (HlImage) image  = hl_image_new (1, width, height, NULL);
      g_autofree guint32 *labels = g_new0 (guint32, width * height);
      g_autofree guint8  *map    = g_new0 (guint8, width * height);
      HlTile              window = { 0, height, 0, width };
      HlReduced           reduced;
      int                 kept = 0;

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          {
            int   crack = abs (y % 12 - 6), line = abs (x - 95), at = y * width + x;
            float height_of_line = 0.15f * expf (-0.5f * line * line / (0.7f * 0.7f));

            labels[at]        = (x < 80 && crack < 3) || line < 5;
            map[at]           = HL_EVIDENCE_EVEN + (labels[at] ? 4 : -4) * HL_EVIDENCE_STEPS;
            image->planes[at] = 0.4f + (dark ? -height_of_line : height_of_line)
                                + (x < 80 && crack < 1 ? 0.3f : 0);
          }
      hl_reduced_init (&reduced, image, NULL, 1);
      g_assert_true (hl_soft_run (&reduced, &window, labels, map, NULL, NULL));
      for (int y = 0; y < height; y++)
        {
          g_assert_cmpint (map[y * width + 30] >= HL_EVIDENCE_EVEN, ==, abs (y % 12 - 6) < 3);
          kept += map[y * width + 95] >= HL_EVIDENCE_EVEN;
        }
      g_assert_cmpint (kept, ==, dark ? 0 : height);
    }
}

/* What has less colour than the picture is more likely damage; in a gray picture that says nothing.
 */
static void
test_colour_of_pieces (void)
{
  const int   width = 60, height = 40, pixels = width * height;
  float       scores[2];
  const float ground[2][3] = { { 0.6f, 0.4f, 0.2f }, { 0.4f, 0.4f, 0.4f } };

  for (int gray = 0; gray < 2; gray++)
    {
      g_autoptr (HlImage) image   = hl_image_new (3, width, height, NULL);
      g_autoptr (HlPieces) pieces = NULL;
      g_autofree guint8 *map      = g_new0 (guint8, pixels);
      HlReduced          reduced;
      HlTile             all = { 0, height, 0, width };
      const HlPiece     *piece;
      int                covered = 0;

      for (int i = 0; i < pixels; i++)
        {
          gboolean damaged = i / width == 20 && i % width > 9;

          map[i] = damaged ? HL_EVIDENCE_EVEN + 60 : 0;
          covered += damaged;
          for (int c = 0; c < 3; c++)
            image->planes[c * pixels + i] = damaged ? 0.9f : ground[gray][c];
        }
      hl_reduced_init (&reduced, image, NULL, 1);
      pieces = hl_pieces_new (&reduced, &all, map, NULL, NULL, NULL);
      piece  = &g_array_index (pieces->list, HlPiece, 0);
      g_assert_cmpfloat_with_epsilon (piece->features[HL_PIECE_SATURATION], 0, 1e-6);
      g_assert_cmpfloat_with_epsilon (
          piece->features[HL_PIECE_RELATIVE],
          gray ? 0 : log (0.03 / (0.4 * (pixels - covered) / pixels + 0.03)), 1e-4);
      scores[gray] = hl_pieces_judge (pieces, piece, FALSE);
    }
  g_assert_cmpfloat (scores[0], >, scores[1] + 1);
}

/* Of a window of a map: what is more likely damage than not is one piece. */
static guint32 *
label_likely (const guint8 *map, int width, const HlTile *window)
{
  int      across = window->right - window->left, down = window->bottom - window->top;
  guint32 *labels = g_new (guint32, across * down);

  for (int y = 0; y < down; y++)
    for (int x = 0; x < across; x++)
      labels[y * across + x]
          = map[(window->top + y) * width + window->left + x] >= HL_EVIDENCE_EVEN;
  return labels;
}

/* Of a band around a thin scratch only the scratch is kept, with two pixels on either side; where
 * nothing stands out, as in a stain, all is. */
static void
test_trim (void)
{
  const int width = 90, height = 71, top = 9, left = 14;
  g_autoptr (HlImage) image  = draw_scene (3, width, height);
  g_autofree guint32 *labels = NULL;
  g_autofree guint8  *map    = g_new0 (guint8, width * height);
  HlReduced           reduced;
  HlTile              window = { top, height - 3, left, width - 5 };

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double   aside = fabs (x - 35 - 0.2 * y);
        gboolean piece = aside < 6 || (x > 60 && x < 80 && y > 30 && y < 50);

        if (aside < 1.5)
          for (int c = 0; c < 3; c++)
            image->planes[(c * height + y) * width + x] = 0.95;
        map[y * width + x] = piece ? HL_EVIDENCE_EVEN + 30 : HL_EVIDENCE_EVEN - 60;
      }
  labels = label_likely (map, width, &window);
  hl_reduced_init (&reduced, image, NULL, 1);
  g_assert_true (hl_trim_run (&reduced, &window, labels, 1, map, NULL, NULL));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double aside  = fabs (x - 35 - 0.2 * y);
        int    before = aside < 6 || (x > 60 && x < 80 && y > 30 && y < 50);
        int    after  = map[y * width + x] >= HL_EVIDENCE_EVEN;

        if (y < window.top || y >= window.bottom || x < left || x >= window.right || x > 55
            || aside < 2.5 || !before)
          g_assert_cmpint (after, ==, before);
        else if (aside > 4.5)
          g_assert_false (after);
      }
}

/* What hangs together with sure damage and is far less likely goes, but for its rim; alone it
 * stays.
 */
static void
test_trim_weak (void)
{
  const int width = 120, height = 40, top = 3, left = 5;
  g_autoptr (HlImage) image  = draw_scene (1, width, height);
  g_autofree guint32 *labels = NULL;
  g_autofree guint8  *map    = g_new0 (guint8, width * height);
  HlReduced           reduced;
  HlTile              window = { top, height - 2, left, width - 4 };

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      map[y * width + x] = HL_EVIDENCE_EVEN + (x == 30 ? 110 : x < 60 || x >= 80 ? 10 : -128);
  labels = label_likely (map, width, &window);
  hl_reduced_init (&reduced, image, NULL, 1);
  g_assert_true (hl_trim_weak (&reduced, &window, labels, map, NULL, NULL));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int      aside  = abs (x - 30);
        gboolean inside = y >= window.top && y < window.bottom && x >= left && x < window.right;
        gboolean found  = map[y * width + x] >= HL_EVIDENCE_EVEN;

        /* Two pixels beside what is as likely as all around stay, too: at 15 and 14 from the line.
         */
        if (!inside || x >= 60 || aside <= 4 || aside >= 12)
          g_assert_cmpint (found, ==, x < 60 || x >= 80);
        else
          g_assert_false (found);
      }
}

/* What was found at a quarter of the size is cut down as far from the damage as that is coarse. */
static void
test_trim_coarse (void)
{
  const int width = 200, height = 120;
  g_autoptr (HlImage) image = draw_scene (1, width, height);
  g_autofree guint8 *map    = g_new0 (guint8, width * height);
  HlReduced          whole;
  HlTile             window = { 0, height, 0, width };

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        if (abs (x - 110) <= 1)
          image->planes[y * width + x] = 0.95;
        map[y * width + x] = abs (x - 110) <= 20 ? HL_EVIDENCE_EVEN + 30 : HL_EVIDENCE_EVEN - 60;
      }
  hl_reduced_init (&whole, image, NULL, 1);
  for (int scale = 1; scale <= 4; scale += 3)
    {
      g_assert_true (hl_trim_run (&whole, &window, NULL, scale, map, NULL, NULL));
      for (int x = 0; x < width; x++)
        {
          int aside = abs (x - 110);
          int after = map[60 * width + x] >= HL_EVIDENCE_EVEN;

          if (scale == 1 || aside <= 2 || aside > 20)
            g_assert_cmpint (after, ==, aside <= 20);
          else if (aside > 6)
            g_assert_false (after);
        }
    }
}

/* Where a sharp crack crosses a soft line, both one piece, the crack stays and the line goes, but
 * where they meet; where the line is as sharp as the crack, or wide, all of it stays. */
static void
test_soft (void)
{
  const int width = 130, height = 111, top = 9, left = 14;

  for (int kind = 0; kind < 3; kind++)
    {
      float sigma = kind == 1 ? 0.8 : 3, reach = kind == 2 ? 12 : 5;
      g_autoptr (HlImage) image  = hl_image_new (3, width, height, NULL);
      g_autofree guint32 *labels = g_new0 (guint32, width * height);
      g_autofree guint8  *map    = g_new0 (guint8, width * height);
      HlTile              window = { top, height - 3, left, width - 5 };
      int                 across = window.right - window.left, gone = 0;
      HlReduced           reduced;

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          {
            float    line = x - 70 - 0.2f * (y - 50), crack = y - 40 - 0.1f * (x - 70);
            gboolean piece = fabsf (line) < reach || fabsf (crack) < 3;
            int      at    = y * width + x;

            for (int c = 0; c < 3; c++)
              image->planes[c * width * height + at]
                  = 0.3f + 0.05f * c + 0.3f * expf (-0.5f * line * line / (sigma * sigma))
                    + 0.3f * (fabsf (crack) < 1);
            map[at] = HL_EVIDENCE_EVEN + (piece ? 4 : -4) * HL_EVIDENCE_STEPS;
            if (piece && y >= window.top && y < window.bottom && x >= left && x < window.right)
              labels[(y - top) * across + x - left] = 1;
          }
      hl_reduced_init (&reduced, image, NULL, 1);
      g_assert_true (hl_soft_run (&reduced, &window, labels, map, NULL, NULL));
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          {
            float    line = x - 70 - 0.2f * (y - 50), crack = y - 40 - 0.1f * (x - 70);
            gboolean piece  = fabsf (line) < reach || fabsf (crack) < 3;
            gboolean inside = y >= window.top && y < window.bottom && x >= left && x < window.right;
            int      after  = map[y * width + x] >= HL_EVIDENCE_EVEN;

            if (kind > 0 || !piece || !inside || fabsf (crack) < 3)
              g_assert_cmpint (after, ==, piece);
            else if (fabsf (crack) > 14)
              {
                g_assert_false (after);
                gone++;
              }
          }
      g_assert_cmpint (gone > 600, ==, kind == 0);
    }
}

/* Of a torn corner and a flake, in paper colour, only edges were found, of another flake thin
 * streaks; a shirt as white has a crack across it. */
static void
test_losses (void)
{
  const int width = 220, height = 200;
  g_autoptr (HlImage) image = draw_scene (3, width, height);
  g_autofree guint8 *map    = g_new0 (guint8, width * height);
  g_autofree guint8 *widths = g_new0 (guint8, width * height);
  g_autofree guint8 *kind   = g_new0 (guint8, width * height);
  HlReduced          reduced;
  HlTile             window = { 0, height, 0, width };

  hl_reduced_init (&reduced, image, NULL, 1);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double corner = 60 - x - y, flake = hypot (x - 150, y - 60) - 20;
        double streaked = hypot (x - 50, y - 130) - 12;
        int    at = y * width + x, shirt = abs (x - 120) < 20 && abs (y - 160) < 22;

        kind[at] = corner > 0 ? 'c' : flake < 0 || streaked < 0 ? 'f' : shirt ? 's' : 0;
        for (int c = 0; kind[at] && c < 3; c++)
          image->planes[c * width * height + at] = 0.92 - 0.03 * c + (x * 7 + y * 5) % 11 * 0.002;
        map[at] = fabs (corner) < 9 || fabs (flake) < 6 || abs (y - 150) < 4
                          || (streaked < 1 && x % 6 < 2)
                      ? HL_EVIDENCE_EVEN + 30
                      : 40;
      }
  g_assert_true (hl_losses_find (&reduced, &window, map, widths, FALSE, NULL, NULL));
  g_assert_cmpint (map[0], ==, HL_EVIDENCE_EVEN + 30);
  g_assert_cmpint (map[60 * width + 150], ==, HL_EVIDENCE_EVEN + 30);
  g_assert_cmpint (widths[60 * width + 150], ==, 255);
  for (int i = 0; i < width * height; i++)
    if (kind[i] == 'c' || kind[i] == 'f')
      g_assert_cmpint (map[i], >=, HL_EVIDENCE_EVEN);
  g_assert_cmpint (map[170 * width + 120], ==, 40);
}

/* Of two wide pieces the one with an edge stays, and of the other only the part with none is taken
 * out, unless the person has circled it. */
static void
test_edgeless (void)
{
  const int width = 240, height = 160;
  g_autoptr (HlImage) image = hl_image_new (1, width, height, NULL);
  g_autofree guint8 *map    = g_new0 (guint8, width * height);
  g_autofree guint8 *widths = g_new0 (guint8, width * height);
  HlReduced          reduced;
  HlTile             window = { 0, height, 0, width };

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gboolean loss = abs (x - 60) < 25 && abs (y - 80) < 25, sky = x > 140 && y < 60;
        gboolean crack = abs (x - 110) < 4;

        image->planes[y * width + x] = loss || x > 140 ? 0.9 : 0.4;
        map[y * width + x] = loss || sky || crack || (x > 140 && abs (y - 120) < 2) ? 160 : 40;
      }
  hl_reduced_init (&reduced, image, NULL, 1);
  g_assert_true (hl_losses_find (&reduced, &window, map, widths, TRUE, NULL, NULL));
  g_assert_cmpint (map[30 * width + 190], ==, 160);
  g_assert_true (hl_losses_find (&reduced, &window, map, widths, FALSE, NULL, NULL));
  g_assert_cmpint (map[80 * width + 60], ==, 160);
  g_assert_cmpint (map[30 * width + 190], <, HL_EVIDENCE_EVEN);
  g_assert_cmpint (map[120 * width + 190], ==, 160);
}

/* Draws what is bright and found: 's' a sky between roofs, 'c' a torn corner, 'k' cracks, 'w' a
 * crack with a wide spot. Returns what is left of each, in that order of bits. */
static int
find_alone (const char *what, gboolean circled)
{
  const int width = 240, height = 160;
  g_autoptr (HlImage) image = hl_image_new (1, width, height, NULL);
  g_autofree guint8 *map    = g_new0 (guint8, width * height);
  g_autofree guint8 *widths = g_new0 (guint8, width * height);
  HlReduced          reduced;
  HlTile             window = { 0, height, 0, width };

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gboolean sky    = y < 30 + x * 7 % 11 && abs (x - 60) < 30;
        gboolean corner = width - x + height - y < 50, crack = abs (x - 130 - y % 3) < 3;
        gboolean spot = hypot (x - 180, y - 50) < 12 || (abs (y - 50) < 2 && x > 140);

        image->planes[y * width + x] = 0.4;
        map[y * width + x]           = 40;
        if ((sky && strchr (what, 's')) || (corner && strchr (what, 'c'))
            || (crack && strchr (what, 'k')) || (spot && strchr (what, 'w')))
          {
            image->planes[y * width + x] = 0.9;
            map[y * width + x]           = 160;
          }
      }
  hl_reduced_init (&reduced, image, NULL, 1);
  g_assert_true (hl_losses_find (&reduced, &window, map, widths, circled, NULL, NULL));
  return (map[10 * width + 60] == 160) + 2 * (map[(height - 10) * width + width - 10] == 160)
         + 4 * (map[80 * width + 132] == 160) + 8 * (map[50 * width + 180] == 160);
}

/* A wide piece with nothing beside it is a sky, unless it is a corner; and a crack stays, wide spot
 * and all. */
static void
test_alone (void)
{
  g_assert_cmpint (find_alone ("s", FALSE), ==, 0);
  g_assert_cmpint (find_alone ("s", TRUE), ==, 1);
  g_assert_cmpint (find_alone ("sc", FALSE), ==, 2);
  g_assert_cmpint (find_alone ("sk", FALSE), ==, 5);
  g_assert_cmpint (find_alone ("w", FALSE), ==, 8);
}

static int
choose_factor (const HlImage *image)
{
  HlReduced reduced;

  hl_reduced_init (&reduced, image, NULL, 1);
  hl_reduced_choose (&reduced, NULL);
  return reduced.factor;
}

/* A scan that is enlarged, or very large, is looked at smaller; one that is sharp, or small, is
 * not. */
static void
test_reduced (void)
{
  g_autoptr (HlImage) sharp = draw_scene (1, 2600, 120), soft = draw_scene (1, 2600, 120);
  g_autoptr (HlImage) huge = draw_scene (1, 5600, 40);
  g_autofree float *row[HL_REDUCED_COLOURS];
  HlReduced         half;

  for (int y = 0; y < 120; y++)
    for (int x = 0; x < 2600; x++)
      {
        double edge = fabs (fmod (x, 80) - 40);

        sharp->planes[y * 2600 + x] = edge < 20 ? 0.2 : 0.7;
        soft->planes[y * 2600 + x]  = 0.45 + 0.25 * tanh ((edge - 20) / 3);
      }
  for (int i = 0; i < 40 * 5600; i++)
    huge->planes[i] = i % 160 < 80 ? 0.2 : 0.7;
  g_assert_cmpint (choose_factor (sharp), ==, 1);
  g_assert_cmpint (choose_factor (soft), ==, 2);
  g_assert_cmpint (choose_factor (huge), ==, 2);

  hl_reduced_init (&half, soft, NULL, 2);
  for (int c = 0; c < HL_REDUCED_COLOURS; c++)
    row[c] = g_new (float, 5);
  hl_reduced_read (&half, 7, 11, 5, row);
  for (int i = 0; i < 5; i++)
    {
      const float *at = soft->planes + 14 * 2600 + 22 + 2 * i;

      g_assert_cmpfloat_with_epsilon (row[2][i], (at[0] + at[1] + at[2600] + at[2601]) / 4, 1e-5);
    }
  for (int c = 0; c < HL_REDUCED_COLOURS; c++)
    g_free (g_steal_pointer (&row[c]));
}

/* A border is left out as deep as it is, and what touches it stays beyond it; a torn corner stays
 * whole, and so does a side that is worn and not straight, a loss that is as straight and short,
 * and a border of which the print's lower side lies askew. */
static void
test_print_border (void)
{
  g_autofree guint8 *map = g_new0 (guint8, WIDTH * HEIGHT);
  HlPrintBorder      border;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        gboolean right = x >= WIDTH - 6 - y % 3 / 2, corner = WIDTH - x + y < 40;
        gboolean below = y > HEIGHT - 9 + x / 30, sleeve = y > 120 && y < 150 && x > 250;
        gboolean worn = x < 4 + (y / 5 * 7) % 11, loss = y < 5 && x > 90 && x < 150;

        if (right || corner || below || sleeve || worn || loss)
          map[y * WIDTH + x] = hl_evidence_encode (3);
      }
  g_assert_true (hl_print_border_find (map, WIDTH, HEIGHT, &border));
  g_assert_false (border.sides[0].found);
  g_assert_true (border.sides[1].found);
  g_assert_false (border.sides[2].found);
  g_assert_true (border.sides[3].found);
  hl_print_border_leave_out (&border);
  for (int y = 60; y < HEIGHT - 20; y++)
    for (int x = WIDTH - 6; x < WIDTH; x++)
      g_assert_cmpint (map[y * WIDTH + x], ==, 0);
  for (int x = 30; x < WIDTH - 20; x++)
    for (int y = MIN (HEIGHT - 8 + x / 30, HEIGHT); y < HEIGHT; y++)
      g_assert_cmpint (map[y * WIDTH + x], ==, 0);
  for (int x = 251; x < WIDTH - 12; x++)
    g_assert_cmpint (map[135 * WIDTH + x], >, HL_EVIDENCE_EVEN);
  for (int x = WIDTH - 30; x < WIDTH; x++)
    g_assert_cmpint (map[3 * WIDTH + x], >, HL_EVIDENCE_EVEN);
  for (int y = 0; y < HEIGHT - 20; y++)
    g_assert_cmpint (map[y * WIDTH + 1], >, HL_EVIDENCE_EVEN);
  for (int x = 91; x < 150; x++)
    g_assert_cmpint (map[2 * WIDTH + x], >, HL_EVIDENCE_EVEN);
}

/* A border that is worn to a ragged edge is damage, and as much of an even one is none. */
static void
test_worn_border (void)
{
  g_autofree guint8 *map = g_new0 (guint8, WIDTH * HEIGHT);
  HlPrintBorder      border;

  for (int worn = 0; worn < 2; worn++)
    {
      for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
          map[y * WIDTH + x] = x < 6 + worn * (y / 4 % 2 ? 2 : -2) ? hl_evidence_encode (3) : 0;
      g_assert_cmpint (hl_print_border_find (map, WIDTH, HEIGHT, &border), ==, !worn);
    }
}

/* A print with a light border and a dark line around the picture keeps both, in the corners too;
 * damage beside them is found as without. */
static void
test_keeps_border (void)
{
  g_autoptr (HlImage) image = draw_scene (1, WIDTH, HEIGHT);
  g_autofree guint8 *truth  = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *border = g_new0 (guint8, WIDTH * HEIGHT);
  g_autofree guint8 *mask   = g_new0 (guint8, WIDTH * HEIGHT);
  g_autoptr (HlFound) found = NULL;
  gsize wrong = 0, right = 0, all = 0;

  damage (image, truth);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        int depth = MIN (MIN (x, WIDTH - 1 - x), MIN (y, HEIGHT - 1 - y));

        if (depth < 6)
          paint (image, border, x, y, depth < 4 ? 0.95 : 0.1);
      }
  found = find (image, NULL, NULL, 2, 0);
  hl_find_cut (found, HL_FIND_SENSITIVITY, HL_FIND_ANY_WIDTH, mask);
  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    {
      wrong += border[i] && mask[i];
      all += truth[i] && !border[i];
      right += truth[i] && !border[i] && mask[i];
    }
  g_test_message ("%" G_GSIZE_FORMAT " of the border, %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT,
                  wrong, right, all);
  g_assert_cmpuint (wrong, <, 40);
  g_assert_cmpuint (right, >, 0.7 * all);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/find/colour", GINT_TO_POINTER (3), test_finds);
  g_test_add_data_func ("/find/gray", GINT_TO_POINTER (1), test_finds);
  g_test_add_func ("/find/first-look", test_first_look);
  g_test_add_func ("/find/leaves-alone", test_leaves_alone);
  g_test_add_func ("/find/judges-lines", test_judges_lines);
  g_test_add_func ("/find/line-ends", test_line_ends);
  g_test_add_func ("/find/pieces-and-whole", test_pieces_and_whole);
  g_test_add_func ("/find/memory-limit", test_memory_limit);
  g_test_add_func ("/find/grows", test_grows);
  g_test_add_func ("/find/within", test_within);
  g_test_add_func ("/find/cancel", test_cancel);
  g_test_add_func ("/find/line-sums", test_line_sums);
  g_test_add_func ("/find/faint-line", test_faint_line);
  g_test_add_func ("/find/pieces", test_pieces);
  g_test_add_func ("/find/wide-pieces", test_wide_pieces);
  g_test_add_func ("/find/wide-spot", test_wide_spot);
  g_test_add_func ("/find/colour-of-pieces", test_colour_of_pieces);
  g_test_add_func ("/find/print-border", test_print_border);
  g_test_add_func ("/find/worn-border", test_worn_border);
  g_test_add_func ("/find/keeps-border", test_keeps_border);
  g_test_add_func ("/find/sure-pieces", test_sure_pieces);
  g_test_add_func ("/find/certified", test_certified);
  g_test_add_func ("/find/trim", test_trim);
  g_test_add_func ("/find/trim-weak", test_trim_weak);
  g_test_add_func ("/find/trim-coarse", test_trim_coarse);
  g_test_add_func ("/find/soft", test_soft);
  g_test_add_func ("/find/soft-and-dark", test_soft_and_dark);
  g_test_add_func ("/find/losses", test_losses);
  g_test_add_func ("/find/edgeless", test_edgeless);
  g_test_add_func ("/find/alone", test_alone);
  g_test_add_func ("/find/reduced", test_reduced);
  return g_test_run ();
}
