/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory a restoration may take. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64  hl_memory_find_limit (guint64 wanted);
guint64  hl_memory_find_cgroup_limit (const char *root, const char *cgroups);
gpointer hl_memory_try (gsize bytes, int width, int height, GError **error);

G_END_DECLS
