/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a restoration took and did, as JSON. */
#pragma once

#include "restore/restore.h"

G_BEGIN_DECLS

void     hl_report_add (const HlRestoreReport *report, GString *json);
gboolean hl_report_write (const HlRestoreReport *report, const char *path, GError **error);

G_END_DECLS
