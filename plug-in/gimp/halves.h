/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of the live view. */
#pragma once

#include "gimp/pane.h"

G_BEGIN_DECLS

/* Pixels on either side of the divider that take hold of it. */
#define HL_HALVES_GRIP 8

/**
 * HlHalves:
 * @left: column of the widget in which what is visible of the picture begins
 * @right: column in which it ends
 * @top: row in which it begins
 * @divider: column between the halves
 *
 * Where the halves lie, in pixels of the widget.
 */
typedef struct
{
  double left, right, top;
  double divider;
} HlHalves;

HlHalves hl_halves_get (GtkWidget *pane, const HlPlace *place, int width, double share);
void hl_halves_draw_word (const HlHalves *halves, GtkWidget *pane, cairo_t *cr, const char *word,
                          gboolean is_left);
void hl_halves_draw_divider (const HlHalves *halves, cairo_t *cr, double height);

G_END_DECLS
