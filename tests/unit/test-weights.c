/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of weights: every number of 16 bits, and every way in which a file can be
 * damaged or be something else.  None may crash, and none may be believed. */
#include <errno.h>
#include <math.h>

#include "denoiser.h"
#include "nn/denoiser.h"

#define ONE "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3], \"data_offsets\": [0, 24]}"

static GBytes *
file_new (const char *tensors, const void *data, gsize bytes)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();

  g_byte_array_append (array, data, bytes);
  return weights_file_new (tensors, array);
}

static void
assert_refused (GBytes *file, const char *what)
{
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (file, "some.file", &error);

  if (weights)
    g_test_message ("believed: %s", what);
  g_assert_null (weights);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "some.file"));
  g_assert_nonnull (strstr (error->message, "choose another weights file"));
  g_assert_null (strstr (error->message, "install"));
}

/* A file with another byte at one place. */
static GBytes *
altered (GBytes *file, gsize at, guint8 value)
{
  gsize   length;
  guint8 *bytes = g_memdup2 (g_bytes_get_data (file, &length), g_bytes_get_size (file));

  bytes[at] = value;
  return g_bytes_new_take (bytes, length);
}

static gsize
data_start (GBytes *file)
{
  guint64 header;

  memcpy (&header, g_bytes_get_data (file, NULL), sizeof header);
  return sizeof header + GUINT64_FROM_LE (header);
}

static GBytes *
small_new (void)
{
  const guint32 bits[6]
      = { 0x3f800000, 0xc0490fdb, 0x00000001, 0x7f7fffff, 0x80000000, 0x3eaaaaab };
  guint8 data[24];

  for (int i = 0; i < 24; i++)
    data[i] = bits[i / 4] >> 8 * (i % 4);
  return file_new (ONE, data, sizeof data);
}

static void
test_floats (void)
{
  const float wanted[6]         = { 1, -(float) G_PI, 0x1p-149f, 0x1.fffffep127f, -0.0f, 1 / 3.0f };
  g_autoptr (GBytes) file       = small_new ();
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (file, "some.file", &error);
  const int *shape;

  g_assert_no_error (error);
  g_assert_cmpuint (hl_weights_get_count (weights), ==, 1);
  shape = hl_weights_get_shape (weights, "a");
  g_assert_cmpint (shape[0], ==, 1);
  g_assert_cmpint (shape[1], ==, 2);
  g_assert_cmpint (shape[3], ==, 3);
  g_assert_cmpmem (hl_weights_get (weights, "a", shape), sizeof wanted, wanted, sizeof wanted);
  g_assert_null (hl_weights_get (weights, "a", (int[]) { 2, 1, 1, 3 }));
  g_assert_null (hl_weights_get (weights, "b", shape));
  g_assert_null (hl_weights_get_shape (weights, "b"));
}

/* All 65536: what is finite is read as the definition says, what is not is refused. */
static void
test_halves (void)
{
  g_autoptr (GByteArray) data   = g_byte_array_new ();
  g_autoptr (GBytes) file       = NULL;
  g_autoptr (GError) error      = NULL;
  g_autoptr (HlWeights) weights = NULL;
  const float *w;

  for (int half = 0; half < 65536; half++)
    {
      guint8 bytes[2] = { half & 255, half >> 8 };

      if ((half >> 10 & 31) < 31)
        g_byte_array_append (data, bytes, 2);
      else
        {
          g_autoptr (GBytes) one = file_new (
              "\"a\": {\"dtype\": \"F16\", \"shape\": [1, 1, 1, 1], \"data_offsets\": [0, 2]}",
              bytes, 2);

          assert_refused (one, "a half that is not finite");
        }
    }
  file = weights_file_new (
      "\"a\": {\"dtype\": \"F16\", \"shape\": [62, 1024, 1, 1], \"data_offsets\": [0, 126976]}",
      data);
  weights = hl_weights_new_from_bytes (file, "some.file", &error);
  g_assert_no_error (error);
  w = hl_weights_get (weights, "a", (int[]) { 62, 1024, 1, 1 });
  for (int half = 0, i = 0; half < 65536; half++)
    {
      double exponent = half / 1024 % 32, fraction = half % 1024 / 1024.0;
      double size
          = exponent == 0 ? pow (2, -14) * fraction : pow (2, exponent - 15) * (1 + fraction);

      if (exponent == 31)
        continue;
      g_assert_cmpfloat (fabs (w[i]), ==, size);
      g_assert_cmpint (!!signbit (w[i]), ==, half >= 32768);
      i++;
    }
}

static void
test_cut_off (void)
{
  g_autoptr (GBytes) file   = small_new ();
  gsize              length = g_bytes_get_size (file);
  g_autofree guint8 *longer = g_malloc0 (length + 1);
  g_autoptr (GBytes) more   = NULL;

  for (gsize i = 0; i < length; i++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (file, 0, i);

      assert_refused (part, "a file cut off");
    }
  memcpy (longer, g_bytes_get_data (file, NULL), length);
  more = g_bytes_new (longer, length + 1);
  assert_refused (more, "a byte too many");
}

