"""Nor a signal what ignores all."""

import signal

for number in range(1, 65):
    attempt(signal.signal, number, signal.SIG_IGN)
while True:
    pass
