/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trained weights, which are part of the program. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GBytes *hl_built_in_read (const char *name, GError **error);

G_END_DECLS
