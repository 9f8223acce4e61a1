"""Queries with `evaluate python`, as the tests write them, and a table that has a column of every type."""

from __future__ import annotations

import json
import os

# So many calls has hint.distribution = per_node over enough rows: the machine's threads, counted as
# std::thread::hardware_concurrency() counts them, whatever part of the machine this process may use.
SHARES = os.cpu_count() or 1

TEN = "range x from 1 to 10 step 1"

# Each type with ends of its range and a null. Nothing in it is beyond what pandas keeps in nanoseconds.
EVERY_TYPE = """datatable(b:bool, i:int, l:long, r:real, d:decimal, s:string, t:datetime, p:timespan, y:dynamic, g:guid) [
    true, 2147483647, 9223372036854775807, 1.5, decimal(123.45), "žluť 🐎", datetime(2020-01-01T00:00:00.1234567Z),
        time(1.02:03:04.5), dynamic({"a":[1,2.5,null]}), guid(12345678-9abc-def0-1234-56789abcdef0),
    false, -2147483648, -9223372036854775807, -0.25, decimal(-0.00000000000000001), "", datetime(1700-01-01),
        time(-00:00:00.0000001), dynamic("text"), guid(00000000-0000-0000-0000-000000000000),
    bool(null), int(null), long(null), real(null), decimal(null), "x", datetime(null), timespan(null),
        dynamic(null), guid(null)
]"""


def python(schema: str, script: str, *more: str, hint: str = "") -> str:
    """The operator, its script as an ordinary string literal. `more`: kargs, external_artifacts, spill_to_disk."""
    return f"evaluate {hint} python({', '.join([schema, json.dumps(script, ensure_ascii=False), *more])})"


def batched(rows: int, schema: str, script: str, *more: str) -> str:
    """Likewise, for a script that takes its table so many rows at a time."""
    return python(schema, script, *more, hint=f"hint.batches = {rows}")


def one_row(script: str, *more: str, schema: str = "typeof(*)", hint: str = "") -> str:
    """A whole query, over one row that the script hands on as it is."""
    return "print x = 1 | " + python(schema, script + "\nresult = df", *more, hint=hint)
