"""A C call that never returns to the interpreter."""

import re

re.match(r"(a+)+$", "a" * 64 + "b")