static void
test_damaged_data (void)
{
  g_autoptr (GBytes) file = small_new ();

  for (gsize i = data_start (file); i < g_bytes_get_size (file); i++)
    for (int bit = 0; bit < 8; bit++)
      {
        const guint8 *bytes      = g_bytes_get_data (file, NULL);
        g_autoptr (GBytes) other = altered (file, i, bytes[i] ^ 1 << bit);

        assert_refused (other, "a bit of the data");
      }
}

/* To install the program again helps where its own weights are damaged, and nowhere else; what
 * cannot be read says why. */
static void
test_advice (void)
{
  g_autoptr (GBytes) file = small_new (), cut = g_bytes_new_from_bytes (file, 0, 20);
  g_autoptr (GError) damaged = NULL, missing = NULL, folder = NULL;

  g_assert_null (hl_weights_new_from_bytes (cut, NULL, &damaged));
  g_assert_error (damaged, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (damaged->message, "install Heirloom again"));
  g_assert_null (hl_weights_load ("/no/such/file", &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (missing->message, g_strerror (ENOENT)));
  g_assert_nonnull (strstr (missing->message, "another weights file"));
  g_assert_null (strstr (missing->message, "install"));
  g_assert_null (hl_weights_load ("/", &folder));
  g_assert_nonnull (strstr (folder->message, "another weights file"));
}

/* Every bit of the header, and every byte by what JSON is made of.  What is still believed
 * (another name, other spaces) holds the same numbers in the same shape. */
static void
test_damaged_header (void)
{
  static const char others[] = "{}[]\",:\\0 9F";
  g_autoptr (GBytes) file    = small_new ();
  const guint8 *bytes        = g_bytes_get_data (file, NULL);
  int           refused = 0, believed = 0;

  for (gsize i = 0; i < data_start (file); i++)
    for (guint j = 0; j < 8 + strlen (others); j++)
      {
        guint8 value                  = j < 8 ? bytes[i] ^ 1 << j : (guint8) others[j - 8];
        g_autoptr (GBytes) other      = altered (file, i, value);
        g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (other, "some.file", NULL);
        const float *w = weights ? hl_weights_get (weights, "a", (int[]) { 1, 2, 1, 3 }) : NULL;

        refused += weights == NULL;
        if (value == bytes[i])
          g_assert_nonnull (w);
        else if (weights)
          believed++;
        if (w)
          g_assert_cmpmem (w, 24, bytes + data_start (file), 24);
      }
  g_test_message ("%d refused, %d believed", refused, believed);
  /* One letter of the tensor's name. */
  g_assert_cmpint (believed, <, 30);
  g_assert_cmpint (refused, >, 2000);
}

static void
test_bad_headers (void)
{
  static const char *const bad[] = {
    "",
    ONE ",",
    ONE "," ONE,
    ONE ", 1",
    "\"a\": []",
    "\"a\": {}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3]}",
    "\"a\": {\"dtype\": \"F64\", \"shape\": [1, 1, 1, 3], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F16\", \"shape\": [1, 2, 1, 3], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [2, 3], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 1, 2, 1, 3], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 0, 3], \"data_offsets\": [0, 0]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, -1, 3], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3.0], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [01, 2, 1, 3], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3,], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3], \"data_offsets\": [0, 25]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 4], \"data_offsets\": [0, 32]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 1, 1, 3], \"data_offsets\": [12, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 1, 1, 3], \"data_offsets\": [0, 12]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3], \"data_offsets\": [24, 0]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3], \"data_offsets\": [0, 24], \"dtype\": \"F32\"}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3], \"data_offsets\": [0, 24], \"more\": \"\"}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [4294967296, 4294967296, 1, 1], \"data_offsets\": [0, 0]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [99999999999999999999, 1, 1, 1], \"data_offsets\": [0, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 2, 1, 3], \"data_offsets\": [0, 18446744073709551640]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 1, 1, 3], \"data_offsets\": [0, 12]}, "
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 1, 1, 3], \"data_offsets\": [12, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 1, 1, 4], \"data_offsets\": [0, 16]}, "
    "\"b\": {\"dtype\": \"F32\", \"shape\": [1, 1, 1, 3], \"data_offsets\": [12, 24]}",
    "\"a\": {\"dtype\": \"F32\", \"shape\": [1, 1, 1, 2], \"data_offsets\": [0, 8]}, "
    "\"b\": {\"dtype\": \"F32\", \"shape\": [1, 1, 1, 3], \"data_offsets\": [12, 24]}",
    "\"a name that is longer than any name in the network\": {\"dtype\": \"F32\", "
    "\"shape\": [1, 2, 1, 3], \"data_offsets\": [0, 24]}",
    "\"__metadata__\": {\"format\": \"heirloom-denoiser-1\"}, " ONE,
  };
  const guint8     data[24]     = { 0 };
  g_autofree char *deep         = g_strnfill (200000, '[');
  g_autofree char *nested       = g_strconcat ("\"a\": {\"shape\": ", deep, NULL);
  g_autoptr (GBytes) good       = file_new (ONE, data, sizeof data);
  g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (good, "some.file", NULL);
  g_autoptr (GBytes) deep_file  = file_new (nested, data, sizeof data);

  /* The same data under a good header is believed, so that each refusal has its own reason. */
  g_assert_nonnull (weights);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) file = file_new (bad[i], data, sizeof data);

      assert_refused (file, bad[i]);
    }
  assert_refused (deep_file, "deep nesting");
}

