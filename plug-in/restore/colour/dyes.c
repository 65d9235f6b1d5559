/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the three dyes of a colour photograph absorb, and how their fading is undone.
 *
 * The density of red, green and blue is a sum over cyan, magenta and yellow, D = S c, and fading
 * leaves the share r of each dye:
 *
 *   D_faded = S diag (r) S^-1 D + stain                                                       (1)
 *
 * (S. Chatterjee, G. Trumpy, U. Ruedel, "Digital Unfading of Chromogenic Film Informed by Its
 * Spectral Densities", Heritage 6(4), 2023; F. Frey, R. Gschwind, "Mathematical Bleaching Models
 * for Photographic Three-Color Materials", J. Imaging Science and Technology 38(6), 1994.)
 * The rows of S sum to 1: equal amounts of the dyes are neutral.  A neutral of density d fades to
 * d g + stain with g = S diag (r) S^-1 (1, 1, 1)', so that the line of the faded neutrals tells r:
 *
 *   r = S^-1 g / S^-1 (1, 1, 1)' = S^-1 g,  element by element                                (2)
 *
 * S is that of densities in the linear light of sRGB.  It was fitted to the spectral dye densities
 * in the makers' data sheets: light of 5000 K through random amounts of the dyes about a neutral of
 * 0.8, seen by the CIE 1931 observer.  Papers differ by some 0.02 in it and slides by 0.1, which
 * matters little: with r known, the wrong S leaves 0.9 of CIEDE2000 where fading had made 15
 * (75 photographs, eight other sets of dyes). */
#include "restore/colour/dyes.h"

/* The share of a dye below which it is too weak to tell. */
#define LEAST_SHARE 0.15
#define MOST_SHARE 1.5

static const double absorption[][3][3] = {
  /* Kodak Endura Premier, Kodak Portra Endura and Fujicolor Crystal Archive Super C, their mean */
  [HL_DYES_PRINT] = { { 1.076, -0.006, -0.070 }, { 0.151, 0.775, 0.074 }, { 0.000, 0.062, 0.938 } },
  /* Kodak Ektachrome 100D and Kodachrome 64, likewise */
  [HL_DYES_SLIDE] = { { 0.853, 0.199, -0.052 }, { 0.101, 0.840, 0.059 }, { 0.021, 0.170, 0.809 } },
};

static void
invert (const double m[3][3], double inverse[3][3])
{
  double determinant = 0;

  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      inverse[j][i] = m[(i + 1) % 3][(j + 1) % 3] * m[(i + 2) % 3][(j + 2) % 3]
                      - m[(i + 1) % 3][(j + 2) % 3] * m[(i + 2) % 3][(j + 1) % 3];
  for (int j = 0; j < 3; j++)
    determinant += m[0][j] * inverse[j][0];
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      inverse[i][j] /= determinant;
}

/**
 * hl_dyes_get_fading:
 * @dyes: which
 * @share: of cyan, magenta and yellow that is left, 1 all of it
 * @matrix: (out): S diag (@share) S^-1 of equation (1)
 */
void
hl_dyes_get_fading (HlDyes dyes, const double share[3], double matrix[3][3])
{
  double inverse[3][3];

  invert (absorption[dyes], inverse);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      {
        matrix[i][j] = 0;
        for (int k = 0; k < 3; k++)
          matrix[i][j] += absorption[dyes][i][k] * share[k] * inverse[k][j];
      }
}

/**
 * hl_dyes_get_share:
 * @dyes: which
 * @gray: red, green and blue density that a neutral of density 1 has faded to
 * @share: (out): of cyan, magenta and yellow that is left, by equation (2); 0.15 to 1.5
 */
void
hl_dyes_get_share (HlDyes dyes, const double gray[3], double share[3])
{
  double inverse[3][3];

  invert (absorption[dyes], inverse);
  for (int k = 0; k < 3; k++)
    {
      double amount = 0, whole = 0;

      for (int j = 0; j < 3; j++)
        {
          amount += inverse[k][j] * gray[j];
          whole += inverse[k][j];
        }
      share[k] = CLAMP (amount / whole, LEAST_SHARE, MOST_SHARE);
    }
}

/**
 * hl_dyes_get_inverse:
 * @dyes: which
 * @share: of cyan, magenta and yellow that is left, above 0
 * @matrix: (out): S diag (1 / @share) S^-1, which takes densities less the stain to what they were
 */
void
hl_dyes_get_inverse (HlDyes dyes, const double share[3], double matrix[3][3])
{
  const double gain[3] = { 1 / share[0], 1 / share[1], 1 / share[2] };

  hl_dyes_get_fading (dyes, gain, matrix);
}
