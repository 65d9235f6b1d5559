/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From perceptual values to light and back. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

float hl_light_decode (float value);
float hl_light_encode (float light);
void  hl_light_decode_all (float *values, gsize n);
void  hl_light_encode_all (float *values, gsize n);
float hl_light_get_derivative (float light);
void  hl_light_split (float *planes, gsize pixels);
void  hl_light_join (float *planes, gsize pixels);

G_END_DECLS
