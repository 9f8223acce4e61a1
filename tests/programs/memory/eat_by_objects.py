"""Python's own small objects, which lie in arenas of the interpreter's, count like all memory."""

BYTES_EACH = 16 + 8  # of an object, and of the list's reference to it
kept = []
count = 0
try:
    while True:
        kept.append([object() for _ in range(10_000)])
        count += 10_000
except MemoryError:
    kept.clear()
answer = count * BYTES_EACH <= 128 << 20
