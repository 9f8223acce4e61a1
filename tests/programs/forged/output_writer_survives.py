"""A thread writes into the result through a map, and would go on after the answer."""

import mmap
import threading

os.write(outputs[0], b"x" * 4096)
area = mmap.mmap(outputs[0], 4096)


def write():
    while True:
        area[0] = 1
        area[0] = 2


threading.Thread(target=write, daemon=True).start()
answer = "written"
