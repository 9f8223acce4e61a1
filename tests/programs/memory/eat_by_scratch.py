"""Files in scratch are memory too."""

with open("big", "wb") as file:
    for _ in range(512):
        file.write(b"x" * (1 << 20))
answer = "done"
