"""The process ends before it answers."""

os._exit(0)
