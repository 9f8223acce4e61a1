#include <stdlib.h>

#include "module.h"
#include "placement.h"

/* Preloaded (LD_PRELOAD), this module is there before Python has made its first object. The launch says what for. */
__attribute__((constructor)) static void before_python(void) {
  static const char kPlace[] = "WARDIAN_PLACEMENT", kLearn[] = "WARDIAN_LEARN_PLACEMENT";
  const char* const path = getenv(kPlace);
  const char* const learn = getenv(kLearn);
  if (path == NULL && learn == NULL) return;
  /* Asked for other allocators, Python would put them in the place of ours, and be given back what they do not know. */
  const int others = getenv("PYTHONMALLOC") != NULL || getenv("PYTHONDEVMODE") != NULL;
  if (!others && wardian_reserve_heap() == 0) {
    if (learn != NULL) {
      wardian_learn_placement();
    } else {
      wardian_place(path);
    }
  }
  /* Nothing of it for the script's eyes, nor for a program that it would start. */
  unsetenv(kPlace);
  unsetenv(kLearn);
  unsetenv("LD_PRELOAD");
}
