"""A library written to scratch cannot be loaded."""

import mmap

fd = os.open("library", os.O_CREAT | os.O_RDWR)
os.write(fd, b"\xc3" * 4096)
answer = attempt(mmap.mmap, fd, 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)
