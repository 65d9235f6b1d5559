/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many pictures, restored into a folder. */
#pragma once

#include "cli/job.h"

G_BEGIN_DECLS

int hl_album_run (const HlJob *job, char **paths, const char *folder, const char *sheet);

G_END_DECLS
