"""A sealed input cannot be changed by any road."""

import mmap

fd = inputs[0]
answer = [
    attempt(os.write, fd, b"x"),
    attempt(os.ftruncate, fd, 0),
    attempt(mmap.mmap, fd, 7, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE),
    attempt(os.posix_fallocate, fd, 0, 100),
]
private = mmap.mmap(fd, 7, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
private[:5] = b"INPUT"
answer.append(os.pread(fd, 5, 0).decode())
