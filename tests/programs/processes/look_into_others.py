"""Reading or steering another process."""

import ctypes

buffer = ctypes.create_string_buffer(64)
answer = sorted(
    {
        syscall(101, 16, 1, 0, 0),
        syscall(310, 1, buffer, 1, buffer, 1, 0),
        syscall(311, 1, buffer, 1, buffer, 1, 0),
        syscall(434, 1, 0),
        syscall(438, 3, 0, 0),
        syscall(312, 1, 1, 0, 0, 0),
    }
)
