/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of JSON (RFC 8259), as scripts read and as an album reads back itself: one flat object
 * each, of texts, numbers and null. */

#include "cli/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How an object is written. Group 1 is a member's name, group 2 its value. */
#define ESCAPE "\\\\([\"\\\\/bfnrt]|u([0-9a-fA-F]{4}))"
#define TEXT "(?:[^\"\\\\]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+"
#define MEMBER "\\s*\"(" TEXT ")\"\\s*:\\s*(?|\"(" TEXT ")\"|null()|(-?[0-9][-+.0-9eE]*))\\s*"
#define OBJECT "^\\s*\\{" MEMBER "(?:," MEMBER ")*\\}\\s*$"

static void
begin (GString *json, const char *key)
{
  g_string_append (json, json->len == 0 ? "{" : ", ");
  g_string_append_printf (json, "\"%s\": ", key);
}

/**
 * hl_json_add_text:
 * @json: the members of an object so far; empty before the first
 * @key: ASCII
 * @text: (nullable): UTF-8; null where %NULL
 *
 * Adds a member. The caller adds the closing bracket.
 */
void
hl_json_add_text (GString *json, const char *key, const char *text)
{
  begin (json, key);
  if (!text)
    {
      g_string_append (json, "null");
      return;
    }
  g_string_append_c (json, '"');
  for (; *text; text++)
    if (*text == '"' || *text == '\\')
      g_string_append_printf (json, "\\%c", *text);
    else if ((guchar) *text < 0x20)
      g_string_append_printf (json, "\\u%04x", *text);
    else
      g_string_append_c (json, *text);
  g_string_append_c (json, '"');
}

/**
 * hl_json_add_number:
 * @json: as in hl_json_add_text()
 * @key: ASCII
 * @number: null where it is not finite
 *
 * Adds a member.
 */
void
hl_json_add_number (GString *json, const char *key, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  begin (json, key);
  g_string_append (json, isfinite (number) ? g_ascii_formatd (text, sizeof text, "%.9g", number)
                                           : "null");
}

/* What stands for the letter that an escape means. */
static gboolean
append_letter (const GMatchInfo *escape, GString *text, gpointer is_good)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  g_autofree char  *kind = g_match_info_fetch (escape, 1), *hex = g_match_info_fetch (escape, 2);
  gunichar          letter
      = hex && *hex ? strtoul (hex, NULL, 16) : (gunichar) to[strchr (from, *kind) - from];

  if (letter > 0 && g_unichar_validate (letter))
    g_string_append_unichar (text, letter);
  else
    *(gboolean *) is_good = FALSE;
  return FALSE;
}

static char *
fetch_text (const GMatchInfo *member, int group, const GRegex *escapes, gboolean *is_good)
{
  g_autofree char *written = g_match_info_fetch (member, group);

  return g_regex_replace_eval (escapes, written ? written : "", -1, 0, 0, append_letter, is_good,
                               NULL);
}

/**
 * hl_json_parse:
 * @line: an object of texts, numbers and null
 *
 * Returns: (transfer full) (nullable) (element-type utf8 utf8): its members, numbers as they are
 *   written and null as an empty text; %NULL where @line is none, as it was cut short, say
 */
GHashTable *
hl_json_parse (const char *line)
{
  g_autoptr (GHashTable) members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GRegex) object      = g_regex_new (OBJECT, 0, 0, NULL);
  g_autoptr (GRegex) member      = g_regex_new (MEMBER, 0, 0, NULL);
  g_autoptr (GRegex) escapes     = g_regex_new (ESCAPE, 0, 0, NULL);
  g_autoptr (GMatchInfo) found   = NULL;
  gboolean is_good = g_utf8_validate (line, -1, NULL) && g_regex_match (object, line, 0, NULL);

  if (is_good)
    for (g_regex_match (member, line, 0, &found); g_match_info_matches (found);
         g_match_info_next (found, NULL))
      g_hash_table_replace (members, fetch_text (found, 1, escapes, &is_good),
                            fetch_text (found, 2, escapes, &is_good));
  return is_good ? g_steal_pointer (&members) : NULL;
}
