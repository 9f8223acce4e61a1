"""Signals and leases on descriptors."""

import fcntl

fd = os.open("file", os.O_CREAT | os.O_RDWR)
answer = sorted({attempt(fcntl.fcntl, fd, command, 0) for command in (fcntl.F_SETOWN, fcntl.F_SETSIG, fcntl.F_SETLEASE, 1031)})
