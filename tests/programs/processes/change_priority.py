"""Neither niceness nor scheduler nor cores."""

import ctypes

answer = sorted(
    {
        syscall(141, 0, 0, -20),
        syscall(144, 0, 1, ctypes.create_string_buffer(8)),
        syscall(203, 0, 8, ctypes.create_string_buffer(8)),
        syscall(251, 1, 0, 0),
        syscall(314, 0, ctypes.create_string_buffer(56), 0),
    }
)
