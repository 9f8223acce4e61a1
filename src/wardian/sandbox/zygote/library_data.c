#define _GNU_SOURCE
#include "module.h"

#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* A hundred libraries are five hundred maps, and each fork copies them all, with the page tables of every page that the dynamic linker
 * wrote to. Here what they may write goes into a file, mapped privately in its place, so that a fork copies no page table for it; and
 * what they only read and execute becomes one map a library. */

enum { kPageBytes = 4096, kRangesMax = 4096 };

/* Whole pages of a library. */
struct range {
  enum {
    kCode,
    kData,
    kClosed
  } kind; /* headers, code and constants; .data and .bss; of these what only the linker wrote to (RELRO) */
  char *begin, *end;
};

struct ranges {
  struct range rows[kRangesMax];
  size_t count;
};

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

static int is_zero(const char* page) { return page[0] == 0 && memcmp(page, page + 1, kPageBytes - 1) == 0; }

/* Copies the range to the place of its addresses in the file and maps the copy. What is all zeros stays a hole. Nothing here may
 * write to a library's data between the copy and the map: errno and the stack lie elsewhere. */
static int move_data(int fd, const struct range* data) {
  for (char* page = data->begin; page < data->end; page += kPageBytes)
    if (!is_zero(page) && pwrite(fd, page, kPageBytes, (off_t)(size_t)page) != kPageBytes) return -1;
  const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
  const off_t place = (off_t)(size_t)data->begin;
  return mmap(data->begin, (size_t)(data->end - data->begin), PROT_READ | PROT_WRITE, flags, fd, place) == MAP_FAILED ? -1 : 0;
}

PyObject* wardian_move_libraries(PyObject* self, PyObject* arguments) {
  (void)self;
  int fd = -1;
  if (!PyArg_ParseTuple(arguments, "i", &fd)) return NULL;
  if (ftruncate(fd, (off_t)1 << 47) != 0) return wardian_raise("cannot size the file of the libraries' data");
  static struct ranges all;
  all.count = 0;
  dl_iterate_phdr(note_library, &all);
  int failed = 0;
  for (size_t i = 0; i < all.count && !failed; ++i) failed = all.rows[i].kind == kData && move_data(fd, &all.rows[i]) != 0;
  const int number = errno;
  for (size_t i = 0; i < all.count; ++i) {
    const size_t bytes = (size_t)(all.rows[i].end - all.rows[i].begin);
    if (all.rows[i].kind == kClosed) mprotect(all.rows[i].begin, bytes, PROT_READ);
    /* Constants become executable by that: no power for a script, which may map code of its own. A refusal costs speed only. */
    if (all.rows[i].kind == kCode) mprotect(all.rows[i].begin, bytes, PROT_READ | PROT_EXEC);
  }
  errno = number;
  return failed ? wardian_raise("cannot move a library's data") : PyLong_FromSize_t(all.count);
}
