"""A pipe with a name is a door to a neighbour."""

answer = attempt(os.mkfifo, "pipe")
