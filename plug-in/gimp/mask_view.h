/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph with a mask drawn over it, to be zoomed and moved. */
#pragma once

#include "gimp/pane.h"
#include "gimp/picture.h"

G_BEGIN_DECLS

#define HL_TYPE_MASK_VIEW (hl_mask_view_get_type ())
G_DECLARE_FINAL_TYPE (HlMaskView, hl_mask_view, HL, MASK_VIEW, HlPane)

GtkWidget *hl_mask_view_new (const char *accessible_name);
void       hl_mask_view_set_picture (HlMaskView *view, HlPicture *picture);
void       hl_mask_view_set_mask (HlMaskView *view, const guint8 *mask);
void       hl_mask_view_set_shown (HlMaskView *view, gboolean shown);

G_END_DECLS
