"""What Python and pandas name, or can do, differently from version to version: CPython 3.10 and pandas 1.5 are the oldest."""

from __future__ import annotations

import datetime
import re

import pandas as pd

UTC = datetime.timezone.utc  # noqa: UP017 - datetime.UTC came with Python 3.11
PANDAS = tuple(int(part) for part in re.findall(r"\d+", pd.__version__)[:2])
# The extension array around a plain ndarray.
NumpyArray = pd.arrays.NumpyExtensionArray if PANDAS >= (2, 1) else pd.arrays.PandasArray
# Before pandas 2 all times are in nanoseconds.
HAS_MICROSECONDS = PANDAS >= (2, 0)
# From pandas 3 on text is a type of its own, which lies in Arrow's memory.
HAS_TEXT = PANDAS >= (3, 0)
