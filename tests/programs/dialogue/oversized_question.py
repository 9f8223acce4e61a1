"""A question beyond its bound."""

import time

dialogue.ask(b"?" * 1000)
time.sleep(3600)
