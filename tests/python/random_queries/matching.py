"""Whether an answer of `wardian query --jsonl` is the expected table."""

import json
import math
from decimal import Decimal

from random_queries import ticks


def _plain(value, type_):
    """One form for values that are the same: reals to twelve digits, dynamic values as JSON, NaN as its name."""
    if value is None:
        return ("null",)
    if type_ == "real":
        number = float(value)
        if math.isnan(number):
            return ("NaN",)
        return (f"{number + 0.0:.12g}" if number else "0",)
    if type_ == "decimal":
        return (Decimal(value).normalize() + 0,)
    if type_ == "dynamic":
        return (json.dumps(_numbers(value), sort_keys=True),)
    if isinstance(value, str) and type_ == "datetime":
        return (ticks.read_datetime(value),)
    if isinstance(value, str) and type_ == "timespan":
        return (ticks.read_timespan(value),)
    if type_ in ("datetime", "timespan"):
        return (value,)
    return (type(value).__name__, value)


def _numbers(value):
    """JSON with one form for equal numbers; nulls inside stay."""
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return float(f"{value:.12g}") if isinstance(value, float) else value


def mismatch(query, answer):
    """What is wrong with the answer, or an empty text."""
    if "error" in answer:
        return f"an error: {answer['error']}"
    expected = [(c.name, c.type) for c in query.expected.columns]
    got = list(zip(answer["columns"], answer["types"], strict=True))
    if expected != got:
        return f"columns: expected {expected}, got {got}"
    types = answer["types"]
    theirs = [[_plain(v, t) for v, t in zip(row, types, strict=True)] for row in answer["rows"]]
    ours = [[_plain(v, t) for v, t in zip(row, types, strict=True)] for row in query.expected.rows]
    if sorted(map(repr, theirs)) != sorted(map(repr, ours)):
        missing = [r for r in ours if r not in theirs]
        extra = [r for r in theirs if r not in ours]
        return f"rows: {len(ours)} expected, {len(theirs)} got; missing {missing[:3]}, not expected {extra[:3]}"
    keys = query.order_keys
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if [a[k] for k in keys] != [b[k] for k in keys]:
            return f"order: row {i} has the keys {[b[k] for k in keys]}, expected {[a[k] for k in keys]}"
    return ""
