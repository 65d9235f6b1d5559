/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell program's lines of JSON: what is written is read again, and what is none is refused. */
#include "cli/json.h"

#include <math.h>
#include <string.h>

static void
test_round_trip (void)
{
  static const char *const texts[] = { "", "plain", "\"quoted\" \\ back", "Großmutter\n\t\x01" };
  g_autoptr (GString) json         = g_string_new (NULL);
  g_autoptr (GHashTable) members   = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *key = g_strdup_printf ("text %u", i);

      hl_json_add_text (json, key, texts[i]);
    }
  hl_json_add_text (json, "none", NULL);
  hl_json_add_number (json, "number", -12.5e-3);
  hl_json_add_number (json, "lost", NAN);
  g_string_append_c (json, '}');
  g_assert_null (strchr (json->str, '\n'));
  members = hl_json_parse (json->str);
  g_assert_nonnull (members);
  g_assert_cmpuint (g_hash_table_size (members), ==, G_N_ELEMENTS (texts) + 3);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *key = g_strdup_printf ("text %u", i);

      g_assert_cmpstr (g_hash_table_lookup (members, key), ==, texts[i]);
    }
  g_assert_cmpstr (g_hash_table_lookup (members, "none"), ==, "");
  g_assert_cmpstr (g_hash_table_lookup (members, "lost"), ==, "");
  g_assert_cmpfloat (g_ascii_strtod (g_hash_table_lookup (members, "number"), NULL), ==, -12.5e-3);
  /* Cut short anywhere it is none. */
  for (gsize length = 0; length < json->len; length++)
    {
      g_autofree char *cut           = g_strndup (json->str, length);
      g_autoptr (GHashTable) nothing = hl_json_parse (cut);

      g_assert_null (nothing);
    }
}

static void
test_refusals (void)
{
  static const char *const lines[] = { "{\"a\": 1} {",
                                       "[1]",
                                       "{\"a\" 1}",
                                       "{\"a\": \"\\x\"}",
                                       "{\"a\": \"\\u00\"}",
                                       "{\"a\": \"\\u0000\"}",
                                       "{\"a\": \"\\ud800\"}",
                                       "{\"a\": \"\xff\"}",
                                       "{\"a\": {}}",
                                       "{\"a\": 1 \"b\": 2}" };
  g_autoptr (GHashTable) loose     = hl_json_parse (" { \"a\" : \"\\u00e9\\/\" , \"b\":2e3 }\n");

  g_assert_nonnull (loose);
  g_assert_cmpstr (g_hash_table_lookup (loose, "a"), ==, "é/");
  g_assert_cmpstr (g_hash_table_lookup (loose, "b"), ==, "2e3");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GHashTable) nothing = hl_json_parse (lines[i]);

      g_assert_null (nothing);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/round-trip", test_round_trip);
  g_test_add_func ("/json/refusals", test_refusals);
  return g_test_run ();
}
