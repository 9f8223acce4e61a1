"""Clock, name and domain of the host."""

import ctypes

zero = ctypes.create_string_buffer(64)
answer = sorted(
    {
        syscall(170, zero, 1),
        syscall(171, zero, 1),
        syscall(227, 0, zero),
        syscall(164, zero, 0),
        syscall(159, zero),
        syscall(305, 0, zero),
    }
)
