"""no_new_privs, dumpable, seccomp and Landlock are final."""

answer = [
    syscall(157, 4, 1, 0, 0, 0),
    syscall(157, 38, 0, 0, 0, 0),
    syscall(157, 22, 0, 0, 0, 0),
    syscall(317, 1, 0, 0),
    syscall(446, 3, 0),
    syscall(157, 1, 0, 0, 0, 0),
    syscall(157, 28, 0, 0, 0, 0),
    syscall(157, 24, 0, 0, 0, 0),
]
answer = sorted(set(answer))
