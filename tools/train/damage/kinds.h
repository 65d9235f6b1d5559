/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef HL_TRAIN_KINDS_H
#define HL_TRAIN_KINDS_H

#include "path.h"

/* Something that is drawn on a picture: a kind of damage, or a sound thing that resembles one. */
typedef void (*HlDraw) (HlCanvas *canvas);

typedef struct
{
  HlDraw draw;
  float  share; /* how often, beside the others */
} HlKind;

void hl_kinds_draw (HlCanvas *canvas, const HlKind *kinds, int count);
void hl_paper (HlCanvas *canvas, float color[3], int bright);
void hl_mark (HlCanvas *canvas, HlCover *cover, float amount, float bright);

/* Damage: lines, spots, areas */
void hl_scratches (HlCanvas *canvas);
void hl_film_scratches (HlCanvas *canvas);
void hl_cracks (HlCanvas *canvas);
void hl_craquelure (HlCanvas *canvas);
void hl_fold (HlCanvas *canvas);
void hl_creases (HlCanvas *canvas);
void hl_shards (HlCanvas *canvas);
void hl_abrasion (HlCanvas *canvas);
void hl_dust (HlCanvas *canvas);
void hl_lint (HlCanvas *canvas);
void hl_bubbles (HlCanvas *canvas);
void hl_mould (HlCanvas *canvas);
void hl_fingerprint (HlCanvas *canvas);
void hl_loss (HlCanvas *canvas);
void hl_torn (HlCanvas *canvas);
void hl_wear (HlCanvas *canvas);
void hl_tape (HlCanvas *canvas);
void hl_blots (HlCanvas *canvas);

/* Damage that one sees through */
void hl_stain (HlCanvas *canvas);
void hl_foxing (HlCanvas *canvas);

/* Sound things that resemble damage: single ones, a drawn person, whole places, portraits */
void hl_strands (HlCanvas *canvas);
void hl_glints (HlCanvas *canvas);
void hl_lace (HlCanvas *canvas);
void hl_rims (HlCanvas *canvas);
void hl_twigs (HlCanvas *canvas);
void hl_margin (HlCanvas *canvas);
void hl_flowers (HlCanvas *canvas);
void hl_rods (HlCanvas *canvas);
void hl_wires (HlCanvas *canvas);
void hl_frames (HlCanvas *canvas);
void hl_writing (HlCanvas *canvas);
void hl_person (HlCanvas *canvas);
void hl_place (HlCanvas *canvas);
void hl_portrait (HlCanvas *canvas);

#endif /* HL_TRAIN_KINDS_H */
