/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "restore/built_in.h"

#include "restore/weights_data.h"

/**
 * hl_built_in_read:
 * @name: a file of data/heirloom.gresource.xml
 * @error: #GResourceError where there is none of that name
 *
 * Any thread may call it, several at once too. While a thread registers the program's resources for
 * the first time, hl_weights_data_get_resource() gives others %NULL (GLib 2.84,
 * g_static_resource_get_resource()); to look the name up among all resources waits for that.
 *
 * Returns: (transfer full): its bytes, or %NULL
 */
GBytes *
hl_built_in_read (const char *name, GError **error)
{
  g_autofree char *path = g_strconcat ("/heirloom/", name, NULL);

  hl_weights_data_get_resource (); /* so that the linker keeps it */
  return g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}
