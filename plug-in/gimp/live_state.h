/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a restoration that follows its settings knows of itself; for its own two files alone. */
#pragma once

#include "gimp/live.h"
#include "gimp/live_key.h"
#include "gimp/subject.h"

G_BEGIN_DECLS

struct _HlLive
{
  GimpProcedureConfig *config;
  HlLiveFunc           changed;
  gpointer             user_data;
  gulong               handler;
  guint                rest; /* a source, or 0 */

  HlSubject     subject;
  HlWorker     *worker;   /* the last one that was started */
  guint8       *edits;    /* that it was given */
  HlLiveKey     given;    /* of the worker */
  gboolean      is_patch; /* the worker makes a provisional result */
  HlTaskResult *result;
  guint         serial;         /* of the result */
  HlLiveKey     key;            /* of the result */
  gboolean      is_provisional; /* the result */
  GError       *error;
  gboolean      is_running;   /* the worker */
  gboolean      is_cancelled; /* the worker */
  gboolean      is_stopped;   /* by the person, with the settings as they are now */
  gboolean      is_ended;
};

HlLiveKey hl_live_get_key (HlLive *live);
gboolean  hl_live_is_current (HlLive *live, const HlLiveKey *key);

G_END_DECLS
