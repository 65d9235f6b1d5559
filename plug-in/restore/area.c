/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a photograph that a restoration works on, so that the work follows the damage and
 * not the picture: the one rule for whoever reads pixels, and for hl_restore() itself, which does
 * not look beyond it whatever it is given.  So the same settings give the same pixels in GIMP and
 * in the shell, although they do not read the same amount. */
#include "restore/area.h"

#include "restore/regions.h"

/* Pixels of surroundings: what the stage that looks furthest may see of them, which is the more,
 * the wider a hole can be in there.  Noise and grain are measured there too. */
static int
get_context (HlRect damage)
{
  return CLAMP (MIN (damage.right - damage.left, damage.bottom - damage.top),
                HL_REGIONS_PATCHES_CONTEXT, HL_REGIONS_PIECES_CONTEXT);
}

static int
round_down (int x)
{
  return x - ((x % HL_REGIONS_CELL) + HL_REGIONS_CELL) % HL_REGIONS_CELL;
}

/**
 * hl_area_find_damage:
 * @target: (H, W), above 0 where a pixel is to be repainted, already widened
 * @width: W
 * @height: H
 * @damage: (out): the smallest rectangle around those
 *
 * Returns: whether there are any
 */
gboolean
hl_area_find_damage (const float *target, int width, int height, HlRect *damage)
{
  HlRect found = { width, height, 0, 0 };

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (target[(gsize) y * width + x] > 0)
        {
          found.left   = MIN (found.left, x);
          found.right  = MAX (found.right, x + 1);
          found.top    = MIN (found.top, y);
          found.bottom = y + 1;
        }
  *damage = found;
  return found.right > 0;
}

/**
 * hl_area_find:
 * @damage: all that is to be repainted, already widened, in pixels of the photograph
 * @bounds: of the photograph, or of what was read of it
 *
 * The context of the stage that looks furthest, and on from there to where the grid of the regions
 * (regions.c) has a line: so a scratch is cut into the same regions whatever else is selected.
 *
 * Returns: the part to work on
 */
HlRect
hl_area_find (HlRect damage, HlRect bounds)
{
  int context = get_context (damage), end = context + HL_REGIONS_CELL - 1;

  return (HlRect) { MAX (round_down (damage.left - context), bounds.left),
                    MAX (round_down (damage.top - context), bounds.top),
                    MIN (round_down (damage.right + end), bounds.right),
                    MIN (round_down (damage.bottom + end), bounds.bottom) };
}
