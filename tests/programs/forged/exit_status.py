"""Likewise, with a status of its own."""

os._exit(42)
