/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layer and the selection as they were at one moment, read from GIMP. */
#pragma once

#include <libgimp/gimp.h>

#include "restore/image.h"

G_BEGIN_DECLS

/* Shades of alpha that are told apart. */
#define HL_SNAPSHOT_LEVELS 256

typedef struct _HlSnapshot HlSnapshot;

/**
 * HlSnapshotPart:
 * @HL_SNAPSHOT_SELECTION: the selected part of the layer, and the surroundings that the engine
 *   needs to repair it
 * @HL_SNAPSHOT_LAYER: all of the layer, whatever is selected
 */
typedef enum
{
  HL_SNAPSHOT_SELECTION,
  HL_SNAPSHOT_LAYER
} HlSnapshotPart;

/**
 * HlSnapshotFunc:
 * @snapshot: a snapshot that has been read
 * @error: (nullable): why it cannot be used, with an error of hl_snapshot_read()
 * @user_data: as given to hl_snapshot_read_idly()
 *
 * Called once by the main loop; may free @snapshot.
 */
typedef void (*HlSnapshotFunc) (HlSnapshot *snapshot, const GError *error, gpointer user_data);

/**
 * HlSnapshot:
 * @image: the picture of @source
 * @source: (nullable): the layer that was read; %NULL once GIMP has forgotten it
 * @layer: (nullable): a copy of it with its filters merged, which is in no picture
 * @x: of the layer in the picture
 * @y: likewise
 * @part: what was asked for
 * @area: that, in the layer's own pixels
 * @space: the colour space of @planes
 * @planes: (C, H, W) planes of @area, C being 1 or 3; black where a pixel is not a number
 * @mask: (H, W), row-major: the selection over @area, 0..1
 * @evidence: (H, W), row-major: 0 where a pixel says nothing (fully transparent, or not
 *   a number), else 1
 * @opacity: how opaque the layer is there where it is sound, 0..1: the median; 1 without alpha
 * @n_selected: pixels of @mask above 0
 * @hidden: (H, W), row-major: 1 where a pixel says nothing and is not selected, else 0
 */
struct _HlSnapshot
{
  GimpImage     *image;
  GimpLayer     *source;
  GimpLayer     *layer;
  int            x, y;
  HlSnapshotPart part;
  GeglRectangle  area;
  const Babl    *space;
  HlImage       *planes;
  float         *mask;
  guint8        *evidence;
  guint8        *hidden;
  float          opacity;
  gsize          n_selected;

  /*< private >*/
  GimpChannel   *selection; /* a copy */
  const Babl    *selection_format;
  GeglBuffer    *pixels, *selected;
  int            rows; /* of @area that have been read */
  float         *row;
  guint8        *native; /* a row as it lies in GIMP */
  gsize          n_sound;
  gsize          n_alpha[HL_SNAPSHOT_LEVELS]; /* of the sound pixels, by their alpha */
  guint          idle;                        /* a source, or 0 */
  HlSnapshotFunc done;
  gpointer       user_data;
};

HlSnapshot *hl_snapshot_new (GimpImage *image, GimpLayer *source, HlSnapshotPart part,
                             GError **error);
gboolean    hl_snapshot_read (HlSnapshot *snapshot, GError **error);
void        hl_snapshot_read_idly (HlSnapshot *snapshot, HlSnapshotFunc done, gpointer user_data);
gboolean    hl_snapshot_is_complete (const HlSnapshot *snapshot);
double      hl_snapshot_get_fraction (const HlSnapshot *snapshot);
void        hl_snapshot_free (HlSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlSnapshot, hl_snapshot_free)

G_END_DECLS
