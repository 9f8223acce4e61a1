"""A library written to scratch can be loaded, for packages that a call brings; a program there cannot be started."""

import mmap

fd = os.open("library", os.O_CREAT | os.O_RDWR)
os.write(fd, b"\xc3" * 4096)
attempt(os.fchmod, fd, 0o700)
answer = [
    attempt(mmap.mmap, fd, 4096, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC),
    attempt(os.execv, "library", ["library"]),
]
