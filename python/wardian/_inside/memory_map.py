"""Private, writable copies and maps of pieces of a sealed memory file.

Maps go through libc rather than the `mmap` module: that keeps a duplicate of the descriptor for every map, and a frame has up to
three maps a column. Private and writable, because scripts write into their frame; the engine's bytes stay as they are.
"""

from __future__ import annotations

import ctypes
import os

import numpy as np

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int64]
_libc.memcmp.restype = ctypes.c_int
_libc.memcmp.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]

_PROT_READ, _PROT_WRITE = 1, 2
_MAP_SHARED, _MAP_PRIVATE, _MAP_NORESERVE = 1, 2, 0x4000
_FAILED = ctypes.c_void_p(-1).value


def _map(fd: int, offset: int, size: int, protection: int, flags: int) -> int:
    address = _libc.mmap(None, size, protection, flags, fd, offset)
    if address == _FAILED:
        number = ctypes.get_errno()
        raise MemoryError(f"mapping {size} bytes of the input: {os.strerror(number)}")
    return address


_PAGE = os.sysconf("SC_PAGE_SIZE")
# Up to here reading is cheaper than a map, its page faults and what the death of the process costs for it.
_READ_BYTES_MAX = 64 << 10

_memory_view = ctypes.pythonapi.PyMemoryView_FromMemory
_memory_view.restype = ctypes.py_object
_memory_view.argtypes = [ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int]
_WRITABLE = 0x200


class Piece:
    """`size` bytes of the file from `offset`: read when they are few, else mapped, once somebody asks for them. A map is not
    undone: the process ends with the call."""

    __slots__ = ("_address", "_fd", "_offset", "_opened", "_read", "size")

    def __init__(self, fd: int, offset: int, size: int) -> None:
        self._fd, self._offset, self.size = fd, offset, size
        self._address, self._read = 0, b""
        self._opened = False

    def _open(self) -> None:
        self._opened = True
        if self.size > _READ_BYTES_MAX:
            self._address = self._mapped(self.size, _PROT_READ | _PROT_WRITE, _MAP_PRIVATE | _MAP_NORESERVE)
        elif self.size:
            self._read = os.pread(self._fd, self.size, self._offset)

    def _mapped(self, size: int, protection: int, flags: int) -> int:
        before = self._offset % _PAGE
        return _map(self._fd, self._offset - before, size + before, protection, flags) + before

    def again(self) -> Piece:
        """The same bytes elsewhere, without what was written to this one since."""
        return Piece(self._fd, self._offset, self.size)

    def buffer(self):
        """An object with the buffer interface over the piece, writable. Of a small piece each is a copy of its own."""
        if not self._opened:
            self._open()
        return _memory_view(self._address, self.size, _WRITABLE) if self._address else bytearray(self._read)

    def array(self, dtype, count: int) -> np.ndarray:
        return np.frombuffer(self.buffer(), dtype=dtype, count=count)

    def same_as(self, array: np.ndarray) -> bool:
        """Whether `array` holds, byte for byte, what the file holds: also when it is the map itself, written to since."""
        if array.nbytes > self.size or not array.flags.c_contiguous:
            return False
        if array.nbytes == 0:
            return True
        if not self._opened:
            self._open()
        if not self._address:
            return self._read.startswith(array.tobytes())
        # The file itself, apart from the private copies of pages that the script wrote to.
        original = self._mapped(array.nbytes, _PROT_READ, _MAP_SHARED)
        return _libc.memcmp(array.ctypes.data, original, array.nbytes) == 0


def same_memory(left: np.ndarray, right: np.ndarray) -> bool:
    """Whether two contiguous arrays hold the same bytes; for objects, whether they hold the same objects."""
    return left.nbytes == right.nbytes and (
        left.nbytes == 0 or _libc.memcmp(left.ctypes.data, right.ctypes.data, left.nbytes) == 0
    )
