/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One task of the command-line program: from files to a file. */
#pragma once

#include "restore/restore.h"

G_BEGIN_DECLS

/**
 * HlJob:
 * @in: the damaged picture
 * @out: the file to write, which may be @in
 * @mask: (nullable): a picture of the same size, white where @in is damaged; without it the damage
 *   is found, unless the settings say otherwise
 * @infrared: (nullable): "auto", "off" or a file that shows the picture in infrared light; with
 *   %NULL it is looked for where there is no @mask
 * @quality: of a JPEG, 1..100, or 0 for the picture's own
 * @deblur: (nullable): what was said of the blur; the engine goes by @settings
 * @report: (nullable): where to write what it took, as JSON
 * @search: seconds of a core that the search for damage takes, as estimated; 0 where there is none
 * @settings: for the engine
 */
typedef struct
{
  const char       *in;
  const char       *out;
  const char       *mask;
  const char       *infrared;
  int               quality;
  const char       *deblur;
  const char       *report;
  double            search;
  HlRestoreSettings settings;
} HlJob;

gboolean hl_job_run (const HlJob *self, GError **error);

G_END_DECLS
