"""Private, writable maps of pieces of a sealed memory file.

Through libc rather than the `mmap` module: that keeps a duplicate of the descriptor for every map, and a frame has up to
three maps a column. Private and writable, because scripts write into their frame; the engine's bytes stay as they are.
"""

import contextlib
import ctypes
import gc
import os
from collections.abc import Iterator

import numpy as np

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int64]
_libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_libc.memcmp.restype = ctypes.c_int
_libc.memcmp.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]

_PROT_READ, _PROT_WRITE = 1, 2
_MAP_SHARED, _MAP_PRIVATE, _MAP_NORESERVE = 1, 2, 0x4000
_FAILED = ctypes.c_void_p(-1).value


# Maps made in here are undone at its end; None: they stay.
_undone: list[tuple[int, int]] | None = None


@contextlib.contextmanager
def undone_afterwards() -> Iterator[None]:
    """For calls of the zygote, whose maps each fork would copy. What refers to them must be garbage at the end."""
    global _undone
    _undone = []
    try:
        yield
    finally:
        gc.collect()
        for address, size in _undone:
            _libc.munmap(address, size)
        _undone = None


def _map(fd: int, offset: int, size: int, protection: int, flags: int) -> int:
    address = _libc.mmap(None, size, protection, flags, fd, offset)
    if address == _FAILED:
        number = ctypes.get_errno()
        raise MemoryError(f"mapping {size} bytes of the input: {os.strerror(number)}")
    if _undone is not None:
        _undone.append((address, size))
    return address


_PAGE = os.sysconf("SC_PAGE_SIZE")


class Piece:
    """`size` bytes of the file from `offset`. Not unmapped: the process ends with the call, or see undone_afterwards()."""

    __slots__ = ("_address", "_fd", "_offset", "size")

    def __init__(self, fd: int, offset: int, size: int) -> None:
        self._fd, self._offset, self.size = fd, offset, size
        self._address = self._mapped(size, _PROT_READ | _PROT_WRITE, _MAP_PRIVATE | _MAP_NORESERVE) if size else 0

    def _mapped(self, size: int, protection: int, flags: int) -> int:
        before = self._offset % _PAGE
        return _map(self._fd, self._offset - before, size + before, protection, flags) + before

    def buffer(self):
        """An object with the buffer interface over the piece, writable."""
        return (ctypes.c_char * self.size).from_address(self._address) if self.size else bytearray()

    def array(self, dtype, count: int) -> np.ndarray:
        return np.frombuffer(self.buffer(), dtype=dtype, count=count)

    def same_as(self, array: np.ndarray) -> bool:
        """Whether `array` holds, byte for byte, what the file holds: also when it is the map itself, written to since."""
        if array.nbytes > self.size or not array.flags.c_contiguous:
            return False
        if array.nbytes == 0:
            return True
        # The file itself, apart from the private copies of pages that the script wrote to.
        original = self._mapped(array.nbytes, _PROT_READ, _MAP_SHARED)
        return _libc.memcmp(array.ctypes.data, original, array.nbytes) == 0


def same_memory(left: np.ndarray, right: np.ndarray) -> bool:
    """Whether two contiguous arrays hold the same bytes; for objects, whether they hold the same objects."""
    return left.nbytes == right.nbytes and (
        left.nbytes == 0 or _libc.memcmp(left.ctypes.data, right.ctypes.data, left.nbytes) == 0
    )
