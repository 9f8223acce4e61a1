"""Keyrings are shared by user id."""

import ctypes

answer = sorted(
    {
        syscall(248, ctypes.c_char_p(b"user"), ctypes.c_char_p(b"k"), ctypes.c_char_p(b"v"), 1, -3),
        syscall(249, 0, 0, 0, 0),
        syscall(250, 0, -3, 1),
    }
)
