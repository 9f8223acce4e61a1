"""An input in large pages, which has no seals, cannot be changed by any road either."""

import contextlib
import fcntl
import mmap

fd = inputs[0]
own = f"/proc/self/fd/{fd}"


def reopened(path):
    other = os.open(path, os.O_RDWR)
    os.pwrite(other, b"X", 0)


def shared_map():
    with mmap.mmap(fd, 7, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE) as area:
        area[0] = 88


def loosened():
    os.fchmod(fd, 0o666)
    reopened(own)


def unlocked():
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_RDWR)
    os.pwrite(fd, b"X", 0)


def linked():
    os.link(own, "input", follow_symlinks=True)
    reopened("input")


def moved():
    os.symlink(own, "road")
    reopened("road")


def emptied():
    os.truncate(own, 0)


def punched():
    os.posix_fallocate(fd, 0, 1 << 20)
    syscall(285, fd, 3, 0, 4096)  # fallocate: punch a hole, keep the size


roads = {
    "write": lambda: os.pwrite(fd, b"X", 0),
    "truncate": lambda: os.ftruncate(fd, 0),
    "by path": emptied,
    "fallocate": punched,
    "map": shared_map,
    "open anew": lambda: reopened(own),
    "by device": lambda: reopened(f"/dev/fd/{fd}"),
    "chmod": loosened,
    "flags": unlocked,
    "link": linked,
    "symbolic link": moved,
}
answer = []
for name, road in roads.items():
    with contextlib.suppress(Exception):
        road()
    if os.fstat(fd).st_size != 7 or os.pread(fd, 7, 0) != b"input 1":
        answer.append(name)
