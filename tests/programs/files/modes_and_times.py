"""Modes and times of the script's own files."""

open("own", "w").close()
with open("own", "rb") as file:
    answer = [attempt(os.chmod, "own", 0o600), attempt(os.fchmod, file.fileno(), 0o644), attempt(os.utime, "own", (1, 1))]
