"""Only the three streams and the control channel are open, whatever the engine had open."""

import fcntl

answer = [fd for fd in range(256) if attempt(fcntl.fcntl, fd, fcntl.F_GETFD) == "done"]
