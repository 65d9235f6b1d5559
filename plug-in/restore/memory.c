/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for pictures; and how much of it a restoration may take: what the machine has free, within
 * what the process and its control groups are allowed.  A container or a Flatpak sees the whole
 * machine's free memory and is killed long before it has used that. */
#include "restore/memory.h"

#include <string.h>
#ifdef G_OS_WIN32
#include <windows.h>
#else
#include <sys/resource.h>
#endif

#include "restore/error.h"

/* Of the memory that is free; the rest is for the other programs. Derived: the priors' plans are
 * exact, but the picture itself and GIMP's copies of it are not in them. */
#define SHARE 0.8

/* A number in a file of its own; %G_MAXUINT64 where there is none, as in "max". */
static guint64
read_number (const char *root, const char *group, const char *name)
{
  g_autofree char *path = g_build_filename (root, group, name, NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_ascii_isdigit (text[0]))
    return G_MAXUINT64;
  return g_ascii_strtoull (text, NULL, 10);
}

/* Of the kernel's cache of files, which counts as used, what it gives back when asked. */
static guint64
read_cache (const char *root, const char *group, const char *key)
{
  g_autofree char *path = g_build_filename (root, group, "memory.stat", NULL);
  g_autofree char *text = NULL;
  const char      *found;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  found = strstr (text, key);
  return found && (found == text || found[-1] == '\n')
             ? g_ascii_strtoull (found + strlen (key), NULL, 10)
             : 0;
}

/* What one group leaves, of the limit in the file @limit. */
static guint64
get_left (const char *root, const char *group, const char *limit, const char *used,
          const char *cache)
{
  guint64 most = read_number (root, group, limit), taken = read_number (root, group, used);

  if (most == G_MAXUINT64 || taken == G_MAXUINT64)
    return most;
  taken -= MIN (taken, read_cache (root, group, cache));
  return most > taken ? most - taken : 0;
}

/* The least that a group or any of those that it lies in leaves. */
static guint64
walk_up (const char *root, const char *group, gboolean unified)
{
  g_autofree char *at   = g_strdup (group);
  guint64          left = G_MAXUINT64;

  for (;;)
    {
      char *slash;

      if (unified)
        {
          left = MIN (left, get_left (root, at, "memory.max", "memory.current", "inactive_file "));
          left = MIN (left, get_left (root, at, "memory.high", "memory.current", "inactive_file "));
        }
      else
        left = MIN (left, get_left (root, at, "memory.limit_in_bytes", "memory.usage_in_bytes",
                                    "total_inactive_file "));
      slash = strrchr (at, '/');
      if (!slash)
        return left;
      *slash = '\0';
    }
}

/**
 * hl_memory_find_cgroup_limit:
 * @root: where the control groups are mounted, such as "/sys/fs/cgroup"
 * @cgroups: what /proc/self/cgroup says: lines of "number:controllers:/path", where version 2 has
 *   no controllers and version 1 a tree for "memory" of its own
 *
 * A container without a namespace of its own for groups sees its group at @root and not at its
 * path; walking up finds it there.
 *
 * Returns: bytes that the groups of this process leave it; %G_MAXUINT64 for no limit
 */
guint64
hl_memory_find_cgroup_limit (const char *root, const char *cgroups)
{
  g_auto (GStrv) lines = g_strsplit (cgroups, "\n", -1);
  guint64 left         = G_MAXUINT64;

  for (char **line = lines; *line; line++)
    {
      g_auto (GStrv) fields   = g_strsplit (*line, ":", 3);
      g_auto (GStrv) kinds    = NULL;
      g_autofree char *legacy = g_build_filename (root, "memory", NULL);

      if (g_strv_length (fields) != 3)
        continue;
      kinds = g_strsplit (fields[1], ",", -1);
      if (fields[1][0] == '\0')
        left = MIN (left, walk_up (root, fields[2], TRUE));
      else if (g_strv_contains ((const char *const *) kinds, "memory"))
        left = MIN (left, walk_up (legacy, fields[2], FALSE));
    }
  return left;
}

/**
 * hl_memory_find_limit:
 * @wanted: bytes, or 0 to find out
 *
 * Returns: bytes that may be taken: @wanted, or else what is free, within what the process and its
 *   control groups are allowed; 0, for no limit, where the machine reports none of it
 */
guint64
hl_memory_find_limit (guint64 wanted)
{
  g_autofree char *text = NULL, *cgroups = NULL;
  const char      *found = NULL;
  guint64          limit = G_MAXUINT64;

  if (wanted)
    return wanted;
  if (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    found = strstr (text, "MemAvailable:");
  if (found)
    limit = 1024 * g_ascii_strtoull (found + strlen ("MemAvailable:"), NULL, 10);
  if (g_file_get_contents ("/proc/self/cgroup", &cgroups, NULL, NULL))
    limit = MIN (limit, hl_memory_find_cgroup_limit ("/sys/fs/cgroup", cgroups));
#ifdef G_OS_WIN32
  {
    MEMORYSTATUSEX status = { .dwLength = sizeof status };

    /* The page file's counts main memory too: it is all that may still be promised. */
    if (GlobalMemoryStatusEx (&status))
      limit = MIN (status.ullAvailPhys, status.ullAvailPageFile);
  }
#else
  {
    struct rlimit allowed;

    if (getrlimit (RLIMIT_AS, &allowed) == 0 && allowed.rlim_cur != RLIM_INFINITY)
      limit = MIN (limit, allowed.rlim_cur);
  }
#endif
  return limit == G_MAXUINT64 ? 0 : MAX (SHARE * limit, 1);
}

/**
 * hl_memory_try:
 * @bytes: of each pixel
 * @width: of the picture, pixels
 * @height: likewise
 * @error: %HL_ERROR_MEMORY
 *
 * Returns: (transfer full): so many bytes, all 0, or %NULL
 */
gpointer
hl_memory_try (gsize bytes, int width, int height, GError **error)
{
  gpointer room = g_try_malloc0_n ((gsize) width * height, bytes);

  if (!room)
    hl_error_set_memory (error, width, height);
  return room;
}
