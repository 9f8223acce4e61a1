"""A hundred megabytes of output cost the engine nothing: head, tail and a count remain."""

line = "x" * 1023 + "\n"
for _ in range(32 * 1024):
    sys.stdout.write(line)
answer = "flooded"
