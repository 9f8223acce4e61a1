"""CPU time over all threads has a bound of its own."""

import hashlib
import threading


def burn():
    data = b"x" * (1 << 20)
    while True:
        hashlib.sha256(data)


threads = [threading.Thread(target=burn) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
