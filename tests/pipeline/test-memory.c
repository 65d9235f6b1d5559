/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation of a restoration fails once, and then everything from there on.
 *
 * The allocator's functions are taken over for the whole program, GLib, FFTW and OpenBLAS
 * included.  Each run is a process of its own, in which the n-th allocation fails: it must end
 * with a message or with a result, and must have freed what it took.  GLib ends the program
 * where a small piece is not to be had; that is counted, and allowed for less than SMALL bytes,
 * which none of the picture's planes is.  What FFTW takes while it plans and OpenBLAS for its small
 * products never fails here: the one ends the program then, and the other does not look. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "denoiser.h"
#include "restore/blur/blur_spectrum.h"
#include "restore/find/find.h"
#include "restore/error.h"
#include "restore/mask.h"
#include "restore/restore.h"

/* Even a byte for each pixel is more than SMALL. */
#define WIDTH 700
#define HEIGHT 24
#define PIXELS (WIDTH * HEIGHT)
#define SMALL 16384

/* The sanitizers have allocators of their own. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define OTHER_ALLOCATOR 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OTHER_ALLOCATOR 1
#endif
#endif

/* What is to fail, in memory that the processes share.  An allocator has no other place for
 * it than a global. */
typedef struct
{
  gboolean armed;
  gint     seen, live; /* allocations; blocks that are not freed */
  gint     at;         /* the one that fails */
  gboolean onward;     /* all that follow and are not small fail too */
  gint     failed;
  gsize    size; /* of the first that failed */
} Faults;

static Faults *faults;

/* There where coverage is measured, which a process that ends at once would not count. */
void __gcov_dump (void) __attribute__ ((weak));

#ifndef OTHER_ALLOCATOR

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *block, size_t size);
void *__libc_memalign (size_t align, size_t size);
void  __libc_free (void *block);

static gboolean
is_from (const void *caller, const char *library)
{
  Dl_info info;

  return dladdr (caller, &info) && info.dli_fname && strstr (info.dli_fname, library);
}

static gboolean
fails (gsize size, const void *caller)
{
  gint number;

  if (!faults || !faults->armed || is_from (caller, "blas") || is_from (caller, "fftw"))
    return FALSE;
  number = g_atomic_int_add (&faults->seen, 1) + 1;
  if (number != faults->at && !(faults->onward && number > faults->at && size >= SMALL))
    return FALSE;
  if (g_atomic_int_add (&faults->failed, 1) == 0)
    faults->size = size;
  errno = ENOMEM;
  return TRUE;
}

static void *
count (void *block)
{
  if (block && faults && faults->armed)
    g_atomic_int_inc (&faults->live);
  return block;
}

void *
malloc (size_t size)
{
  return fails (size, __builtin_return_address (0)) ? NULL : count (__libc_malloc (size));
}

void *
calloc (size_t n, size_t size)
{
  return fails (n * size, __builtin_return_address (0)) ? NULL : count (__libc_calloc (n, size));
}

void *
realloc (void *block, size_t size)
{
  void *moved = fails (size, __builtin_return_address (0)) ? NULL : __libc_realloc (block, size);

  return block ? moved : count (moved);
}

static void *
take_aligned (size_t align, size_t size, const void *caller)
{
  return fails (size, caller) ? NULL : count (__libc_memalign (align, size));
}

void *
memalign (size_t align, size_t size)
{
  return take_aligned (align, size, __builtin_return_address (0));
}

void *
aligned_alloc (size_t align, size_t size)
{
  return take_aligned (align, size, __builtin_return_address (0));
}

int
posix_memalign (void **block, size_t align, size_t size)
{
  void *made = take_aligned (align, size, __builtin_return_address (0));

  if (made)
    *block = made;
  return made ? 0 : ENOMEM;
}

void
free (void *block)
{
  if (block && faults && faults->armed)
    g_atomic_int_add (&faults->live, -1);
  __libc_free (block);
}

#endif

typedef struct
{
  const char *name;
  gboolean (*run) (const char *weights, GError **error);
  int step; /* from one allocation that fails to the next */
} Work;

