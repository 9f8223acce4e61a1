"""System calls by number, as native code inside a script would make them."""

import ctypes
import errno

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def syscall(number: int, *arguments) -> str | int:
    """The call's result, or the name of its error."""
    ctypes.set_errno(0)
    result = _libc.syscall(ctypes.c_long(number), *(ctypes.c_long(one) if isinstance(one, int) else one for one in arguments))
    return errno.errorcode[ctypes.get_errno()] if result == -1 else result


def run_machine_code(code: bytes) -> int:
    """Calls x86-64 instructions."""
    import mmap

    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()


class _Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_char_p), ("size", ctypes.c_size_t)]


class _Header(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_size", ctypes.c_uint),
        ("parts", ctypes.POINTER(_Part)),
        ("count", ctypes.c_size_t),
        ("control", ctypes.c_char_p),
        ("control_size", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]


def send_message(fd: int, data: bytes, control: bytes | None = None) -> str | int:
    """sendmsg(2), without the questions that the socket module asks first."""
    part = _Part(data, len(data))
    header = _Header(None, 0, ctypes.pointer(part), 1, control, len(control or b""), 0)
    return syscall(46, fd, ctypes.byref(header), 0)
