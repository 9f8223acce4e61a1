"""A C library's way out."""

import ctypes
import signal

signal.signal(signal.SIGABRT, signal.SIG_DFL)
ctypes.CDLL(None).abort()
