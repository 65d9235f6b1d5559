/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second half of finding damage: which of the marks that marks.c finds are scratches
 * and dust. A proposal for a selection, outside the flow of a restoration: the person
 * looks at it, corrects it, and then starts the restoration.
 *
 * A small network with one hidden layer tells from the features of a mark which share of
 * its pixels is damage. It was fitted, by tests/bench/bench-detect.py, to photographs on
 * which scratches and dust were drawn. A mark is part of larger ones, cut at lower levels;
 * a larger one is taken only as far as the pixels that it adds are damage themselves.
 *
 * Damage comes in numbers. Where a first look finds hardly any, the few marks left are
 * more likely to be buttons, lights and letters: the odds are lowered as in M. Saerens,
 * P. Latinne, C. Decaestecker, "Adjusting the outputs of a classifier to new a priori
 * probabilities", Neural Computation 14(1), 2002, eq. 2.4, and only in part, since the
 * share found is itself uncertain. */

#include "restore/find/finder.h"

#include <math.h>

#include "restore/error.h"
#include "restore/find/marks.h"

#define HIDDEN 16

/* The share of pixels that must be damage before a mark is taken. */
#define CERTAIN 0.6

/* The same in the first look, which is to find no wrong ones. */
#define VERY_CERTAIN 0.8

/* Share of damage in the pictures the network was fitted to, the smallest that counts, and
 * the power of their ratio by which the odds are lowered. */
#define USUAL_SHARE 0.02
#define LEAST_SHARE 0.002
#define TRUST 0.25

/* What one step of the sensitivity adds to the logarithm of the odds, and what is taken off
 * at the usual sensitivity: photographs differ from those that the network was fitted to, and
 * a wrong proposal costs the person more than a missed speck. */
#define STEP 0.06
#define CAUTION 0.7

/* A pixel beside a mark belongs to its rim where it stands out by this share of the mark. */
#define RIM 0.4f

/* What tests/bench/bench-detect.py --fit printed. */
static const float hidden_weights[HIDDEN][HL_MARK_FEATURES] = {
  { 0.3818f, 0.008788f, -0.06197f, 0.1459f, -2.133f, 0.6367f, 10.15f, 6.561f, 0.9532f, 0.3005f,
    0.1821f, -0.1026f, -0.3158f, -0.1184f },
  { -0.3679f, 0.05629f, 1.276f, -1.39f, -2.03f, 0.7929f, 0.3767f, -4.717f, -1.291f, 0.1148f,
    -0.1023f, -0.04647f, 0.5676f, 1.508f },
  { 0.06667f, -0.02189f, 0.5872f, 0.04777f, -1.678f, 0.6681f, -0.9525f, -10.87f, -6.903f, -0.145f,
    -0.4187f, -0.2925f, -0.5349f, -0.05709f },
  { 0.2868f, -0.0709f, -0.002293f, -0.001188f, 0.04977f, -0.1688f, -0.4542f, 0.2763f, 4.77f,
    -0.2534f, 0.2485f, -0.3003f, -0.7524f, 0.7697f },
  { 1.341f, -0.1066f, -1.183f, 0.4858f, -0.9056f, -0.2783f, 1.616f, 2.563f, 5.162f, 0.1633f,
    0.01124f, -0.2386f, 0.05506f, -0.7996f },
  { 0.04669f, -0.4122f, -1.223f, -0.2745f, 1.153f, 1.311f, -2.112f, 7.638f, -0.1636f, -0.101f,
    0.08491f, -0.1369f, 0.314f, -1.035f },
  { 0.6398f, -0.105f, 0.3154f, -0.3706f, -4.069f, -1.489f, 4.298f, 0.3483f, -0.3844f, 0.06365f,
    -0.3397f, -0.01417f, 0.5863f, 0.7501f },
  { 0.3807f, 0.03453f, 0.02109f, 0.3998f, 0.0395f, -0.612f, -1.208f, -4.019f, -0.6243f, -0.1277f,
    -0.578f, 0.07505f, -0.3206f, 1.238f },
  { -0.1655f, -0.04767f, -0.4436f, 0.5833f, -0.4786f, 1.764f, -1.017f, 0.3881f, 0.6008f, -1.554f,
    0.3724f, 0.098f, 0.07909f, -0.7635f },
  { 0.6256f, 0.0914f, 0.07449f, 0.1174f, 5.997f, -0.6587f, -6.948f, -4.294f, 1.165f, -0.1961f,
    0.2388f, -0.5559f, -1.5f, 0.1425f },
  { -1.88f, 0.08048f, 0.08913f, -0.1419f, 1.59f, -0.9597f, -0.1103f, -1.825f, -1.54f, 0.6661f,
    -0.005083f, 0.2535f, 0.4069f, 0.2227f },
  { -0.2506f, 0.09099f, 0.1068f, 0.4262f, -0.3458f, -0.5557f, 0.27f, -9.515f, -0.4173f, 0.3313f,
    -0.7978f, 0.09686f, -0.2516f, 0.4149f },
  { -0.1777f, -0.1744f, 0.05475f, 0.03714f, 0.814f, -0.8223f, 7.407f, -3.455f, 3.059f, 0.3162f,
    -1.272f, 0.3092f, 0.7709f, 0.06703f },
  { -0.3124f, -0.00647f, 0.6329f, -0.7765f, 5.078f, -1.801f, -3.699f, 13.9f, -0.6058f, 0.1332f,
    -0.1804f, 0.07266f, 0.01255f, 1.225f },
  { 0.06573f, -0.1809f, -0.1396f, -1.051f, 0.05683f, 0.6251f, 0.07141f, 2.093f, -0.1303f, -0.4354f,
    -0.5412f, 0.2229f, 0.4957f, 1.388f },
  { 0.3846f, -0.1037f, -0.7813f, 0.7725f, 0.8058f, -1.12f, 11.8f, -4.544f, -1.709f, -0.03841f,
    -0.2437f, -0.156f, 0.1254f, 0.5595f },
};
static const float hidden_bias[HIDDEN]
    = { 0.03167f, 3.621f,  5.809f,  -4.137f, -1.998f, 0.7525f,  4.572f, 0.0108f,
        -1.533f,  -2.315f, -1.232f, -1.291f, -1.201f, -0.9425f, 2.343f, 0.1799f };
