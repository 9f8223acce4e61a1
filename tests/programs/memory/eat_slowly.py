"""Memory in small pieces, all of it touched."""

pieces = []
while True:
    pieces.append(bytearray(1 << 20))
