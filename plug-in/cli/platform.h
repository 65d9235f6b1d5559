/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command-line program asks of Unix and of Windows beyond GLib. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * HlEndingFunc:
 * @interrupted: whether somebody pressed Ctrl-C; otherwise the system wants the program to end
 * @user_data: what hl_listener_new() was given
 *
 * Is called in the main loop.
 */
typedef void (*HlEndingFunc) (gboolean interrupted, gpointer user_data);

typedef struct _HlListener HlListener;

HlListener *hl_listener_new (HlEndingFunc func, gpointer user_data);
void        hl_listener_free (HlListener *self);

void     hl_platform_begin (int *argc, char ***argv);
gboolean hl_platform_parse (GOptionContext *context, int argc, char **argv, GError **error);
char    *hl_platform_resolve (const char *path);
gboolean hl_platform_is_same (const char *a, const char *b);
int      hl_platform_get_columns (void);

typedef struct _HlPlatformLock HlPlatformLock;

HlPlatformLock *hl_platform_lock_new (const char *folder);
void            hl_platform_lock_free (HlPlatformLock *self);

G_END_DECLS
