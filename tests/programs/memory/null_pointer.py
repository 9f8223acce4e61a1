"""Native code goes wrong."""

import ctypes

ctypes.string_at(0)
