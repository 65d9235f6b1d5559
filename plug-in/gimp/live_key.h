/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the result of a restoration depends on. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * HlLiveKey:
 * @repair: the settings that the repair depends on, as text
 * @grain: those that the grain does
 * @colour: those that the colours do
 * @marks: the serial of the person's marks
 */
typedef struct
{
  char *repair, *grain, *colour;
  guint marks;
} HlLiveKey;

HlLiveKey hl_live_key_get (GObject *config, guint marks);
gboolean  hl_live_key_is_same_repair (const HlLiveKey *one, const HlLiveKey *other);
gboolean  hl_live_key_is_same (const HlLiveKey *one, const HlLiveKey *other);
gboolean  hl_live_key_differs_in_marks (const HlLiveKey *one, const HlLiveKey *other);
void      hl_live_key_clear (HlLiveKey *key);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HlLiveKey, hl_live_key_clear)

G_END_DECLS
