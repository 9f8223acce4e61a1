#define _GNU_SOURCE
#include "module.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/* Python's objects in one region of ours, which is put into a file once all imports are done: a fork then copies no page tables for
 * what nobody touches, and a child that dies has less to take down. */

enum { kPageBytes = 4096 };
/* Of addresses only: what is not handed out is closed to every access, so that RLIMIT_DATA, which counts what may be written to, does
 * not take a gibibyte for occupied before a script has made one object. */
static const size_t kRegionBytes = (size_t)1 << 30;

static char *region, *region_next;
static int in_child;

static size_t whole_pages(size_t bytes) { return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes; }

/* Python asks for arenas of 256 KiB or 1 MiB, now and then, and seldom gives one back. */
static void* take_arena(void* context, size_t bytes) {
  (void)context;
  bytes = whole_pages(bytes);
  if (!in_child && (size_t)(region + kRegionBytes - region_next) >= bytes) {
    void* const arena = region_next;
    if (mprotect(arena, bytes, PROT_READ | PROT_WRITE) != 0) return NULL;
    region_next += bytes;
    return arena;
  }
  void* const arena = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return arena == MAP_FAILED ? NULL : arena;
}

static void give_arena(void* context, void* arena, size_t bytes) {
  (void)context;
  bytes = whole_pages(bytes);
  if ((char*)arena >= region && (char*)arena < region_next) {
    /* The zygote's region stays whole: it will be one piece of a file. */
    madvise(arena, bytes, MADV_DONTNEED);
    if (in_child) mprotect(arena, bytes, PROT_NONE);
  } else {
    munmap(arena, bytes);
  }
}

void wardian_heap_in_child(void) { in_child = 1; }

int wardian_reserve_heap(void) {
  if (region != NULL) return 0;
  /* Not in the stable ABI, but in every CPython since 3.4, as is the struct. */
  struct arenas {
    void* context;
    void* (*take)(void*, size_t);
    void (*give)(void*, void*, size_t);
  };
  void (*const set)(struct arenas*) = (void (*)(struct arenas*))dlsym(RTLD_DEFAULT, "PyObject_SetArenaAllocator");
  void* const reserved = mmap(NULL, kRegionBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (set == NULL || reserved == MAP_FAILED) return -1;
  region = region_next = reserved;
  struct arenas ours = {NULL, take_arena, give_arena};
  set(&ours);
  return 0;
}

void* wardian_take_heap(size_t bytes) { return region == NULL ? NULL : take_arena(NULL, bytes); }

PyObject* wardian_own_heap(PyObject* self, PyObject* nothing) {
  (void)self;
  (void)nothing;
  return PyBool_FromLong(wardian_reserve_heap() == 0);
}

/* Copies [begin, end) into the file and maps the copy, privately, in its place. A piece of the file has the place of its addresses:
 * pieces cannot meet, and the C library may let one grow. */
static int move_to_file(int fd, char* begin, char* end) {
  for (char* from = begin; from < end;) {
    const ssize_t written = pwrite(fd, from, (size_t)(end - from), (off_t)(size_t)from);
    if (written <= 0) return -1;
    from += written;
  }
  /* Between the last copied byte and the map nothing here writes to the heap. */
  const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
  return mmap(begin, (size_t)(end - begin), PROT_READ | PROT_WRITE, flags, fd, (off_t)(size_t)begin) == MAP_FAILED ? -1 : 0;
}

PyObject* wardian_move_heap(PyObject* self, PyObject* arguments) {
  (void)self;
  int fd = -1;
  unsigned long long heap_begin = 0;
  if (!PyArg_ParseTuple(arguments, "iK", &fd, &heap_begin)) return NULL;
  /* To the end of all addresses, so that no growth can reach beyond the file. */
  if (region == NULL || ftruncate(fd, (off_t)1 << 47) != 0) return wardian_raise("cannot move the heap");
  char* const region_end = region_next;
  if (move_to_file(fd, region, region_end) != 0) return wardian_raise("cannot move Python's objects");
  char* const heap_end = (char*)((size_t)sbrk(0) / kPageBytes * kPageBytes);
  if (heap_begin != 0 && move_to_file(fd, (char*)(size_t)heap_begin, heap_end) != 0)
    return wardian_raise("cannot move the C library's heap");
  return PyLong_FromSize_t((size_t)(region_end - region) +
                           (heap_begin != 0 ? (size_t)(heap_end - (char*)(size_t)heap_begin) : 0));
}
