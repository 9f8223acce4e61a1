#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "module.h"
#include "placement.h"

/* Each allocation stands on pages of its own, 1.2 GB of them at the end of all imports: those of its pages that a child has had to copy
 * after a call then say which objects the call wrote to. */

enum { kPageBytes = 4096, kPagesMax = 1 << 22, kTalliesMax = 1 << 22 };
/* What `key_of_page` holds for the second page of an allocation and those after it. */
static const uint64_t kContinued = 1;

static struct allocator under;
static char *pages, *pages_next; /* NULL: not learning */
static uint64_t* key_of_page;
static void* free_pages; /* each holds the address of the next */
static int ended;

/* How often a key was met, and how often a call wrote to what it stands for. */
struct tally {
  uint64_t key;
  uint32_t met, written;
};
static struct tally* tallies;

static struct tally* tally_of(uint64_t key) {
  size_t i = key % kTalliesMax;
  while (tallies[i].key != 0 && tallies[i].key != key) i = (i + 1) % kTalliesMax;
  tallies[i].key = key;
  return &tallies[i];
}

/* Before the block, on its first page; as large as blocks are aligned. */
struct head {
  size_t bytes;
  uint64_t key;
};

static struct head* head_of(void* block) { return (struct head*)((char*)block - sizeof(struct head)); }
static size_t pages_for(size_t bytes) { return (bytes + sizeof(struct head) + kPageBytes - 1) / kPageBytes; }
static uint64_t* key_at(const void* page) { return &key_of_page[((const char*)page - pages) / kPageBytes]; }
static int is_ours(const void* block) { return (const char*)block >= pages && (const char*)block < pages_next; }

static void* take_pages(size_t bytes, uint64_t key) {
  const size_t count = pages_for(bytes);
  char* page = NULL;
  if (count == 1 && free_pages != NULL) {
    page = free_pages;
    memcpy(&free_pages, page, sizeof free_pages);
  } else {
    if ((size_t)(pages_next - pages) / kPageBytes + count > kPagesMax) return NULL;
    page = pages_next;
    pages_next += count * kPageBytes;
  }
  struct head* const head = (struct head*)page;
  *head = (struct head){bytes, key};
  *key_at(page) = key;
  for (size_t i = 1; i < count; ++i) *key_at(page + i * kPageBytes) = kContinued;
  return head + 1;
}

static void give_pages(void* block) {
  struct head* const head = head_of(block);
  const size_t count = pages_for(head->bytes);
  for (size_t i = 0; i < count; ++i) *key_at((char*)head + i * kPageBytes) = 0;
  if (count > 1) {
    madvise(head, count * kPageBytes, MADV_DONTNEED);
    return;
  }
  memcpy(head, &free_pages, sizeof free_pages);
  free_pages = head;
}

static void* take(void* context, size_t bytes) {
  if (ended) return under.take(context, bytes);
  const uint64_t key = wardian_placement_key(bytes);
  if (key != 0) ++tally_of(key)->met;
  return take_pages(bytes, key);
}

static void* take_zeroed(void* context, size_t count, size_t bytes) {
  if (ended) return under.take_zeroed(context, count, bytes);
  void* const block = take(context, count * bytes);
  if (block != NULL) memset(block, 0, count * bytes);
  return block;
}

static void release(void* context, void* block) {
  if (!is_ours(block)) {
    under.release(context, block);
  } else if (!ended) { /* a child writes to no page only to give it back */
    give_pages(block);
  }
}

/* As the same object: placement does not count it anew either. */
static void* resize(void* context, void* block, size_t bytes) {
  if (block == NULL) return take(context, bytes);
  if (!is_ours(block)) return under.resize(context, block, bytes);
  const struct head head = *head_of(block);
  void* const moved = ended ? under.take(context, bytes) : take_pages(bytes, head.key);
  if (moved == NULL) return NULL;
  memcpy(moved, block, head.bytes < bytes ? head.bytes : bytes);
  release(context, block);
  return moved;
}

static void* reserve(size_t bytes) {
  void* const at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? NULL : at;
}

void wardian_learn_placement(void) {
  pages = pages_next = reserve((size_t)kPagesMax * kPageBytes);
  key_of_page = reserve((size_t)kPagesMax * sizeof *key_of_page);
  tallies = reserve((size_t)kTalliesMax * sizeof *tallies);
  const struct allocator ours = {NULL, take, take_zeroed, resize, release};
  if (pages == NULL || key_of_page == NULL || tallies == NULL || wardian_interpose(&ours, &under) != 0) {
    pages = NULL;
    return;
  }
  madvise(pages, (size_t)kPagesMax * kPageBytes, MADV_NOHUGEPAGE);
}

/* --- What a child has written to ---------------------------------------------------------------------------------------------------- */

/* 0, or -1 with errno. */
static int note_written(int pagemap) {
  static const uint64_t kPresent = 1ULL << 63, kExclusive = 1ULL << 56;
  static uint64_t entries[1 << 16];
  const size_t count = (size_t)(pages_next - pages) / kPageBytes;
  uint64_t key = 0, key_noted = 0;
  for (size_t first = 0; first < count; first += sizeof entries / sizeof entries[0]) {
    const off_t place = (off_t)(((size_t)pages / kPageBytes + first) * sizeof entries[0]);
    const ssize_t read = pread(pagemap, entries, sizeof entries, place);
    if (read <= 0) return -1;
    for (size_t i = 0; i < (size_t)read / sizeof entries[0] && first + i < count; ++i) {
      if (key_of_page[first + i] != kContinued) {
        key = key_of_page[first + i];
        key_noted = 0;
      }
      /* Only this process has the page: it is a copy of the zygote's. */
      const int written = (entries[i] & kPresent) != 0 && (entries[i] & kExclusive) != 0;
      if (!written || key == 0 || key == key_noted) continue;
      ++tally_of(key)->written;
      key_noted = key;
    }
  }
  return 0;
}

PyObject* wardian_learnt_placement(PyObject* self, PyObject* nothing) {
  (void)self;
  (void)nothing;
  if (pages == NULL) return PyErr_Format(PyExc_OSError, "this interpreter's allocations cannot be followed");
  const int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  const int noted = pagemap >= 0 ? note_written(pagemap) : -1;
  if (noted != 0) return wardian_raise("cannot read the page map");
  close(pagemap);
  uint64_t* const keys = malloc(kPlacementKeysMax * sizeof *keys);
  size_t count = 0;
  /* A key that mostly stands for something else would fill the place with that. */
  for (size_t i = 0; keys != NULL && i < kTalliesMax && count < kPlacementKeysMax; ++i)
    if (tallies[i].written * 2 > tallies[i].met) keys[count++] = tallies[i].key;
  PyObject* const result = PyBytes_FromStringAndSize((const char*)keys, (Py_ssize_t)(count * sizeof *keys));
  free(keys);
  return result;
}

/* A child's allocations are not the zygote's. */
PyObject* wardian_end_learning(PyObject* self, PyObject* nothing) {
  (void)self;
  (void)nothing;
  ended = 1;
  Py_RETURN_NONE;
}
