"""Several threads share one bound."""

import threading


def eat():
    pieces = []
    while True:
        pieces.append(bytearray(1 << 20))


threads = [threading.Thread(target=eat) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
