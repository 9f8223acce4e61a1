"""Nor what waits in a finalizer."""

import time


class Slow:
    def __del__(self):
        time.sleep(3600)


keep = Slow()
sys.modules["keep"] = keep
answer = "prompt"
