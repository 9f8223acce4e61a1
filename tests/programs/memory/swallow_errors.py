"""A script that never gives up meets the kernel in the end."""

pieces = []
while True:
    try:
        pieces.append(bytearray(1 << 20))
    except MemoryError:
        pass
