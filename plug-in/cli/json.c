/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of JSON (RFC 8259), as scripts read and as an album reads back itself: one flat object
 * each, of texts, numbers and null. */

#include "cli/json.h"

#include <math.h>
#include <string.h>

/* Where an object is being read. */
typedef struct
{
  const char *at;
  gboolean    is_good;
} Reader;

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

static gboolean
take (Reader *self, char wanted)
{
  while (g_ascii_isspace (*self->at))
    self->at++;
  if (*self->at != wanted)
    return FALSE;
  self->at++;
  return TRUE;
}

static void
read_escape (Reader *self, GString *text)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  const char       *found  = *self->at ? strchr (from, *self->at) : NULL;
  gunichar          letter = 0;

  if (found)
    g_string_append_c (text, to[found - from]);
  else if (*self->at == 'u')
    {
      for (int i = 1; i <= 4 && self->is_good; i++)
        {
          self->is_good = g_ascii_isxdigit (self->at[i]);
          letter        = 16 * letter + (self->is_good ? g_ascii_xdigit_value (self->at[i]) : 0);
        }
      self->is_good = self->is_good && letter > 0 && g_unichar_validate (letter);
      if (self->is_good)
        g_string_append_unichar (text, letter);
      self->at += self->is_good ? 4 : 0;
    }
  else
    self->is_good = FALSE;
  self->at += self->is_good;
}

static char *
read_text (Reader *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  self->is_good = self->is_good && take (self, '"');
  while (self->is_good && *self->at != '"')
    if (*self->at == '\0')
      self->is_good = FALSE;
    else if (*self->at == '\\')
      {
        self->at++;
        read_escape (self, text);
      }
    else
      g_string_append_c (text, *self->at++);
  self->is_good = self->is_good && take (self, '"') && g_utf8_validate (text->str, text->len, NULL);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* A text, or a number as it is written; empty for null. */
static char *
read_value (Reader *self)
{
  gsize length;
  char *end;

  while (g_ascii_isspace (*self->at))
    self->at++;
  if (*self->at == '"')
    return read_text (self);
  if (strncmp (self->at, "null", 4) == 0)
    {
      self->at += 4;
      return g_strdup ("");
    }
  g_ascii_strtod (self->at, &end);
  length        = end - self->at;
  self->is_good = length > 0;
  self->at      = end;
  return g_strndup (end - length, length);
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
  Reader reader                  = { line, TRUE };

  reader.is_good = take (&reader, '{');
  while (reader.is_good && !take (&reader, '}'))
    {
      g_autofree char *key = NULL, *value = NULL;

      if (g_hash_table_size (members) > 0)
        reader.is_good = take (&reader, ',');
      key            = read_text (&reader);
      reader.is_good = reader.is_good && take (&reader, ':');
      value          = reader.is_good ? read_value (&reader) : NULL;
      if (reader.is_good)
        g_hash_table_replace (members, g_steal_pointer (&key), g_steal_pointer (&value));
    }
  take (&reader, '\n');
  return reader.is_good && *reader.at == '\0' ? g_steal_pointer (&members) : NULL;
}
