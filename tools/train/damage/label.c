/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is damaged, from the difference between the scan without and with the damage, before grain:
 * what differs visibly is damaged; what hardly differs, or is hidden by the picture's own detail,
 * is neither damaged nor sound.
 */
#include "canvas.h"
#include "label.h"

#include <stdint.h>

#define HL_DETAIL_SIGMA 2.5f
#define HL_DETAIL_SHARE 0.3f /* of the detail's deviation that damage must exceed */
#define HL_FAINT 0.35f       /* of what is visible: less is sound */
#define HL_WIDE 8            /* pixels from the inside to the edge, from which a loss is wide */
#define HL_DEEP 5            /* pixels inside, from where only the plane of wide loss answers */

/* @detail: the deviation of the brightness around each pixel; @spare: (2, side, side). */
void
hl_label_detail (float *const plane[3], float *detail, float *spare, int side)
{
  int    n    = side * side;
  float *mean = spare;

  for (int i = 0; i < n; i++)
    {
      float luma = 0.299f * plane[0][i] + 0.587f * plane[1][i] + 0.114f * plane[2][i];

      mean[i]   = luma;
      detail[i] = luma * luma;
    }
  hl_plane_blur (mean, spare + n, side, HL_DETAIL_SIGMA);
  hl_plane_blur (detail, spare + n, side, HL_DETAIL_SIGMA);
  for (int i = 0; i < n; i++)
    detail[i] = sqrtf (fmaxf (detail[i] - mean[i] * mean[i], 0.0f));
}

/* Sets two bits of each label, from @shift on. @visible: the least difference that one sees. */
void
hl_label_differing (float *const before[3], float *const after[3], const float *detail, int side,
                    float visible, int shift, unsigned char *label)
{
  for (int i = 0; i < side * side; i++)
    {
      float by = 0.0f;
      int   is;

      for (int c = 0; c < 3; c++)
        by = fmaxf (by, fabsf (after[c][i] - before[c][i]));
      is       = by > visible + HL_DETAIL_SHARE * detail[i] ? HL_DAMAGED
                 : by > HL_FAINT * visible                  ? HL_UNKNOWN
                                                            : HL_SOUND;
      label[i] = (unsigned char) (label[i] | is << shift);
    }
}

/* Makes @distance the distance to where it is 0, in steps of which 3 are a pixel (Borgefors). */
static void
measure (uint16_t *distance, int side)
{
  for (int pass = 0; pass < 2; pass++)
    for (int k = 0; k < side * side; k++)
      {
        int i  = pass ? side * side - 1 - k : k;
        int x  = i % side;
        int y  = i / side;
        int dy = pass ? 1 : -1;
        int d  = distance[i];

        for (int dx = -1; dx <= 1; dx++)
          if (x + dx >= 0 && x + dx < side && y + dy >= 0 && y + dy < side)
            {
              int by = distance[i + dy * side + dx] + (dx == 0 ? 3 : 4);

              d = by < d ? by : d;
            }
        if (x + dy >= 0 && x + dy < side && distance[i + dy] + 3 < d)
          d = distance[i + dy] + 3;
        distance[i] = (uint16_t) d;
      }
}

/* Fills the bits of wide loss from those of damage: parts that hold a disc of HL_WIDE pixels'
 * radius. Other damage is not known there. Deep inside, where nothing near tells a loss from a
 * white wall, the plane of damage is not asked. side at most 512. */
void
hl_label_wide (unsigned char *label, int side)
{
  static uint16_t inside[512 * 512];
  static uint16_t outside[512 * 512];
  const uint16_t  far   = 30000;
  int             count = side * side;

  /* What is not known between damaged pixels counts as damaged here: a loss has no holes. */
  for (int i = 0; i < count; i++)
    inside[i] = (label[i] >> HL_PLANE_DAMAGE & 3) == HL_SOUND ? 0 : far;
  measure (inside, side);
  for (int i = 0; i < count; i++)
    outside[i] = inside[i] >= 3 * HL_WIDE ? 0 : far;
  measure (outside, side);
  for (int i = 0; i < count; i++)
    {
      int damage = label[i] >> HL_PLANE_DAMAGE & 3;
      int wide   = outside[i] <= 3 * HL_WIDE && damage != HL_SOUND ? HL_DAMAGED
                   : damage != HL_SOUND                            ? HL_UNKNOWN
                                                                   : HL_SOUND;

      if (wide == HL_DAMAGED && inside[i] > 3 * HL_DEEP)
        label[i] = (unsigned char) ((label[i] & ~(3 << HL_PLANE_DAMAGE))
                                    | HL_UNKNOWN << HL_PLANE_DAMAGE);
      label[i] = (unsigned char) (label[i] | wide << HL_PLANE_WIDE);
    }
}
