/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proposal of a selection follows its settings: the newest ones are found in the end, sliders
 * are followed at once, and a run begins with no progress of its own. */
#include "gimp/proposal.h"
#include "restore/find/find.h"

enum
{
  W      = 120,
  H      = 90,
  PIXELS = W * H
};

typedef struct
{
  HlImage    *image;
  guint8      evidence[PIXELS];
  float       selection[PIXELS];
  HlProposal *proposal;
  guint       changes;
  double      fraction; /* at the last change */
} Fixture;

static void
on_changed (HlProposal *proposal, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->changes++;
  fixture->fraction = hl_proposal_get_fraction (proposal);
}

/* Grey, with noise that differs everywhere and one white scratch; its upper half is selected. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  fixture->image = hl_image_new (1, W, H, NULL);
  for (int i = 0; i < PIXELS; i++)
    {
      gboolean is_scratch = ABS (i % W - 30 - i / W / 3) < 2;

      fixture->evidence[i]      = 1;
      fixture->selection[i]     = i / W < H / 2;
      fixture->image->planes[i] = is_scratch ? 0.95f : 0.4f + 0.02f * g_rand_double (random);
    }
  fixture->proposal = hl_proposal_new (fixture->image, fixture->evidence, fixture->selection);
  hl_proposal_set_listener (fixture->proposal, on_changed, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  hl_proposal_free (fixture->proposal);
  hl_image_free (fixture->image);
}

static void
wait_until_idle (Fixture *fixture)
{
  while (hl_proposal_is_running (fixture->proposal))
    g_main_context_iteration (NULL, TRUE);
}

/* The number of pixels found. */
static guint
count (Fixture *fixture)
{
  const guint8 *found = hl_proposal_get_found (fixture->proposal);
  guint         n     = 0;

  g_assert_nonnull (found);
  for (int i = 0; i < PIXELS; i++)
    n += found[i] > 0;
  g_assert_cmpuint (n, ==, hl_proposal_get_count (fixture->proposal));
  return n;
}

static void
test_found (Fixture *fixture, gconstpointer data)
{
  guint n;

  hl_proposal_start (fixture->proposal, 50, HL_FIND_ANY_WIDTH, FALSE);
  wait_until_idle (fixture);
  g_assert_no_error (hl_proposal_get_error (fixture->proposal));
  n = count (fixture);
  g_assert_cmpuint (n, >, H);
  g_assert_cmpuint (hl_proposal_get_serial (fixture->proposal), ==, 1);
  hl_proposal_start (fixture->proposal, 50, 1, FALSE);
  g_assert_false (hl_proposal_is_running (fixture->proposal));
  g_assert_cmpuint (fixture->changes, ==, 2);
  g_assert_cmpuint (count (fixture), <, n);
}

/* Settings that are set while a run is on its way are followed as soon as it has ended. */
static void
test_newest (Fixture *fixture, gconstpointer data)
{
  const guint8 *found;

  hl_proposal_start (fixture->proposal, 50, HL_FIND_ANY_WIDTH, FALSE);
  hl_proposal_start (fixture->proposal, 0, HL_FIND_ANY_WIDTH, FALSE);
  hl_proposal_start (fixture->proposal, 50, HL_FIND_ANY_WIDTH, TRUE);
  wait_until_idle (fixture);
  g_assert_cmpuint (hl_proposal_get_serial (fixture->proposal), ==, 1);
  g_assert_cmpuint (fixture->changes, ==, 1);
  g_assert_cmpuint (count (fixture), >, H / 2);
  found = hl_proposal_get_found (fixture->proposal);
  for (int i = PIXELS / 2; i < PIXELS; i++)
    g_assert_cmpuint (found[i], ==, 0);
}

/* The progress of the run that has ended is not taken for the next one's. */
static void
test_progress (Fixture *fixture, gconstpointer data)
{
  hl_proposal_start (fixture->proposal, 50, HL_FIND_ANY_WIDTH, FALSE);
  wait_until_idle (fixture);
  g_assert_cmpfloat (fixture->fraction, ==, 0);
  hl_proposal_start (fixture->proposal, 50, HL_FIND_ANY_WIDTH, TRUE);
  g_assert_cmpfloat (hl_proposal_get_fraction (fixture->proposal), <, 1);
  g_assert_true (hl_proposal_is_running (fixture->proposal));
  g_assert_null (hl_proposal_get_found (fixture->proposal));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/proposal/found", Fixture, NULL, set_up, test_found, tear_down);
  g_test_add ("/proposal/newest", Fixture, NULL, set_up, test_newest, tear_down);
  g_test_add ("/proposal/progress", Fixture, NULL, set_up, test_progress, tear_down);
  return g_test_run ();
}
