/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of JSON: one flat object each. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void        hl_json_add_text (GString *json, const char *key, const char *text);
void        hl_json_add_number (GString *json, const char *key, double number);
GHashTable *hl_json_parse (const char *line);

G_END_DECLS
