"""Threads that spin delay the reply, and the clock counts that."""

import threading


def spin():
    while True:
        pass


for _ in range(16):
    threading.Thread(target=spin, daemon=True).start()
spin()
