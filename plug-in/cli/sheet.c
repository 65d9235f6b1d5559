/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page that shows all pictures of an album before and after, by which a person sees at a glance
 * which of them need a hand. It is one file that needs no other: sheet.html, with the pictures
 * embedded. */

#include "cli/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "cli/album_picture.h"
#include "cli/platform.h"
#include "cli/sheet_data.h"
#include "cli/thumbnail.h"
#include "restore/error.h"

/* From where on damage is so wide that what it hid was guessed: where the engine begins to cover it
 * with pieces of the picture (restore/stages.c). */
#define WIDE 31

/* From which share of a photograph on that is damaged it is looked at first. */
#define MUCH 0.05

/* Threads beyond these wait for the disk. */
#define MOST_THREADS 8

/* One picture on the page. */
typedef struct
{
  const HlAlbumEntry *entry;
  guint               number; /* in the album */
  char               *html;
  double              need; /* by which they are put in order */
} Card;

typedef struct
{
  const HlAlbumRecord *record;
  const char          *folder;
  gboolean             is_inside; /* whether the page lies in the album's folder */
  Card                *cards;
  gint                 n, next;
} Sheet;

static double
get_number (const Sheet *sheet, const char *name, const char *key)
{
  return g_ascii_strtod (hl_album_record_get (sheet->record, name, key), NULL);
}

/* Why a picture may need a hand; empty where it does not. */
static char *
find_reason (const Sheet *sheet, const char *name, double *need)
{
  const char *status = hl_album_record_get (sheet->record, name, "status");
  double widest = get_number (sheet, name, "widest"), share = get_number (sheet, name, "damaged");
  double rim              = get_number (sheet, name, "rim");
  g_autoptr (GString) why = g_string_new (NULL);

  *need = 0;
  if (strcmp (status, "failed") == 0)
    {
      *need = G_MAXDOUBLE;
      return g_strdup (hl_album_record_get (sheet->record, name, "error"));
    }
  if (widest >= WIDE)
    {
      *need += widest / WIDE;
      g_string_append (why, "Damage so wide that what it hid was guessed. ");
    }
  if (share >= MUCH)
    {
      *need += share / MUCH;
      g_string_append (why, "Much of it is damaged. ");
    }
  if (rim > 0)
    {
      *need += 1;
      g_string_append (why, "The edges of the damage look damaged too. ");
    }
  return g_strdup (g_strchomp (why->str));
}

static char *
make_address (const Sheet *sheet, const char *name)
{
  g_autofree char *path = g_build_filename (sheet->folder, name, NULL);

  return sheet->is_inside ? g_uri_escape_string (name, "/", FALSE)
                          : g_filename_to_uri (path, NULL, NULL);
}

static void
add_image (GString *html, const char *kind, const char *alternative, const char *data)
{
  if (data)
    g_string_append_printf (html, "<img class=\"%s\" alt=\"%s\" src=\"%s\">\n", kind, alternative,
                            data);
}

/* The pictures one above the other, and what moves the line between them. */
static void
add_pair (GString *html, const Sheet *sheet, const Card *card, const char *shown, int width,
          int height)
{
  g_autofree char *out    = g_build_filename (sheet->folder, card->entry->name, NULL);
  g_autofree char *mask   = hl_album_picture_get_mask (sheet->folder, card->entry->name);
  g_autofree char *before = hl_thumbnail_make (card->entry->in, FALSE, NULL);
  g_autofree char *after  = hl_thumbnail_make (out, FALSE, NULL);
  g_autofree char *marks  = hl_thumbnail_make (mask, TRUE, NULL);

  if (!before)
    return;
  g_string_append_printf (html, "<div class=\"pair%s\" style=\"aspect-ratio: %d / %d\">\n",
                          after ? "" : " single", MAX (width, 4), MAX (height, 3));
  add_image (html, "before", "before", before);
  add_image (html, "after", "after", after);
  add_image (html, "marks", "", marks);
  if (after)
    g_string_append_printf (
        html,
        "<input type=\"range\" id=\"slider-%u\" min=\"0\" max=\"100\" value=\"50\" "
        "aria-label=\"%s: before on the left, after on the right\">\n"
        "<span class=\"left\">before</span><span class=\"right\">after</span>\n",
        card->number, shown);
  g_string_append (html, "</div>\n");
}

