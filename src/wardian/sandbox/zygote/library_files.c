#define _GNU_SOURCE
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* A hundred libraries are five hundred maps, and each fork copies them all, with the page tables of every page that the dynamic linker
 * wrote to. Here what they may write goes into a file, mapped privately in its place, so that a fork copies no page table for it; what
 * they only read and execute becomes one map a library; and of that, what calls run goes into another file, in large pages, so that a
 * child maps it with one fault for each 2 MiB instead of one for each 64 KiB. */

enum { kPageBytes = 4096, kRangesMax = 4096, kLargePages = 512, kLargeBytes = kLargePages * kPageBytes };
/* What a fault maps of a file at once: a large page that a call has touched has so many pages in the page table, or more. */
enum { kFaultPages = 16 };

/* Whole pages of a library. */
struct range {
  enum {
    kCode,
    kData,
    kClosed
  } kind; /* headers, code and constants; .data and .bss; of these what only the linker wrote to (RELRO) */
  char *begin, *end;
};

static struct ranges {
  struct range rows[kRangesMax];
  size_t count;
} libraries;

static char* page_of(size_t address) { return (char*)(address / kPageBytes * kPageBytes); }
static char* page_after(size_t address) { return page_of(address + kPageBytes - 1); }

static int note_library(struct dl_phdr_info* info, size_t size, void* context) {
  (void)size;
  struct ranges* const all = context;
  const size_t first = all->count;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)* const part = &info->dlpi_phdr[i];
    if (part->p_type != PT_LOAD && part->p_type != PT_GNU_RELRO) continue;
    const size_t begin = info->dlpi_addr + part->p_vaddr;
    struct range range = {kCode, page_of(begin), page_after(begin + part->p_memsz)};
    if (range.begin == (char*)getauxval(AT_SYSINFO_EHDR)) return 0; /* the kernel's own */
    if (part->p_type == PT_GNU_RELRO) {
      /* As the dynamic linker protects it: up to the last whole page. */
      range.kind = kClosed;
      range.end = page_of(begin + part->p_memsz);
    } else if ((part->p_flags & PF_W) != 0) {
      range.kind = kData;
    } else if (all->count > first && all->rows[all->count - 1].kind == kCode && all->rows[all->count - 1].end == range.begin) {
      all->rows[all->count - 1].end = range.end;
      continue;
    }
    if (range.begin >= range.end) continue;
    if (all->count == kRangesMax) return 1;
    all->rows[all->count++] = range;
  }
  return 0;
}

static void find_libraries(void) {
  libraries.count = 0;
  dl_iterate_phdr(note_library, &libraries);
}

/* How many of these pages, at most kLargePages, are in the page table; -1 when one is not the library's file's any more (a relocation
 * was written there), or nobody knows. */
static int pages_in_table(int pagemap, const char* begin, size_t count) {
  static const uint64_t kPresent = 1ULL << 63, kSwapped = 1ULL << 62, kOfFile = 1ULL << 61;
  uint64_t entries[kLargePages];
  const ssize_t bytes = (ssize_t)(count * sizeof entries[0]);
  if (pread(pagemap, entries, (size_t)bytes, (off_t)((size_t)begin / kPageBytes * sizeof entries[0])) != bytes) return -1;
  int present = 0;
  for (size_t i = 0; i < count; ++i) {
    if ((entries[i] & (kPresent | kSwapped)) != 0 && (entries[i] & kOfFile) == 0) return -1;
    present += (entries[i] & kPresent) != 0;
  }
  return present;
}

PyObject* wardian_forget_code(PyObject* self, PyObject* nothing) {
  (void)self;
  (void)nothing;
  const int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0) return wardian_raise("cannot open the page map");
  find_libraries();
  for (size_t i = 0; i < libraries.count; ++i) {
    if (libraries.rows[i].kind != kCode) continue;
    for (char* begin = libraries.rows[i].begin; begin < libraries.rows[i].end; begin += kLargeBytes) {
      const size_t left = (size_t)(libraries.rows[i].end - begin);
      const size_t bytes = left < kLargeBytes ? left : kLargeBytes;
      /* It comes back from the file at the next touch. */
      if (pages_in_table(pagemap, begin, bytes / kPageBytes) > 0) madvise(begin, bytes, MADV_DONTNEED);
    }
  }
  close(pagemap);
  Py_RETURN_NONE;
}

static int is_zero(const char* page) { return page[0] == 0 && memcmp(page, page + 1, kPageBytes - 1) == 0; }

/* Copies [begin, end) to the place of its addresses in the file and maps the copy. What is all zeros stays a hole. Nothing here may
 * write to a library's data between the copy and the map: errno and the stack lie elsewhere. */
static int move_range(int fd, char* begin, char* end, int protection) {
  for (char* page = begin; page < end; page += kPageBytes)
    if (!is_zero(page) && pwrite(fd, page, kPageBytes, (off_t)(size_t)page) != kPageBytes) return -1;
  const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
  return mmap(begin, (size_t)(end - begin), protection, flags, fd, (off_t)(size_t)begin) == MAP_FAILED ? -1 : 0;
}

/* Of the code of one library, the large pages that were touched. Refused, it costs speed only. */
static void move_touched_code(int fd, int pagemap, const struct range* code) {
  const size_t first = ((size_t)code->begin + kLargeBytes - 1) / kLargeBytes * kLargeBytes;
  for (char* page = (char*)first; page + kLargeBytes <= code->end; page += kLargeBytes)
    if (pages_in_table(pagemap, page, kLargePages) >= kFaultPages &&
        move_range(fd, page, page + kLargeBytes, PROT_READ | PROT_EXEC) != 0)
      return;
}

PyObject* wardian_move_libraries(PyObject* self, PyObject* arguments) {
  (void)self;
  int fd = -1, large = -1;
  if (!PyArg_ParseTuple(arguments, "ii", &fd, &large)) return NULL;
  /* To the end of all addresses, each of which is its own place. */
  if (ftruncate(fd, (off_t)1 << 47) != 0 || (large >= 0 && ftruncate(large, (off_t)1 << 47) != 0))
    return wardian_raise("cannot size the files of the libraries");
  const int pagemap = large >= 0 ? open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC) : -1;
  find_libraries();
  int failed = 0;
  for (size_t i = 0; i < libraries.count && !failed; ++i) {
    const struct range* const row = &libraries.rows[i];
    failed = row->kind == kData && move_range(fd, row->begin, row->end, PROT_READ | PROT_WRITE) != 0;
  }
  const int number = errno;
  for (size_t i = 0; i < libraries.count; ++i) {
    const struct range* const row = &libraries.rows[i];
    const size_t bytes = (size_t)(row->end - row->begin);
    if (row->kind == kClosed) mprotect(row->begin, bytes, PROT_READ);
    if (row->kind != kCode) continue;
    /* Constants become executable by that: no power for a script, which may map code of its own. A refusal costs speed only. */
    mprotect(row->begin, bytes, PROT_READ | PROT_EXEC);
    if (pagemap >= 0) move_touched_code(large, pagemap, row);
  }
  if (pagemap >= 0) close(pagemap);
  errno = number;
  return failed ? wardian_raise("cannot move a library's data") : PyLong_FromSize_t(libraries.count);
}