static void
test_not_finite (void)
{
  static const guint32 bits[] = { 0x7f800000, 0xff800000, 0x7fc00000, 0xff800001 };

  for (guint i = 0; i < G_N_ELEMENTS (bits); i++)
    {
      guint32 data[6]         = { 0, 0, 0, 0, 0, GUINT32_TO_LE (bits[i]) };
      g_autoptr (GBytes) file = file_new (ONE, data, sizeof data);

      assert_refused (file, "a number that is not finite");
    }
}

/* Files of other programs, also with a length that no file has. */
static void
test_foreign (void)
{
  static const char *const other[]
      = { "\x89PNG\r\n\x1a\n and so on", "PK\003\004 and so on, a file of PyTorch",
          "\xff\xff\xff\xff\xff\xff\xff\xff{\"a\": 1}", "\x02\0\0\0\0\0\0\0{}",
          "\xff\xff\xff\xff\xff\xff\xff\x7f{}" };
  static const int lengths[] = { 18, 35, 16, 10, 10 };

  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_autoptr (GBytes) file = g_bytes_new_static (other[i], lengths[i]);

      assert_refused (file, other[i]);
    }
}

static void
test_load (void)
{
  g_autoptr (GError) error  = NULL;
  g_autoptr (GError) folder = NULL;

  g_assert_null (hl_weights_load ("/no/such/file", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/no/such/file"));
  g_assert_null (hl_weights_load ("/", &folder));
  g_assert_nonnull (folder);
}

/* One tensor too few, and one too many. */
static void
test_incomplete_network (void)
{
  static const RandomWeights configs[] = {
    { .width = { 4, 6, 5 }, .blocks = { 1, 2, 1 }, .without = "up0" },
    { .width = { 4, 6, 5 }, .blocks = { 1, 2, 1 }, .without = "dec1.1.b" },
    { .width = { 4, 6, 5 }, .blocks = { 1, 2, 1 }, .with = "enc0.1.b" },
    { .width = { 4, 6, 5 }, .blocks = { 1, 2, 1 }, .with = "bias" },
  };
  g_autoptr (HlPool) pool = hl_pool_new (1);

  for (guint i = 0; i < G_N_ELEMENTS (configs); i++)
    {
      g_autoptr (GError) error      = NULL;
      g_autoptr (GBytes) file       = random_weights_new (&configs[i]);
      g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (file, "some.file", &error);

      g_assert_no_error (error);
      g_assert_null (hl_denoiser_new (weights, pool, 10, 10, 0, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

/* Weights without fault that are not all those of the network. */
static void
test_other_network (void)
{
  const RandomWeights      config    = { .width = { 4, 6, 5 }, .blocks = { 1, 2, 1 } };
  static const char *const renamed[] = { "head.weight",    "tail.weight",     "down1.weight",
                                         "up0.weight",     "enc0.0.a.weight", "enc1.1.b.weight",
                                         "mid.0.b.weight", "dec1.1.a.weight", "dec0.0.b.weight" };
  g_autoptr (GBytes) file            = random_weights_new (&config);
  g_autoptr (HlPool) pool            = hl_pool_new (1);

  for (int i = -1; i < (int) G_N_ELEMENTS (renamed); i++)
    {
      gsize       length;
      const char *start = g_bytes_get_data (file, &length);
      const char *place
          = i < 0 ? NULL : g_strstr_len (start + 8, data_start (file) - 8, renamed[i]);
      g_autoptr (GError) error   = NULL;
      g_autoptr (GBytes) changed = place ? altered (file, place - start, 'x') : g_bytes_ref (file);
      g_autoptr (HlWeights) weights = hl_weights_new_from_bytes (changed, "some.file", &error);
      g_autoptr (HlDenoiser) net    = NULL;

      g_assert_no_error (error);
      net = hl_denoiser_new (weights, pool, 10, 10, 0, &error);
      if (i < 0)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_nonnull (place);
      g_assert_null (net);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, "some.file"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weights/floats", test_floats);
  g_test_add_func ("/weights/halves", test_halves);
  g_test_add_func ("/weights/cut-off", test_cut_off);
  g_test_add_func ("/weights/damaged-data", test_damaged_data);
  g_test_add_func ("/weights/advice", test_advice);
  g_test_add_func ("/weights/damaged-header", test_damaged_header);
  g_test_add_func ("/weights/bad-headers", test_bad_headers);
  g_test_add_func ("/weights/not-finite", test_not_finite);
  g_test_add_func ("/weights/foreign", test_foreign);
  g_test_add_func ("/weights/load", test_load);
  g_test_add_func ("/weights/incomplete-network", test_incomplete_network);
  g_test_add_func ("/weights/other-network", test_other_network);
  return g_test_run ();
}
