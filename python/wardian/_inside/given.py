"""The tables that a script is given: each input as a DataFrame, and as an Arrow table under the name with `_arrow` behind it, if
those names stand in the script. To make one costs time and memory, so nobody pays for what is not asked for."""

from __future__ import annotations

import re
from typing import Any

from wardian._inside.frame_in import InputFrame

_ARROW = "_arrow"
# With these a script may know names that do not stand in its text.
_REACHING = ("eval", "exec", "globals", "locals", "vars", "getattr", "compile", "__main__", "__dict__", "f_globals")


def given_tables(frame: InputFrame, variable: str, script: str, dtypes: str | None, other_code: bool = False) -> dict[str, Any]:
    """Variable → table. `other_code`: the call has files, among which there may be modules that name the script's variables."""
    named = variable in script
    arrow_named = named and variable + _ARROW in script
    if arrow_named:
        named = re.search(rf"\b{re.escape(variable)}\b", script) is not None
    if not named:
        named = other_code or any(word in script for word in _REACHING) or not script.isascii()
    tables: dict[str, Any] = {}
    if named:
        tables[variable] = data_frame_of(frame, dtypes)
    if arrow_named:
        from wardian._inside.column_forms import arrow_table

        tables[variable + _ARROW] = arrow_table(frame)
    return tables


def data_frame_of(frame: InputFrame, dtypes: str | None) -> Any:
    """The input as a DataFrame, its columns as they were asked for."""
    if dtypes in (None, "", "default"):
        return frame.data_frame()
    from wardian._inside.column_forms import FORMS

    return frame.data_frame(FORMS[dtypes])
