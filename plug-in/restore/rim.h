/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the damage goes on around a mask that was drawn too tight. */
#pragma once

#include <gio/gio.h>

#include "restore/maps.h"

G_BEGIN_DECLS

/* Share of the damage in the first ring around a target from which it is damaged too: around what a
 * person has selected, and around what was found, of which the networks see the middle first. In
 * five of six old prints what was found leaves 0.13 to 0.26 in its first ring, and the lips of the
 * cracks can be seen where it stays; in sound rings the share is near 0. */
#define HL_RIM_SELECTED 0.15
#define HL_RIM_FOUND 0.05

int hl_rim_find (const HlImage *image, HlMaps *maps, double least, GCancellable *cancel);

G_END_DECLS
