"""KQL's dynamic values: JSON text outside, Python objects inside."""

from __future__ import annotations

import datetime
import decimal
import json
import math
import re
import uuid
from typing import Any

import numpy as np
import pandas as pd

from wardian._inside.failures import BadValue
from wardian._inside.versions import UTC

_decode = json.JSONDecoder().decode
_DEPTH_MAX = 256  # as deep as the engine takes
_LONG_NUMBER = re.compile(r"\d{19}")


def decode_column(texts: np.ndarray) -> np.ndarray:
    """Objects for JSON texts; None stays None. Equal neighbours are parsed anew, as a script may change them in place."""
    return np.fromiter((None if text is None else _decode(text) for text in texts), dtype=object, count=len(texts))


def ticks_text(ticks: int) -> str:
    """A count of 100 ns as KQL writes a timespan: [-][d.]hh:mm:ss[.fffffff]."""
    sign, ticks = ("-", -ticks) if ticks < 0 else ("", ticks)
    seconds, fraction = divmod(ticks, 10_000_000)
    days, seconds = divmod(seconds, 86_400)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return sign + (f"{days}." if days else "") + text + (f".{fraction:07}" if fraction else "")


def _time_text(value: datetime.datetime) -> str:
    nanoseconds = getattr(value, "nanosecond", 0)
    if value.tzinfo is not None:
        value = value.astimezone(UTC)
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond * 10 + nanoseconds // 100:07}Z".rjust(28, "0")


def _plain(value: Any) -> Any:
    """For what JSON has no form for; raises TypeError for what has no meaning in a dynamic."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.ndarray):
        return value.tolist() if value.dtype.kind in "biufUO" else list(value)
    if isinstance(value, (np.datetime64, np.timedelta64)):
        if np.isnat(value):
            return None
        return _plain(pd.Timestamp(value) if isinstance(value, np.datetime64) else pd.Timedelta(value))
    if isinstance(value, np.generic):
        return float(value) if isinstance(value, np.longdouble) else value.item()
    if isinstance(value, datetime.datetime):
        return _time_text(value)
    if isinstance(value, datetime.date):
        return f"{value.isoformat()}T00:00:00.0000000Z"
    if isinstance(value, pd.Timedelta):
        return ticks_text(value.value // 100)
    if isinstance(value, datetime.timedelta):
        return ticks_text(value // datetime.timedelta(microseconds=1) * 10)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, (set, frozenset, range, pd.Index, pd.api.extensions.ExtensionArray)):
        return list(value)
    if isinstance(value, pd.Series):
        return list(value.array)
    if isinstance(value, pd.DataFrame):
        return value.to_dict("records")
    raise TypeError(f"{type(value).__name__} has no form in a dynamic value")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain).encode


def _clean(value: Any, depth: int = 0) -> Any:
    """A copy that JSON can hold: NaN and infinities become null, keys become text, integers beyond 64 bits the reals that they
    equal."""
    if depth > _DEPTH_MAX or (depth == _DEPTH_MAX and isinstance(value, (dict, list, tuple))):
        raise ValueError(f"nested deeper than {_DEPTH_MAX} levels")
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**63 else _real(value)
    if isinstance(value, dict):
        return {_key(key): _clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item, depth + 1) for item in value]
    return _clean(_plain(value), depth + 1)


def _real(value: int) -> float:
    real = float(value)
    if int(real) != value:
        raise ValueError(f"holds an integer beyond 64 bits that is no real either: {str(value)[:60]}")
    return real


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, bool) or key is None:
        return json.dumps(key)
    plain = key if isinstance(key, (int, float)) else _plain(key)
    return plain if isinstance(plain, str) else str(plain)


def encode(value: Any) -> str:
    """JSON text. Raises TypeError, ValueError or OverflowError, whose text says why, for what has no JSON form."""
    try:
        text = _encode(value)
    except (TypeError, ValueError, RecursionError):
        return _encode(_clean(value))
    deep = text.count("[") + text.count("{") > _DEPTH_MAX  # perhaps
    return _encode(_clean(value)) if deep or _LONG_NUMBER.search(text) else text


def is_missing(value: Any) -> bool:
    """None, NaN, NaT, NA: what pandas takes for a missing value."""
    return (
        value is None
        or value is pd.NA
        or value is pd.NaT
        or (isinstance(value, (float, np.floating)) and bool(value != value))
        or (isinstance(value, (np.datetime64, np.timedelta64)) and bool(np.isnat(value)))
        or (isinstance(value, decimal.Decimal) and value.is_nan())
    )


def encode_column(values: Any) -> list[str | None]:
    """JSON texts for any iterable of objects; a missing value is null."""
    texts: list[str | None] = []
    for row, value in enumerate(values):
        if is_missing(value):
            texts.append(None)
            continue
        try:
            text = encode(value)
            text.encode("utf-8")
        except (TypeError, ValueError, OverflowError, RecursionError) as why:
            raise BadValue(row, value, str(why)) from None
        texts.append(text)
    return texts
