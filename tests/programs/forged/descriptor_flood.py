"""Descriptors sent along are closed, not collected."""

import array
import struct
import time

import kernel

rights = struct.pack("QII", 16 + 4 * 200, 1, 1) + array.array("i", [1] * 200).tobytes()
kernel.send_message(3, b'reply {"answer": "flooded"}', rights)
time.sleep(3600)
