"""Sealing the result file beforehand is refused."""

import fcntl

answer = attempt(fcntl.fcntl, outputs[0], fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL)
