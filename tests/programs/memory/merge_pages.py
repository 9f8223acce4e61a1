"""Pages merged with a neighbour's would tell by the time of a write what the neighbour holds."""

import mmap

MADV_MERGEABLE = 12
answer = [attempt(mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).madvise, MADV_MERGEABLE)]
