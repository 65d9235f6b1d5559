/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory that control groups leave, of both versions, from files as the kernel writes them. */
#include <glib/gstdio.h>

#include "restore/memory.h"

static char *root;

static void
write_file (const char *group, const char *name, const char *text)
{
  g_autofree char *folder = g_build_filename (root, group, NULL);
  g_autofree char *path   = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* The least along the path counts, less what is used, but for the cache of files. */
static void
test_unified (void)
{
  const char *cgroups = "0::/user.slice/app.scope\n";

  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, cgroups), ==, G_MAXUINT64);
  write_file ("user.slice/app.scope", "memory.max", "max\n");
  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, cgroups), ==, G_MAXUINT64);
  write_file ("user.slice", "memory.max", "5000000\n");
  write_file ("user.slice", "memory.current", "2000000\n");
  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, cgroups), ==, 3000000);
  write_file ("user.slice", "memory.stat", "anon 7\ninactive_file 500000\nactive_file 1\n");
  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, cgroups), ==, 3500000);
  write_file ("user.slice/app.scope", "memory.high", "1000000\n");
  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, cgroups), ==, 1000000);
  write_file ("user.slice/app.scope", "memory.current", "1500000\n");
  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, cgroups), ==, 0);
}

/* In a container the group is at the root, whatever its path is outside. */
static void
test_legacy (void)
{
  const char *cgroups = "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n";

  write_file ("memory", "memory.limit_in_bytes", "800000\n");
  write_file ("memory", "memory.usage_in_bytes", "100000\n");
  write_file ("memory", "memory.stat", "inactive_file 3\ntotal_inactive_file 50000\n");
  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, cgroups), ==, 750000);
  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, "5:cpu:/docker/abc\n"), ==, G_MAXUINT64);
  g_assert_cmpuint (hl_memory_find_cgroup_limit (root, "nonsense"), ==, G_MAXUINT64);
}

static void
test_wanted (void)
{
  g_assert_cmpuint (hl_memory_find_limit (12345), ==, 12345);
#if defined __linux__ || defined G_OS_WIN32
  g_assert_cmpuint (hl_memory_find_limit (0), >, 0);
#endif
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      remove_all (inside);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  root = g_dir_make_tmp (NULL, NULL);
  g_test_add_func ("/limit/unified", test_unified);
  g_test_add_func ("/limit/legacy", test_legacy);
  g_test_add_func ("/limit/wanted", test_wanted);
  result = g_test_run ();
  remove_all (root);
  return result;
}
