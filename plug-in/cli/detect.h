/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heirloom detect: from a picture to a mask of its scratches and dust. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean hl_detect_command (int argc, char **argv, GError **error);

G_END_DECLS