static HlImage *
draw_new (int channels)
{
  HlImage *image = hl_image_new (channels, WIDTH, HEIGHT, NULL);

  for (int i = 0; image && i < channels * PIXELS; i++)
    image->planes[i] = 0.5 + 0.3 * sin (0.02 * i) + 0.02 * (i * 7 % 11) / 11;
  return image;
}

/* Specks, far from each other. */
static float *
mask_new (void)
{
  float *mask = g_try_new0 (float, PIXELS);

  for (int i = 0; mask && i < PIXELS; i++)
    mask[i] = i / WIDTH > 8 && i / WIDTH < 12 && i % WIDTH % 500 >= 100 && i % WIDTH % 500 < 104;
  return mask;
}

static gboolean
restore (const HlRestoreSettings *settings, GError **error)
{
  g_autoptr (HlImage) image    = draw_new (1);
  g_autofree float *mask       = mask_new ();
  g_autoptr (HlImage) restored = NULL;

  if (!image || !mask)
    {
      hl_error_set_memory (error, WIDTH, HEIGHT);
      return FALSE;
    }
  restored = hl_mask_grow (mask, WIDTH, HEIGHT, 1, NULL, error)
                 ? hl_restore (image, mask, NULL, settings, NULL, NULL, error)
                 : NULL;
  return restored != NULL;
}

static gboolean
run_prior (const char *weights, GError **error)
{
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  settings.weights = weights;
  settings.threads = 2;
  return restore (&settings, error);
}

static gboolean
run_deblur (const char *weights, GError **error)
{
  g_autoptr (HlPsf) psf = hl_psf_new_gaussian (1.5, 1.5, 0);
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  settings.method        = HL_METHOD_UNTRAINED;
  settings.iterations    = 0;
  settings.deblur        = HL_DEBLUR_KNOWN;
  settings.deblur_method = HL_DEBLUR_TV;
  settings.psf           = psf;
  settings.auto_noise    = FALSE;
  settings.grain         = 0;
  return restore (&settings, error);
}

static gboolean
run_denoise (const char *weights, GError **error)
{
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  settings.weights    = weights;
  settings.threads    = 1;
  settings.denoise    = TRUE;
  settings.auto_noise = FALSE;
  return restore (&settings, error);
}

static gboolean
run_deep (const char *weights, GError **error)
{
  HlRestoreSettings settings;

  hl_restore_settings_init (&settings);
  settings.method     = HL_METHOD_DEEP;
  settings.weights    = weights;
  settings.threads    = 1;
  settings.iterations = 1;
  settings.auto_noise = FALSE;
  settings.grain      = 0;
  return restore (&settings, error);
}

/* What the search for a blur looks at. */
static gboolean
run_spectrum (const char *weights, GError **error)
{
  g_autoptr (HlImage) image           = hl_image_new (1, 256, 128, error);
  g_autofree float *known             = g_try_new (float, 256 * 128);
  g_autoptr (HlBlurSpectrum) spectrum = NULL;

  for (int i = 0; image && known && i < 256 * 128; i++)
    {
      image->planes[i] = 0.5 + 0.3 * sin (0.02 * i) + 0.1 * (i % 80 / 9 % 2);
      known[i]         = 1;
    }
  if (image && !known)
    hl_error_set_memory (error, 256, 128);
  if (image && known)
    spectrum = hl_blur_spectrum_new (image, known, NULL, error);
  return spectrum && spectrum->windows == 3;
}

static gboolean
run_detect (const char *weights, GError **error)
{
  const HlProgress     none     = { 0 };
  const HlFindSettings settings = { .threads = 1 };
  g_autoptr (HlImage) image     = draw_new (3);
  g_autoptr (HlFound) found     = NULL;

  if (image)
    found = hl_find_run (image, NULL, NULL, &settings, &none, error);
  else
    hl_error_set_memory (error, WIDTH, HEIGHT);
  return found != NULL;
}

static const Work works[] = {
  { "prior", run_prior, 1 },   { "denoise", run_denoise, 1 }, { "deep", run_deep, 1 },
  { "deblur", run_deblur, 3 }, { "detect", run_detect, 1 },   { "spectrum", run_spectrum, 1 },
};

