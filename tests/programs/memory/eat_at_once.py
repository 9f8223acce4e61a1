"""A request beyond the address space is a clean MemoryError."""

bytearray(1 << 42)
