"""Python's own small objects, which lie in arenas of the interpreter's, count like all memory."""

kept = []
while True:
    kept.append([object() for _ in range(10_000)])
