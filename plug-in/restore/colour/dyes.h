/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the three dyes of a colour photograph absorb, and how their fading is undone. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HlDyes:
 * @HL_DYES_PRINT: of paper prints
 * @HL_DYES_SLIDE: of slides
 */
typedef enum
{
  HL_DYES_PRINT,
  HL_DYES_SLIDE,
} HlDyes;

void hl_dyes_get_fading (HlDyes dyes, const double share[3], double matrix[3][3]);
void hl_dyes_get_share (HlDyes dyes, const double gray[3], double share[3]);
void hl_dyes_get_inverse (HlDyes dyes, const double share[3], double matrix[3][3]);

G_END_DECLS
