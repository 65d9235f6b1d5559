/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens to one picture between reading and writing it. */
#pragma once

#include "cli/file.h"
#include "cli/job.h"

G_BEGIN_DECLS

float *hl_flow_find_mask (HlJob *job, const HlFile *file, HlPsf **blur, const HlProgress *progress,
                          GError **error);
gboolean hl_flow_restore (const HlJob *job, HlFile *file, const float *mask,
                          const HlProgress *progress, HlRestoreReport *report, GError **error);

G_END_DECLS