static const float out_weights[HIDDEN]
    = { -1.714f, 1.357f,  -1.276f, 1.354f, 1.257f,  1.654f, -1.395f, 1.292f,
        -1.529f, -1.324f, -1.311f, 1.578f, -1.521f, 1.6f,   -1.254f, -1.523f };
static const float out_bias = -0.4461f;

typedef struct
{
  int     width;
  int     height;
  double  odds;    /* added to the logarithm of the odds of every mark */
  double  certain; /* the share that is asked for, 0..1 */
  float  *shares;  /* (H, W) the share expected of the pixels that a mark added, else 0 */
  guint8 *rims;    /* (H, W) (nullable): set to 1 beside the marks taken */
} Choice;

/* The share of @mark that is damage, 0..1. */
static double
judge (const HlMark *mark, double odds)
{
  double sum = odds + out_bias;

  for (int unit = 0; unit < HIDDEN; unit++)
    {
      double unit_sum = hidden_bias[unit];

      for (int i = 0; i < HL_MARK_FEATURES; i++)
        unit_sum += hidden_weights[unit][i] * mark->features[i];
      sum += out_weights[unit] * tanh (unit_sum);
    }
  return 1.0 / (1.0 + exp (-sum));
}

/* Marks the pixels around @mark that are a part of its rim, which a scan blurs. */
static void
add_rim (Choice *choice, const HlMark *mark)
{
  double top = exp (mark->features[HL_MARK_TOP]);

  for (gsize k = 0; k < mark->n; k++)
    {
      int x = mark->pixels[k] % choice->width, y = mark->pixels[k] / choice->width;

      for (int j = MAX (y - 1, 0); j <= MIN (y + 1, choice->height - 1); j++)
        for (int i = MAX (x - 1, 0); i <= MIN (x + 1, choice->width - 1); i++)
          {
            gsize at = (gsize) j * choice->width + i;

            choice->rims[at] |= mark->tops[at] > RIM * top;
          }
    }
}

/* Takes @mark where it is damage and so is what it adds to those already taken. */
static void
consider (const HlMark *mark, gpointer user_data)
{
  Choice *choice = user_data;
  double  share = judge (mark, choice->odds), known = 0.0, gain;
  gsize   added = 0;

  if (share <= choice->certain)
    return;
  for (gsize k = 0; k < mark->n; k++)
    {
      known += choice->shares[mark->pixels[k]];
      added += choice->shares[mark->pixels[k]] == 0.0f;
    }
  gain = share * mark->n - known;
  if (added == 0 || gain <= choice->certain * added)
    return;
  for (gsize k = 0; k < mark->n; k++)
    if (choice->shares[mark->pixels[k]] == 0.0f)
      choice->shares[mark->pixels[k]] = gain / added;
  if (choice->rims)
    add_rim (choice, mark);
}

