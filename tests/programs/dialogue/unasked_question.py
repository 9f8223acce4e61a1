"""A question in a run that has nobody to answer."""

import time

import kernel

kernel.send_message(3, b"ask anything")
time.sleep(3600)
