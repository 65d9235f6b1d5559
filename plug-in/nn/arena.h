/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One allocation for everything that a network needs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HlArena:
 * @memory: what was allocated
 * @base: its first aligned float, or %NULL while only counting
 * @used: floats handed out so far
 * @size: floats in @base
 *
 * The same code that lays the buffers out runs twice: first with @base %NULL, which only
 * counts, then after hl_arena_allocate() for real.  So the size is known before the work
 * begins and nothing can fail later.
 */
typedef struct
{
  void  *memory;
  float *base;
  gsize  used;
  gsize  size;
} HlArena;

float   *hl_arena_take (HlArena *arena, gsize floats);
gboolean hl_arena_allocate (HlArena *arena, guint64 limit, GError **error);
void     hl_arena_clear (HlArena *arena);
void     hl_arena_set_error (int height, int width, GError **error);

G_END_DECLS
