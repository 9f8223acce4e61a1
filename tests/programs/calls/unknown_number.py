"""A number that no kernel has yet."""

answer = [syscall(9999), syscall(100000)]
