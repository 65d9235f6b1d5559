/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The procedure that proposes a selection of damage. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

#define HL_SELECT_PROCEDURE "plug-in-heirloom-select-damage"

/* What becomes of what is selected already. */
typedef enum
{
  HL_SELECT_WITHIN, /* damage is looked for only there */
  HL_SELECT_REPLACE,
  HL_SELECT_ADD,
} HlSelectOperation;

GimpProcedure *hl_select_create_procedure (GimpPlugIn *plug_in);

G_END_DECLS