static gboolean
check_sensitivity (double sensitivity, GError **error)
{
  if (sensitivity >= 0.0 && sensitivity <= 100.0)
    return TRUE;
  g_set_error (error, HL_ERROR, HL_ERROR_SETTING,
               "A sensitivity of %g cannot be used: choose 0 to 100.", sensitivity);
  return FALSE;
}

/**
 * hl_detect_choose:
 * @field: what stands out of a photograph
 * @evidence: (H, W) (nullable): 0 where a pixel is transparent or not a number, and never
 *   damage; %NULL: nowhere
 * @sensitivity: 0 (only what is beyond doubt) .. 100 (all that could be); usually
 *   %HL_DETECT_SENSITIVITY
 * @control: to cancel and to follow the work; @stop and @result are not looked at
 * @error: return location for a #GError
 *
 * Chooses which of the marks of a photograph are damage. The result depends on nothing but the
 * arguments.
 *
 * Returns: (transfer full): (H, W), row-major: 1 where there is damage, else 0; or %NULL
 *   with %HL_ERROR_SETTING, %HL_ERROR_MEMORY or %G_IO_ERROR_CANCELLED
 */
float *
hl_detect_choose (HlMarkField *field, const guint8 *evidence, double sensitivity,
                  const HlProgress *control, GError **error)
{
  const HlProgress controls[]
      = { hl_progress_part (control, 0, 0.5), hl_progress_part (control, 0.5, 1) };
  Choice             choice = { .certain = VERY_CERTAIN };
  g_autofree float  *shares = NULL;
  g_autofree guint8 *rims   = NULL;
  gsize              n, found = 0;

  if (!check_sensitivity (sensitivity, error))
    return NULL;
  hl_mark_field_get_size (field, &choice.width, &choice.height);
  n      = (gsize) choice.width * choice.height;
  shares = g_try_new0 (float, n);
  rims   = g_try_new0 (guint8, n);
  if (!shares || !rims)
    {
      hl_error_set_memory (error, choice.width, choice.height);
      return NULL;
    }

  choice.shares = shares;
  choice.odds   = STEP * (sensitivity - HL_DETECT_SENSITIVITY) - CAUTION;
  if (!hl_mark_field_visit (field, consider, &choice, &controls[0], error))
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      found += shares[i] > 0.0f;
      shares[i] = 0.0f;
    }

  choice.odds += MIN (TRUST * log (((double) found / n + LEAST_SHARE) / USUAL_SHARE), 0.0);
  choice.certain = CERTAIN;
  choice.rims    = rims;
  if (!hl_mark_field_visit (field, consider, &choice, &controls[1], error))
    return NULL;
  for (gsize i = 0; i < n; i++)
    shares[i] = (shares[i] > 0.0f || rims[i]) && (!evidence || evidence[i]) ? 1.0f : 0.0f;
  return g_steal_pointer (&shares);
}

/**
 * hl_detect:
 * @image: a photograph, of which at least a part is sound
 * @evidence: (H, W) (nullable): as for hl_detect_choose()
 * @sensitivity: 0..100, as for hl_detect_choose()
 * @size: the largest width of scratches and specks, pixels, 1..%HL_DETECT_LARGEST_SIZE;
 *   usually %HL_DETECT_SIZE
 * @control: as for hl_detect_choose()
 * @error: return location for a #GError
 *
 * Finds scratches, hairs and specks that are brighter or darker than what is around them.
 * Wide stains, creases and missing parts are not found. Time is proportional to the number of
 * pixels and, mildly, to @size.
 *
 * Returns: (transfer full): as hl_detect_choose(), and with the same errors
 */
float *
hl_detect (const HlImage *image, const guint8 *evidence, double sensitivity, int size,
           const HlProgress *control, GError **error)
{
  const HlProgress controls[]
      = { hl_progress_part (control, 0, 0.4), hl_progress_part (control, 0.4, 1) };
  g_autoptr (HlMarkField) field = NULL;

  if (!check_sensitivity (sensitivity, error))
    return NULL;
  if (size < 1 || size > HL_DETECT_LARGEST_SIZE)
    {
      g_set_error (error, HL_ERROR, HL_ERROR_SETTING,
                   "A width of %d pixels cannot be used: choose 1 to %d.", size,
                   HL_DETECT_LARGEST_SIZE);
      return NULL;
    }
  field = hl_mark_field_new (image, size, &controls[0], error);
  return field ? hl_detect_choose (field, evidence, sensitivity, &controls[1], error) : NULL;
}