static void
fill_card (const Sheet *sheet, Card *card)
{
  g_autofree char *name    = g_filename_display_name (card->entry->name);
  g_autofree char *shown   = g_markup_escape_text (name, -1);
  g_autofree char *address = make_address (sheet, card->entry->name);
  g_autofree char *why     = find_reason (sheet, name, &card->need);
  g_autofree char *reason  = g_markup_escape_text (why, -1);
  const char      *status  = hl_album_record_get (sheet->record, name, "status");
  int      width = get_number (sheet, name, "width"), height = get_number (sheet, name, "height");
  GString *html     = g_string_new (NULL);
  gboolean has_file = strcmp (status, "failed") != 0;

  g_string_append_printf (html, "<figure id=\"photograph-%u\"%s>\n", card->number,
                          !has_file        ? " class=\"hand failed\""
                          : card->need > 0 ? " class=\"hand\""
                                           : "");
  add_pair (html, sheet, card, shown, width, height);
  g_string_append (html, "<figcaption>\n");
  if (has_file)
    g_string_append_printf (html, "<a href=\"%s\">%s</a>\n", address, shown);
  else
    g_string_append_printf (html, "<strong>%s</strong>\n", shown);
  if (*reason)
    g_string_append_printf (html, "<p class=\"why\">%s</p>\n", reason);
  if (strcmp (status, "no damage") == 0)
    g_string_append_printf (html, "<p>%d × %d pixels; no damage found, copied</p>\n", width,
                            height);
  else if (has_file)
    g_string_append_printf (html,
                            "<p>%d × %d pixels; %.2f %% damaged, at most %.0f pixels wide; grain "
                            "%.1f %%; %.0f s</p>\n",
                            width, height, 100 * get_number (sheet, name, "damaged"),
                            get_number (sheet, name, "widest"),
                            100 * get_number (sheet, name, "noise_level"),
                            get_number (sheet, name, "seconds"));
  g_string_append (html, "</figcaption>\n</figure>\n");
  card->html = g_string_free_and_steal (html);
}

static gpointer
work (gpointer data)
{
  Sheet *sheet = data;
  gint   at;

  while ((at = g_atomic_int_add (&sheet->next, 1)) < sheet->n)
    fill_card (sheet, &sheet->cards[at]);
  return NULL;
}

/* Those that most need a hand first, and then in the order of the album. */
static int
compare_cards (gconstpointer a, gconstpointer b)
{
  const Card *one = a, *other = b;

  if (one->need != other->need)
    return one->need > other->need ? -1 : 1;
  return one->number < other->number ? -1 : one->number > other->number;
}

static void
replace (GString *page, const char *mark, const char *text)
{
  const char *found = strstr (page->str, mark);
  gssize      at    = found - page->str;

  g_string_erase (page, at, strlen (mark));
  g_string_insert (page, at, text);
}

static GString *
make_page (Sheet *sheet)
{
  g_autoptr (GBytes) bytes
      = g_resource_lookup_data (hl_sheet_data_get_resource (), "/heirloom/sheet.html", 0, NULL);
  GString *page = g_string_new_len (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GString) all  = g_string_new (NULL);
  g_autofree char *summary = NULL;
  int              in_need = 0;

  qsort (sheet->cards, sheet->n, sizeof (Card), compare_cards);
  for (int i = 0; i < sheet->n; i++)
    {
      in_need += sheet->cards[i].need > 0;
      g_string_append (all, sheet->cards[i].html);
    }
  summary = g_strdup_printf ("%d photographs; %d of them may need a hand and come first", sheet->n,
                             in_need);
  replace (page, "%SUMMARY%", summary);
  replace (page, "%PHOTOGRAPHS%", all->str);
  return page;
}

/**
 * hl_sheet_write:
 * @path: the file to write
 * @entries: (element-type HlAlbumEntry): the pictures
 * @folder: of the album
 * @record: what became of them
 * @threads: how many may work at once
 * @error: %HL_ERROR_INPUT
 *
 * Writes the page; a picture that cannot be read is without a thumbnail.
 *
 * Returns: %FALSE with an error
 */
gboolean
hl_sheet_write (const char *path, GPtrArray *entries, const char *folder,
                const HlAlbumRecord *record, guint threads, GError **error)
{
  g_autofree char *at           = g_path_get_dirname (path);
  Sheet            sheet        = { .record    = record,
                                    .folder    = folder,
                                    .is_inside = hl_platform_is_same (at, folder),
                                    .cards     = g_new0 (Card, entries->len),
                                    .n         = entries->len };
  g_autoptr (GString) page      = NULL;
  g_autoptr (GError) failed     = NULL;
  GThread *others[MOST_THREADS] = { NULL };

  for (guint i = 0; i < entries->len; i++)
    sheet.cards[i] = (Card) { .entry = g_ptr_array_index (entries, i), .number = i + 1 };
  for (guint i = 1; i < MIN (threads, MOST_THREADS); i++)
    others[i] = g_thread_try_new ("heirloom-sheet", work, &sheet, NULL);
  work (&sheet);
  for (int i = 1; i < MOST_THREADS; i++)
    g_clear_pointer (&others[i], g_thread_join);
  page = make_page (&sheet);
  for (int i = 0; i < sheet.n; i++)
    g_free (sheet.cards[i].html);
  g_free (sheet.cards);
  return g_file_set_contents (path, page->str, page->len, &failed)
         || hl_error_refuse (error,
                             "The photographs are restored, but the contact sheet “%s” cannot be "
                             "written (%s): choose another folder for it.",
                             path, failed->message);
}
