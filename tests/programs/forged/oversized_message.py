"""A message beyond its bound."""

import time

import kernel

kernel.send_message(3, b"reply " + b"x" * 100_000)
time.sleep(3600)
