"""A thread that goes on after the answer dies with the process."""

import threading
import time

threading.Thread(target=time.sleep, args=(3600,)).start()
answer = "prompt"
