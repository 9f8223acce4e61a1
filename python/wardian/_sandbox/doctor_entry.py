"""The entry module of `wardian doctor`: each request names one escape to attempt.

The reply is `held: why` or `escaped: how`. Some attempts never reply, because holding means that the process ends.
"""

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: int) -> None:
    """A system call by number, the same on every architecture from 424 on; an OSError when refused."""
    if _libc.syscall(ctypes.c_long(number), *(ctypes.c_long(one) for one in arguments)) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def host_file() -> None:
    with open("/etc/shadow", "rb") as file:
        file.read(1)


def outside_write() -> None:
    with open(os.path.join(os.path.dirname(os.__file__), "wardian-was-here"), "wb"):
        pass


def connect() -> None:
    import socket

    socket.create_connection(("127.0.0.1", 9), timeout=1)


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def execute() -> None:
    os.execv("/bin/true", ["true"])


def other_process() -> None:
    """Reads the memory map of any process but this one."""
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            with open(f"/proc/{name}/maps", "rb") as file:
                file.read(1)
            return
    raise PermissionError("no other process is in sight")


def namespace() -> None:
    if _libc.unshare(0x10000000) == -1:  # CLONE_NEWUSER
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def kernel_machinery() -> None:
    """io_uring, the shortest road past a filter; mounts by the new calls."""
    for number in (425, 428, 430, 442):
        try:
            _call(number, 1, 0, 0, 0, 0)
        except OSError as error:
            if error.errno not in (1, 38):  # EPERM, ENOSYS
                raise RuntimeError(f"system call {number} was let through: {error}") from None
            continue
        return
    raise PermissionError("every call is refused")


def memory() -> None:
    pieces = []
    while True:
        pieces.append(bytearray(1 << 20))


def time() -> None:
    while True:
        pass


ATTEMPTS = {
    "host_file": host_file,
    "outside_write": outside_write,
    "connect": connect,
    "fork": fork,
    "execute": execute,
    "other_process": other_process,
    "namespace": namespace,
    "kernel_machinery": kernel_machinery,
    "memory": memory,
    "time": time,
}


def serve(request: bytes, inputs: list[int], outputs: list[int]) -> bytes:
    """Attempt the escape that the request names."""
    try:
        ATTEMPTS[request.decode()]()
    except (OSError, MemoryError) as error:
        return f"held: {type(error).__name__}: {error}".encode()
    except RuntimeError as error:
        return f"escaped: {error}".encode()
    return b"escaped: it was let through"
