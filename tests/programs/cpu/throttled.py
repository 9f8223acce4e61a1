"""A share of the cores is not exceeded, however many threads ask."""

import hashlib
import threading
import time

end = time.monotonic() + 1.0


def burn():
    data = b"x" * (1 << 20)
    while time.monotonic() < end:
        hashlib.sha256(data)


threads = [threading.Thread(target=burn) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
answer = time.process_time() < 0.6
