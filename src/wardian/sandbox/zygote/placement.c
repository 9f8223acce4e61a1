#define _GNU_SOURCE
#include "placement.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module.h"

enum { kUnitBytes = 16 };
/* Objects so small are seldom written to, and many of them are numbers: that a file belongs to user 0 takes none, to user 1000 one. */
enum { kIgnoredBytes = 32 };
/* One so large is a landmark, the text of a compiled module above all. What came before it does not count: the order of some sets, and
 * so of some allocations, differs from run to run. */
enum { kLandmarkBytes = 4096 };
enum { kWindow = 48, kStrideShift = 6 };
/* Of the place for placed objects; and the largest of them, of which a call writes to a part only. */
enum { kPlacedBytes = 1 << 20, kObjectBytesMax = 16 << 10 };

uint64_t wardian_placement_key(size_t bytes) {
  if (bytes <= kIgnoredBytes) return 0;
  /* A hash that rolls: what enters the window is added, what leaves it is taken off again. */
  static const uint64_t kFactor = 0x9E3779B97F4A7C15ULL;
  static uint64_t window[kWindow], hash, leaving_factor, landmark, since_landmark;
  static size_t next;
  if (leaving_factor == 0) {
    leaving_factor = 1;
    for (int i = 0; i < kWindow; ++i) leaving_factor *= kFactor;
  }
  const uint64_t value = (bytes + kUnitBytes - 1) / kUnitBytes * 0xFF51AFD7ED558CCDULL + 1;
  hash = hash * kFactor + value - window[next] * leaving_factor;
  window[next] = value;
  next = next + 1 == kWindow ? 0 : next + 1;
  ++since_landmark;
  if (bytes > kLandmarkBytes) {
    landmark = value * 0xD6E8FEB86659FD93ULL;
    since_landmark = 0;
  }
  const uint64_t key = hash ^ (hash >> 29) ^ landmark ^ ((since_landmark >> kStrideShift) + 1) * 0xA0761D6478BD642FULL;
  return key > 1 ? key : 2;
}

/* --- Python's allocators ------------------------------------------------------------------------------------------------------------ */

enum domain { kMemory = 1, kObjects = 2 }; /* as PyMemAllocatorDomain numbers them */

static void exchange_allocator(const char* function, enum domain domain, struct allocator* allocator) {
  void (*const call)(int, struct allocator*) = (void (*)(int, struct allocator*))dlsym(RTLD_DEFAULT, function);
  if (call != NULL) call(domain, allocator);
}

void wardian_set_allocator(const struct allocator* ours) {
  struct allocator copy = *ours;
  exchange_allocator("PyMem_SetAllocator", kMemory, &copy);
  exchange_allocator("PyMem_SetAllocator", kObjects, &copy);
}

int wardian_interpose(const struct allocator* ours, struct allocator* under) {
  struct allocator objects = {0}, memory = {0};
  exchange_allocator("PyMem_GetAllocator", kObjects, &objects);
  exchange_allocator("PyMem_GetAllocator", kMemory, &memory);
  if (objects.take == NULL || memcmp(&objects, &memory, sizeof objects) != 0) return -1;
  *under = objects;
  struct allocator above = *ours;
  above.context = objects.context;
  wardian_set_allocator(&above);
  return 0;
}

/* --- Known objects side by side ----------------------------------------------------------------------------------------------------- */

static struct allocator under;
static char *placed, *placed_next;                       /* NULL: nothing is placed */
static uint16_t placed_units[kPlacedBytes / kUnitBytes]; /* how large the object is that begins here */
static size_t placed_count;

/* The keys, as an open hash table, and before it one bit for many of them: nearly every allocation ends there. */
enum { kSlots = 2 * kPlacementKeysMax, kBits = 1 << 19 };
static struct keys {
  uint64_t slots[kSlots];
  uint8_t bits[kBits / 8];
}* keys;

static int is_known(uint64_t key) {
  if ((keys->bits[key % kBits / 8] >> (key % 8) & 1) == 0) return 0;
  for (size_t i = key / kBits % kSlots; keys->slots[i] != 0; i = (i + 1) % kSlots)
    if (keys->slots[i] == key) return 1;
  return 0;
}

static void add_key(uint64_t key) {
  keys->bits[key % kBits / 8] |= (uint8_t)(1 << (key % 8));
  size_t i = key / kBits % kSlots;
  while (keys->slots[i] != 0) i = (i + 1) % kSlots;
  keys->slots[i] = key;
}

static int is_placed(const void* block) { return (size_t)((const char*)block - placed) < kPlacedBytes; }

/* All zeros: nothing here is used twice. NULL for what is to lie elsewhere. */
static void* take_placed(size_t bytes) {
  const uint64_t key = wardian_placement_key(bytes);
  if (key == 0 || !is_known(key) || bytes > kObjectBytesMax) return NULL;
  const size_t units = (bytes + kUnitBytes - 1) / kUnitBytes;
  if ((size_t)(placed + kPlacedBytes - placed_next) < units * kUnitBytes) return NULL;
  char* const block = placed_next;
  placed_next += units * kUnitBytes;
  placed_units[(block - placed) / kUnitBytes] = (uint16_t)units;
  ++placed_count;
  return block;
}

static void* take(void* context, size_t bytes) {
  void* const block = take_placed(bytes);
  return block != NULL ? block : under.take(context, bytes);
}

static void* take_zeroed(void* context, size_t count, size_t bytes) {
  void* const block = take_placed(count * bytes); /* Python has looked for an overflow */
  return block != NULL ? block : under.take_zeroed(context, count, bytes);
}

static void release(void* context, void* block) {
  if (!is_placed(block)) under.release(context, block);
}

/* What grows leaves: it was known as small as it was. */
static void* resize(void* context, void* block, size_t bytes) {
  if (!is_placed(block)) return block == NULL && keys != NULL ? take(context, bytes) : under.resize(context, block, bytes);
  const size_t old_bytes = placed_units[((char*)block - placed) / kUnitBytes] * kUnitBytes;
  if (bytes <= old_bytes) return block;
  void* const larger = under.take(context, bytes);
  if (larger != NULL) memcpy(larger, block, old_bytes);
  return larger;
}

void wardian_place(const char* path) {
  struct {
    char mark[kPlacementMarkBytes];
    uint64_t keys[kPlacementKeysMax];
  }* const file = malloc(sizeof *file);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t size = fd >= 0 && file != NULL ? read(fd, file, sizeof *file) : -1;
  if (fd >= 0) close(fd);
  if (size > kPlacementMarkBytes && memcmp(file->mark, WARDIAN_PLACEMENT_MARK, kPlacementMarkBytes) == 0) {
    keys = calloc(1, sizeof *keys);
    placed = placed_next = keys != NULL ? wardian_take_heap(kPlacedBytes) : NULL;
    for (size_t i = 0; placed != NULL && i < (size_t)(size - kPlacementMarkBytes) / sizeof file->keys[0]; ++i)
      add_key(file->keys[i]);
    const struct allocator ours = {NULL, take, take_zeroed, resize, release};
    if (placed != NULL && wardian_interpose(&ours, &under) != 0) placed = NULL;
  }
  free(file);
}

PyObject* wardian_end_placement(PyObject* self, PyObject* nothing) {
  (void)self;
  (void)nothing;
  if (placed != NULL) {
    /* From here on only what is given back must be looked at. */
    const struct allocator ours = {under.context, under.take, under.take_zeroed, resize, release};
    wardian_set_allocator(&ours);
    free(keys);
    keys = NULL;
  }
  return PyLong_FromSize_t(placed_count);
}
