"""A second question before the first was answered."""

import time

dialogue.ask(b"one")
dialogue.ask(b"two")
time.sleep(3600)
