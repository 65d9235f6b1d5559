/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One allocation for everything that a network needs. */
#include "nn/arena.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define ALIGN 16                      /* floats: a cache line */
#define LINE (ALIGN * sizeof (float)) /* bytes */

/**
 * hl_arena_take:
 * @arena: an arena, counting or allocated
 * @floats: how many
 *
 * Returns: (nullable): memory aligned to 64 bytes, zero at first, that lives as long as the
 * arena; %NULL while counting
 */
float *
hl_arena_take (HlArena *arena, gsize floats)
{
  float *taken = arena->base ? arena->base + arena->used : NULL;

  /* A count past the end of the address space stays there and is refused later. */
  if (floats > G_MAXSIZE / 8 || arena->used > G_MAXSIZE / 8)
    arena->used = G_MAXSIZE / 4;
  else
    arena->used += (floats + ALIGN - 1) / ALIGN * ALIGN;
  g_assert (!arena->base || arena->used <= arena->size);
  return taken;
}

/**
 * hl_arena_allocate:
 * @arena: an arena that has counted
 * @limit: bytes that it may take at most, or 0 for no limit
 * @error: %G_IO_ERROR_NO_SPACE, with what was needed
 *
 * Allocates what was counted, zeroed, and starts handing out from the beginning.
 *
 * Returns: whether there was memory enough
 */
gboolean
hl_arena_allocate (HlArena *arena, guint64 limit, GError **error)
{
  gsize bytes  = arena->used * sizeof (float);
  void *memory = NULL;

  if (arena->used < G_MAXSIZE / 8 && (limit == 0 || bytes <= limit))
    memory = g_try_malloc0 (bytes + 2 * LINE);
  if (!memory)
    {
      g_autofree char *need = g_format_size (arena->used < G_MAXSIZE / 8 ? bytes : G_MAXUINT64);
      g_autofree char *have = g_format_size (limit);

      if (limit)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                     _ ("This needs %s of memory and %s may be used. Select a smaller area, or "
                        "scale the picture down first."),
                     need, have);
      else
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                     _ ("This needs %s of memory, more than there is. Select a smaller area, or "
                        "scale the picture down first."),
                     need);
      return FALSE;
    }
  arena->memory = memory;
  arena->base   = (float *) ((char *) memory + LINE - (gsize) memory % LINE);
  arena->size   = arena->used;
  arena->used   = 0;
  return TRUE;
}

/**
 * hl_arena_clear:
 * @arena: an arena
 *
 * Frees the memory; @arena counts again from nothing.
 */
void
hl_arena_clear (HlArena *arena)
{
  g_free (arena->memory);
  *arena = (HlArena) { 0 };
}

/**
 * hl_arena_set_error:
 * @height: of the area that is worked on, pixels
 * @width: likewise
 * @error: %G_IO_ERROR_NO_SPACE
 *
 * Says that there was no memory for the little that an arena is part of.
 */
void
hl_arena_set_error (int height, int width, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               _ ("There is not enough memory for an area of %d × %d pixels. Select a "
                  "smaller area, or scale the picture down first."),
               width, height);
}
