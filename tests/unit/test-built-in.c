/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The weights that are part of the program. */
#include "restore/built_in.h"

#define THREADS 4
#define PROCESSES 60

static int ready;

static gpointer
read_weights (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_atomic_int_inc (&ready);
  while (g_atomic_int_get (&ready) < THREADS)
    ;
  bytes = hl_built_in_read ("denoiser.safetensors", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 1000000);
  return NULL;
}

static void
test_at_once_process (void)
{
  GThread *threads[THREADS];

  for (int i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("read", read_weights, NULL);
  for (int i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
}

/* The threads of an album ask for them at the same moment, and are the first to ask. */
static void
test_at_once (void)
{
  for (int i = 0; i < PROCESSES; i++)
    {
      g_test_trap_subprocess ("/built-in/at-once/subprocess", 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
    }
}

static void
test_unknown (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hl_built_in_read ("unknown.safetensors", &error));
  g_assert_error (error, G_RESOURCE_ERROR, G_RESOURCE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/built-in/at-once", test_at_once);
  g_test_add_func ("/built-in/at-once/subprocess", test_at_once_process);
  g_test_add_func ("/built-in/unknown", test_unknown);
  return g_test_run ();
}
