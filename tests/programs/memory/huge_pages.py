"""Pages of hugetlbfs are counted by no limit of the call."""

import mmap

MAP_HUGETLB = 0x40000
answer = [attempt(mmap.mmap, -1, 2 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_HUGETLB)]
