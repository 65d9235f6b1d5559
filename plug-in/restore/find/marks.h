/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What in a photograph could be a scratch or a speck, and what it looks like. */
#pragma once

#include "restore/restore.h"

G_BEGIN_DECLS

typedef struct _HlMarkField HlMarkField;

/**
 * HlMarkFeature:
 * @HL_MARK_TOP: logarithm of the mean height above the surroundings, 1 being white
 * @HL_MARK_AREA: logarithm of the number of pixels
 * @HL_MARK_WIDTH: logarithm of the mean width in pixels
 * @HL_MARK_LENGTH: logarithm of 1 + length : width
 * @HL_MARK_RIM: mean step across the rim : mean height; 1 where it is cut with a knife
 * @HL_MARK_FAR_RIM: the same, two pixels across
 * @HL_MARK_SPREAD_BELOW: root mean square of the values' differences from their mean, those
 *   above it taken as 0 : mean height; 0 where flat
 * @HL_MARK_SPREAD_ABOVE: the same, those below it taken as 0
 * @HL_MARK_VALUE: mean value, 1 being white for bright marks and black for dark ones
 * @HL_MARK_CONTRAST: logarithm of mean height : the median roughness thereabouts
 * @HL_MARK_PROMINENCE: the same with what few pixels exceed
 * @HL_MARK_LEVEL: logarithm of the least top of a pixel in the cut that left the mark
 * @HL_MARK_FLOOR: the least value of a pixel in that cut, 0..1
 * @HL_MARK_BOX: logarithm of the area of the bounding box : number of pixels
 *
 * Features of a mark. Pixels are those of a picture in which the widest damage is 8 wide,
 * so that the features do not depend on the resolution of the scan.
 */
typedef enum
{
  HL_MARK_TOP,
  HL_MARK_AREA,
  HL_MARK_WIDTH,
  HL_MARK_LENGTH,
  HL_MARK_RIM,
  HL_MARK_FAR_RIM,
  HL_MARK_SPREAD_BELOW,
  HL_MARK_SPREAD_ABOVE,
  HL_MARK_VALUE,
  HL_MARK_CONTRAST,
  HL_MARK_PROMINENCE,
  HL_MARK_LEVEL,
  HL_MARK_FLOOR,
  HL_MARK_BOX,
  HL_MARK_FEATURES
} HlMarkFeature;

/**
 * HlMark:
 * @dark: whether it is darker than its surroundings, else brighter
 * @n: how many pixels it has, > 0
 * @pixels: (array length=n): their indices in a plane; borrowed, and valid during the call
 * @tops: (H, W), row-major: how far each pixel of the picture rises above (or falls below)
 *   its surroundings; borrowed
 * @features: what it looks like
 */
typedef struct
{
  gboolean       dark;
  gsize          n;
  const guint32 *pixels;
  const float   *tops;
  double         features[HL_MARK_FEATURES];
} HlMark;

/**
 * HlMarkFunc:
 * @mark: a candidate
 * @user_data: as given to hl_mark_field_visit()
 */
typedef void (*HlMarkFunc) (const HlMark *mark, gpointer user_data);

HlMarkField *hl_mark_field_new (const HlImage *image, int size, const HlProgress *control,
                                GError **error);
void         hl_mark_field_get_size (const HlMarkField *self, int *width, int *height);
gboolean     hl_mark_field_visit (HlMarkField *self, HlMarkFunc func, gpointer user_data,
                                  const HlProgress *control, GError **error);
void         hl_mark_field_free (HlMarkField *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlMarkField, hl_mark_field_free)

G_END_DECLS
