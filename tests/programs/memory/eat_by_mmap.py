"""Anonymous pages outside Python's own heap."""

import mmap

area = mmap.mmap(-1, 512 << 20)
for place in range(0, 512 << 20, 4096):
    area[place] = 1
answer = "done"
