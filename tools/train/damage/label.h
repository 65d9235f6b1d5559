/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_LABEL_H
#define HL_TRAIN_LABEL_H

/* Of one plane: two bits of a label. */
enum
{
  HL_SOUND   = 0,
  HL_DAMAGED = 1,
  HL_UNKNOWN = 2
};

/* Where the two bits of each plane begin. */
enum
{
  HL_PLANE_DAMAGE = 0,
  HL_PLANE_WIDE   = 2,
  HL_PLANE_STAIN  = 4
};

void hl_label_differing (float *const before[3], float *const after[3], const float *detail,
                         int side, float visible, int shift, unsigned char *label);
void hl_label_detail (float *const plane[3], float *detail, float *spare, int side);
void hl_label_wide (unsigned char *label, int side);

#endif /* HL_TRAIN_LABEL_H */
