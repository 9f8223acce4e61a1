"""Other ids and privileges."""

answer = sorted(
    {syscall(105, 0), syscall(106, 0), syscall(117, 0, 0, 0), syscall(119, 0, 0, 0), syscall(116, 0, 0), syscall(126, 0, 0)}
)
