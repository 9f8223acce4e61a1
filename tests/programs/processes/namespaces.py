"""A namespace of one's own reopens the kernel's darkest corners."""

CLONE_NEWUSER = 0x10000000
answer = [syscall(272, CLONE_NEWUSER), syscall(308, 3, 0), syscall(56, CLONE_NEWUSER | 17, 0, 0, 0, 0), syscall(435, 0, 88)]
