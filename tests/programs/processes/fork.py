"""No second process."""

answer = [attempt(os.fork), syscall(57), syscall(58)]
