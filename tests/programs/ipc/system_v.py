"""Shared memory, semaphores and queues."""

answer = sorted(
    {
        syscall(29, 0, 4096, 0o600),
        syscall(64, 0, 1, 0o600),
        syscall(68, 0, 0o600),
        syscall(30, 0, 0, 0),
        syscall(70, 0, 0, 0, 0, 0),
    }
)
