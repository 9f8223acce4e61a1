"""What is registered for the end never runs."""

import atexit
import time

atexit.register(time.sleep, 3600)
answer = "prompt"
