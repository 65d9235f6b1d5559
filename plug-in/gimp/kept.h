/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person has marked in a layer, kept with it. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

typedef struct _HlKept HlKept;

HlKept *hl_kept_load (GimpLayer *layer);
void    hl_kept_save (const HlKept *kept, GimpLayer *layer);
void    hl_kept_put (HlKept *kept, const GeglRectangle *area, const guint8 *edits);
guint8 *hl_kept_get (const HlKept *kept, const GeglRectangle *area);
void    hl_kept_free (HlKept *kept);
char   *hl_kept_load_points (GimpLayer *layer);
void    hl_kept_save_points (GimpLayer *layer, const char *points);
void    hl_kept_forget (GimpLayer *layer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlKept, hl_kept_free)

G_END_DECLS
