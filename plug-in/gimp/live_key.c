/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the result of a restoration depends on (live.c): what is the same need not be done again. */

#include "gimp/live_key.h"

#include "gimp/arguments.h"

/**
 * hl_live_key_get:
 * @config: the procedure's arguments
 * @marks: the serial of the person's marks
 *
 * Returns: (transfer full): the key of what is to be done with these
 */
HlLiveKey
hl_live_key_get (GObject *config, guint marks)
{
  return (HlLiveKey) { hl_arguments_get_key (config, HL_STEP_REPAIR),
                       hl_arguments_get_key (config, HL_STEP_GRAIN),
                       hl_arguments_get_key (config, HL_STEP_COLOUR), marks };
}

/**
 * hl_live_key_is_same_repair:
 * @one: a key
 * @other: another one
 *
 * Returns: whether the repair is the same, but for its grain and the colours
 */
gboolean
hl_live_key_is_same_repair (const HlLiveKey *one, const HlLiveKey *other)
{
  return g_strcmp0 (one->repair, other->repair) == 0 && one->marks == other->marks;
}

/**
 * hl_live_key_is_same:
 * @one: a key
 * @other: another one
 *
 * Returns: whether everything is the same
 */
gboolean
hl_live_key_is_same (const HlLiveKey *one, const HlLiveKey *other)
{
  return hl_live_key_is_same_repair (one, other) && g_strcmp0 (one->grain, other->grain) == 0
         && g_strcmp0 (one->colour, other->colour) == 0;
}

/**
 * hl_live_key_differs_in_marks:
 * @one: a key
 * @other: another one
 *
 * Returns: whether the marks are others, and the rest but for the colours is the same
 */
gboolean
hl_live_key_differs_in_marks (const HlLiveKey *one, const HlLiveKey *other)
{
  return one->marks != other->marks && g_strcmp0 (one->repair, other->repair) == 0
         && g_strcmp0 (one->grain, other->grain) == 0;
}

/**
 * hl_live_key_clear:
 * @key: a key
 *
 * Frees what it holds.
 */
void
hl_live_key_clear (HlLiveKey *key)
{
  g_clear_pointer (&key->repair, g_free);
  g_clear_pointer (&key->grain, g_free);
  g_clear_pointer (&key->colour, g_free);
}
