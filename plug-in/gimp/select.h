/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The procedure that proposes a selection of scratches and dust. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

#define HL_SELECT_PROCEDURE "plug-in-heirloom-select-damage"

GimpProcedure *hl_select_create_procedure (GimpPlugIn *plug_in);

G_END_DECLS
