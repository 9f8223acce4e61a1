"""A thread writes into a result in large pages, through a map and a descriptor of its own, and would go on after the answer."""

import mmap
import threading

os.write(outputs[0], b"x" * 4096)
area = mmap.mmap(outputs[0], 4096)
again = os.dup(outputs[0])


def write():
    while True:
        area[0] = 1
        os.pwrite(again, b"y", 0)


threading.Thread(target=write, daemon=True).start()
answer = "written"
