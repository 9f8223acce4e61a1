"""Likewise on the other stream, without end."""

while True:
    os.write(2, b"y" * 65536)
