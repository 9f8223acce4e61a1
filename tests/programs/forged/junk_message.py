"""A message that means nothing."""

import time

import kernel

kernel.send_message(3, b"ready 511")
time.sleep(3600)
