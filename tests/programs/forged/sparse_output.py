"""A result that is nothing but a hole."""

os.ftruncate(outputs[0], 64 << 20)
