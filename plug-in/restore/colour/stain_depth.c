/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stain a pixel is part of, and how deep in it; a part of stain.c.
 *
 * Stains are the connected components of the target, diagonals included.  The way to the nearest
 * pixel outside comes from two passes over the picture in which each pixel takes over from its
 * neighbours (P.-E. Danielsson, "Euclidean Distance Mapping", Computer Graphics and Image
 * Processing 14, 1980). */
#include "restore/colour/stain_depth.h"

#include <stdlib.h>

#define FAR G_MAXINT16

static void
take_over (HlStainDepth *self, int width, int height, int x, int y, int dx, int dy)
{
  gsize at = (gsize) y * width + x, from = at + (gssize) dy * width + dx;
  int   far_x, far_y;

  if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height || self->dx[from] == FAR)
    return;
  far_x = CLAMP (self->dx[from] + dx, -FAR + 1, FAR - 1);
  far_y = CLAMP (self->dy[from] + dy, -FAR + 1, FAR - 1);
  if (self->dx[at] == FAR
      || (gint64) far_x * far_x + (gint64) far_y * far_y
             < (gint64) self->dx[at] * self->dx[at] + (gint64) self->dy[at] * self->dy[at])
    {
      self->dx[at] = far_x;
      self->dy[at] = far_y;
    }
}

static void
find_ways (HlStainDepth *self, const float *target, int width, int height)
{
  for (gsize i = 0; i < (gsize) width * height; i++)
    self->dx[i] = self->dy[i] = target[i] > 0 ? FAR : 0;
  for (int turn = 0; turn < 2; turn++)
    for (int k = 0; k < height; k++)
      {
        int y = turn == 0 ? k : height - 1 - k, back = turn == 0 ? -1 : 1;

        for (int x = 0; x < width; x++)
          {
            for (int dx = -1; dx <= 1; dx++)
              take_over (self, width, height, x, y, dx, back);
            take_over (self, width, height, x, y, -1, 0);
          }
        for (int x = width - 1; x >= 0; x--)
          take_over (self, width, height, x, y, 1, 0);
      }
}

/* Marks all of one stain, from any pixel of it; @stack has room for all pixels. */
static void
fill (HlStainDepth *self, HlStainBox *box, const float *target, int width, int height, gsize first,
      gsize *stack)
{
  gsize n = 1;

  stack[0]           = first;
  self->label[first] = box->label;
  while (n > 0)
    {
      gsize at = stack[--n];
      int   x = at % width, y = at / width;

      box->pixels++;
      box->left   = MIN (box->left, x);
      box->right  = MAX (box->right, x);
      box->top    = MIN (box->top, y);
      box->bottom = MAX (box->bottom, y);
      for (int j = MAX (y - 1, 0); j <= MIN (y + 1, height - 1); j++)
        for (int i = MAX (x - 1, 0); i <= MIN (x + 1, width - 1); i++)
          {
            gsize next = (gsize) j * width + i;

            if (target[next] > 0 && self->label[next] == 0)
              {
                self->label[next] = box->label;
                stack[n++]        = next;
              }
          }
    }
}

/**
 * hl_stain_depth_find:
 * @self: (out): stains and depths; where all of the picture is a stain the depth is 32767
 * @target: (H, W), a stain where above 0
 * @width: W
 * @height: H
 *
 * Returns: whether there was the memory; @self is to be cleared in any case
 */
gboolean
hl_stain_depth_find (HlStainDepth *self, const float *target, int width, int height)
{
  gsize             pixels = (gsize) width * height;
  g_autofree gsize *stack  = g_try_new (gsize, pixels);
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (HlStainBox));

  *self = (HlStainDepth) { .label = g_try_new0 (guint32, pixels),
                           .dx    = g_try_new (gint16, pixels),
                           .dy    = g_try_new (gint16, pixels) };
  if (!stack || !self->label || !self->dx || !self->dy)
    return FALSE;
  find_ways (self, target, width, height);
  for (gsize i = 0; i < pixels; i++)
    if (target[i] > 0 && self->label[i] == 0)
      {
        HlStainBox box = { boxes->len + 1, width, height, -1, -1, 0 };

        fill (self, &box, target, width, height, i, stack);
        g_array_append_val (boxes, box);
      }
  self->n     = boxes->len;
  self->boxes = (HlStainBox *) g_array_free (g_steal_pointer (&boxes), FALSE);
  return TRUE;
}

/**
 * hl_stain_depth_clear:
 * @self: what it holds is freed
 */
void
hl_stain_depth_clear (HlStainDepth *self)
{
  g_free (self->label);
  g_free (self->dx);
  g_free (self->dy);
  g_free (self->boxes);
  *self = (HlStainDepth) { 0 };
}
