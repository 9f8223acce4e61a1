"""Bytes that are no text reach the engine as bytes."""

os.write(1, bytes(range(256)))
answer = "written"
