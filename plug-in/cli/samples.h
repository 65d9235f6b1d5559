/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pixels of a picture file <-> planes and a mask. */
#pragma once

#include "cli/file.h"
#include "restore/image.h"

G_BEGIN_DECLS

double   hl_samples_get (const HlFile *file, gsize place, int channel);
void     hl_samples_set (HlFile *file, gsize place, int channel, double value);
HlImage *hl_samples_get_planes (const HlFile *file, HlRect area, guint8 **source, GError **error);
void     hl_samples_set_planes (HlFile *file, const HlImage *image, const float *mask);

G_END_DECLS
