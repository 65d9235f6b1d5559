/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small systems of linear equations, as least squares leads to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void hl_symmetric_solve (double *a, int n, double *b, int columns);

G_END_DECLS
