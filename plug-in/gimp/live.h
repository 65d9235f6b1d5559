/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A restoration that follows its settings. */
#pragma once

#include "gimp/marks.h"
#include "gimp/snapshot.h"
#include "gimp/worker.h"

G_BEGIN_DECLS

typedef struct _HlLive HlLive;

/**
 * HlLiveState:
 * @HL_LIVE_READING: the picture is being read
 * @HL_LIVE_WORKING: the restoration is being made
 * @HL_LIVE_DONE: it is there
 * @HL_LIVE_FAILED: it cannot be made
 */
typedef enum
{
  HL_LIVE_READING,
  HL_LIVE_WORKING,
  HL_LIVE_DONE,
  HL_LIVE_FAILED
} HlLiveState;

/**
 * HlLiveFunc:
 * @live: the restoration
 * @user_data: as given to hl_live_new()
 *
 * Called when the state, the picture or the worker is another one. The picture that was there
 * before is freed afterwards.
 */
typedef void (*HlLiveFunc) (HlLive *live, gpointer user_data);

HlLive             *hl_live_new (GimpImage *image, GimpLayer *source, GimpProcedureConfig *config,
                                 HlLiveFunc changed, gpointer user_data);
HlLiveState         hl_live_get_state (HlLive *live);
gboolean            hl_live_is_stopped (HlLive *live);
const GError       *hl_live_get_error (HlLive *live);
HlPicture          *hl_live_get_picture (HlLive *live);
HlMarks            *hl_live_get_marks (HlLive *live);
void                hl_live_tick (HlLive *live);
HlWorker           *hl_live_get_worker (HlLive *live);
void                hl_live_settle (HlLive *live);
void                hl_live_stop (HlLive *live);
void                hl_live_end (HlLive *live);
HlSnapshot         *hl_live_get_snapshot (HlLive *live);
const HlTaskResult *hl_live_get_result (HlLive *live);
guint               hl_live_get_serial (HlLive *live);
gboolean            hl_live_prepare (HlLive *live, HlTask *task, guint8 **edits);
void                hl_live_free (HlLive *live);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HlLive, hl_live_free)

G_END_DECLS
