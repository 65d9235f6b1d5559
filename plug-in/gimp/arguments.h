/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of the procedure. */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

void hl_arguments_add (GimpProcedure *procedure);

G_END_DECLS