/* How a run ended, as the exit status of its process. */
enum
{
  GOOD,  /* with a result */
  TOLD,  /* with a message that says so */
  LEAKY, /* blocks were left behind */
  WRONG,
};

static int
run_once (const Work *work, const char *weights)
{
  g_autoptr (GError) error = NULL;
  gboolean good;

  faults->armed = TRUE;
  good          = work->run (weights, &error);
  faults->armed = FALSE;
  if (good != (error == NULL))
    return WRONG;
  /* The message's own blocks: the error, and its text. */
  if (faults->live > (error ? 2 : 0))
    return LEAKY;
  if (good)
    return GOOD;
  return strstr (error->message, "memory") || strstr (error->message, "hread") ? TOLD : WRONG;
}

/* Runs @work in a process of its own, in which allocation @at fails. Returns how it ended, as
 * waitpid() does. */
static int
run_failing (const Work *work, const char *weights, int at, gboolean onward)
{
  int   status;
  pid_t child;

  *faults = (Faults) { .at = at, .onward = onward };
  child   = fork ();
  if (child == 0)
    {
      const struct rlimit none = { 0, 0 };

      /* What GLib leaves and says as it ends the program. */
      setrlimit (RLIMIT_CORE, &none);
      if (!g_freopen ("/dev/null", "w", stderr) || !g_freopen ("/dev/null", "w", stdout))
        _exit (WRONG);
      status = run_once (work, weights);
      if (__gcov_dump)
        __gcov_dump ();
      _exit (status);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

static void
test_failing (gconstpointer data)
{
#ifdef OTHER_ALLOCATOR
  g_test_skip ("the sanitizer has an allocator of its own");
#else
  const Work         *work   = data;
  const RandomWeights config = { .width = { 8, 8, 8 }, .blocks = { 1, 1, 1 } };
  g_autoptr (GError) error   = NULL;
  g_autoptr (GBytes) bytes   = random_weights_new (&config);
  g_autofree char *said      = NULL;
  g_autofree char *folder    = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path      = g_build_filename (folder, "weights", NULL);
  int              ended[4] = { 0 }, aborted = 0;
  gsize            largest = 0;

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  faults = mmap (NULL, sizeof (Faults), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (faults != MAP_FAILED);
  /* What libraries keep from their first use on. */
  *faults = (Faults) { 0 };
  g_assert_true (work->run (path, NULL));
  g_assert_false (g_file_get_contents (folder, &said, NULL, &error));
  g_clear_error (&error);
  said = g_format_size (WIDTH);
  g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, said);
  g_clear_error (&error);
  hl_error_set_memory (&error, WIDTH, HEIGHT);
  g_clear_error (&error);

  for (int onward = 0; onward < 2; onward++)
    for (int at = 1 + onward * (work->step / 2);; at += work->step)
      {
        int status = run_failing (work, path, at, onward);

        if (faults->failed == 0)
          {
            g_assert_true (WIFEXITED (status));
            g_assert_cmpint (WEXITSTATUS (status), ==, GOOD);
            break;
          }
        if (WIFEXITED (status) && WEXITSTATUS (status) < LEAKY)
          ended[WEXITSTATUS (status)]++;
        else if (WIFSIGNALED (status) && WTERMSIG (status) != SIGSEGV && WTERMSIG (status) != SIGBUS
                 && faults->size < SMALL)
          {
            aborted++;
            largest = MAX (largest, faults->size);
          }
        else
          {
            g_test_message ("allocation %d of %" G_GSIZE_FORMAT " bytes%s: status %#x", at,
                            faults->size, onward ? ", and what followed" : "", status);
            g_test_fail ();
          }
      }
  g_test_message (
      "%d with a message, %d with a result, %d ended by GLib, for up to %" G_GSIZE_FORMAT " bytes",
      ended[TOLD], ended[GOOD], aborted, largest);
  g_assert_cmpint (ended[TOLD], >, 5);
  munmap (faults, sizeof (Faults));
  faults = NULL;
  g_remove (path);
  g_rmdir (folder);
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      g_autofree char *path = g_strconcat ("/memory/", works[i].name, NULL);

      g_test_add_data_func (path, &works[i], test_failing);
    }
  return g_test_run ();
}
