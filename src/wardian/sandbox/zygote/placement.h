#pragma once

#include <stddef.h>
#include <stdint.h>

/* A call writes to some 1,500 of the 280,000 objects that the zygote's imports made, reference counts above all. Where the allocators
 * put them they lie on a thousand pages, each of which every child has to copy; side by side they take eighty. Which objects they are
 * is learnt when the program is installed (placement_learning.c), each on a page of its own; at the zygote's start they are placed
 * (placement.c). What was learnt of another interpreter or of other packages fits nothing and does no harm. */

/* Python's, as PyMem_SetAllocator takes it; not in the stable ABI, but the same in every CPython since 3.5. */
struct allocator {
  void* context;
  void* (*take)(void* context, size_t bytes);
  void* (*take_zeroed)(void* context, size_t count, size_t bytes);
  void* (*resize)(void* context, void* block, size_t bytes);
  void (*release)(void* context, void* block);
};

/* What allocations are known by from one run to the next: the sizes of the last 48, that of the last large one, and roughly how many
 * came since. `bytes` is that of the next allocation; 0 for one that is not known, otherwise never 0 or 1. */
uint64_t wardian_placement_key(size_t bytes);

/* Puts `ours`, with the context of theirs, between Python and its allocator for objects and memory, which it returns in `under`. 0, or
 * -1 where that is not one and the same for both. Then `wardian_set_allocator` exchanges it again. */
int wardian_interpose(const struct allocator* ours, struct allocator* under);
void wardian_set_allocator(const struct allocator* ours);

/* placement.c: reads the keys in the file of this name, if it is there. */
void wardian_place(const char* path);
/* placement_learning.c */
void wardian_learn_placement(void);

/* The file of keys: this line, then the keys, 8 bytes each, in this machine's order. */
#define WARDIAN_PLACEMENT_MARK "wardian place 1\n"
enum { kPlacementMarkBytes = sizeof WARDIAN_PLACEMENT_MARK - 1, kPlacementKeysMax = 8192 };
