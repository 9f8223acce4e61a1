"""The channel is closed with a question open."""

import time

dialogue.ask(b"one")
os.close(3)
time.sleep(3600)
