"""Message queues and shared memory by name."""

import ctypes
from multiprocessing import shared_memory

answer = [syscall(240, ctypes.c_char_p(b"/queue"), 0o102, 0o600, 0), attempt(shared_memory.SharedMemory, "segment", True, 4096)]
answer = [answer[0], answer[1] in ("ENOENT", "EACCES", "EROFS", "EPERM")]
