"""Locked pages and files without a name."""

answer = sorted(
    {syscall(149, 0, 4096), syscall(151, 3), syscall(325, 0, 4096, 0), attempt(os.memfd_create, "x"), syscall(447, 0)}
)
