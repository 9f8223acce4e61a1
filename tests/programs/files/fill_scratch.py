"""Scratch has a bound in bytes, and says so."""

with open("big", "wb") as file:
    answer = attempt(lambda: [file.write(b"x" * (1 << 20)) for _ in range(100)] and file.flush())
