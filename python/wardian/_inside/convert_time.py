"""datetime and timespan columns of a result.

They cross as counts of seconds, milliseconds, microseconds or nanoseconds where pandas holds them so, and else as ticks of
100 ns, KQL's own: an int64 array, for a datetime since the year 1.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside.dynamic import is_missing
from wardian._inside.failures import BadColumn, BadValue
from wardian._inside.versions import UTC

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_EPOCH = datetime.datetime(1970, 1, 1)
_MICROSECOND = datetime.timedelta(microseconds=1)
_TICKS_PER_SECOND = 10**7
_NS_PER_TICK = 100
EPOCH_TICKS = {"datetime": 621_355_968_000_000_000, "timespan": 0}
# In ticks: the year 1 to the end of 9999, and what 64 bits hold.
_BOUNDS = {"datetime": (0, 3_155_378_975_999_999_999), "timespan": (-(2**63), 2**63 - 1)}
_BEYOND = "lies outside the range of {}"


def to_datetime(values: Any) -> pa.Array:
    if isinstance(getattr(values, "dtype", None), pd.PeriodDtype):
        values = np.array([_period_start(row, value) for row, value in enumerate(values)], dtype=object)
    if isinstance(getattr(values, "dtype", None), pd.DatetimeTZDtype):
        values = values.tz_convert("UTC").tz_localize(None)
    counts = _counts(values, "datetime")
    if counts is not None:
        return pa.array(counts, type=pa.timestamp(np.datetime_data(counts.dtype)[0]), from_pandas=True)
    return _from_objects(values, "datetime", pa.timestamp("ns"), "pd.to_datetime converts text and numbers")


def to_timespan(values: Any) -> pa.Array:
    counts = _counts(values, "timespan")
    if counts is not None:
        return pa.array(counts, type=pa.duration(np.datetime_data(counts.dtype)[0]), from_pandas=True)
    return _from_objects(values, "timespan", pa.duration("ns"), "pd.to_timedelta converts text and numbers")


def times_of(column: pa.ChunkedArray) -> np.ndarray:
    """Timestamps without a zone, or durations, as numpy's."""
    letter = "M" if pa.types.is_timestamp(column.type) else "m"
    counts = column.combine_chunks().cast(pa.int64())
    values = counts.fill_null(0).to_numpy(zero_copy_only=False).view(f"{letter}8[{column.type.unit}]")
    if counts.null_count:
        values = values.copy()
        values[np.asarray(counts.is_null())] = "NaT"
    return values


def _counts(values: Any, kind: str) -> np.ndarray | None:
    """The column as a numpy array of times in one of the units that cross, if it is one of times. Raises BadValue for the
    first beyond the type's range."""
    letter = "M" if kind == "datetime" else "m"
    if isinstance(values, (pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray)):
        values = values.to_numpy()
    if not isinstance(values, np.ndarray) or values.dtype.kind != letter:
        return None
    unit, count = np.datetime_data(values.dtype)
    if unit not in _PER_SECOND or count != 1:  # pandas has no columns of other units
        unit = "s" if unit not in ("ps", "fs", "as") else "ns"
        values = values.astype(f"{letter}8[{unit}]")
    if unit != "ns":
        low, high = (_toward_zero(bound - EPOCH_TICKS[kind], _TICKS_PER_SECOND // _PER_SECOND[unit]) for bound in _BOUNDS[kind])
        numbers = values.view(np.int64)
        wrong = ((numbers < low) | (numbers > high)) & ~np.isnat(values)
        if wrong.any():
            row = int(wrong.argmax())
            raise BadValue(row, values[row], _BEYOND.format(kind))
    return values


def _toward_zero(value: int, by: int) -> int:
    return value // by if value >= 0 else -(-value // by)


_FINE_PERIODS = ("ms", "us", "ns", "L", "U", "N")


def _period_start(row: int, value: Any) -> Any:
    if value is pd.NaT:
        return None
    try:
        if value.freqstr in _FINE_PERIODS:
            return value.start_time
        second = value.asfreq("s", how="start")
        return datetime.datetime(second.year, second.month, second.day, second.hour, second.minute, second.second)
    except (ValueError, OverflowError):
        raise BadValue(row, value, _BEYOND.format("datetime")) from None


def _from_objects(values: Any, kind: str, arrow_type: pa.DataType, hint: str) -> pa.Array:
    if (
        isinstance(values, np.ndarray)
        and values.dtype.kind in "iufcb"
        or (not isinstance(values, np.ndarray) and pd.api.types.is_numeric_dtype(values.dtype))
    ):
        if len(values) and not pd.isna(values).all():
            raise BadColumn(f"has dtype {values.dtype}", hint)
        return pa.nulls(len(values), arrow_type)
    low, high = _BOUNDS[kind]
    times: list[int | None] = []
    for row, value in enumerate(values):
        if is_missing(value):
            times.append(None)
            continue
        try:
            time = _datetime_ns(value) if kind == "datetime" else _timespan_ns(value)
        except (ValueError, OverflowError):
            raise BadValue(row, value, f"is no {kind}", hint) from None
        if time is not None and not low <= time // _NS_PER_TICK + EPOCH_TICKS[kind] <= high:
            raise BadValue(row, value, _BEYOND.format(kind))
        times.append(time)
    if all(time is None or -(2**63) < time < 2**63 for time in times):
        return pa.array(times, type=pa.int64()).cast(arrow_type)
    return pa.array([None if time is None else time // _NS_PER_TICK + EPOCH_TICKS[kind] for time in times], type=pa.int64())


def _datetime_ns(value: Any) -> int | None:
    """Nanoseconds since 1970, of any size; None for a text that stands for no time. Raises ValueError for what is no datetime."""
    if isinstance(value, str):
        return _text_ns(value)
    if isinstance(value, pd.Timestamp):
        value = (value if value.tzinfo is None else value.tz_convert("UTC").tz_localize(None)).asm8
    if isinstance(value, np.datetime64):
        return _numpy_ns(value)
    if isinstance(value, datetime.datetime):
        plain = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        return (plain - _EPOCH) // _MICROSECOND * 1000
    if isinstance(value, datetime.date):
        return (datetime.datetime(value.year, value.month, value.day) - _EPOCH) // _MICROSECOND * 1000
    raise ValueError


# Beyond nanoseconds pandas reads at most six digits of a second, and before pandas 2 nothing.
_FAR_TEXT = re.compile(r"(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?")


# Of what pandas reads besides, it guesses the day, the month, the year or the zone.
_ISO_TEXT = re.compile(
    r"(?:\d{4}(?:-\d\d?(?:-\d\d?)?)?|\d{8})(?:[T ]\d\d?(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?)?\s*(?:Z|UTC|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)
_NO_TIME_TEXTS = ("", "nat", "nan")


def _text_ns(text: str) -> int | None:
    bare = text.strip()
    if bare.lower() in _NO_TIME_TEXTS:
        return None
    if not _ISO_TEXT.fullmatch(bare):
        raise ValueError
    try:
        time = pd.Timestamp(text)
    except (ValueError, OverflowError):
        found = _FAR_TEXT.fullmatch(text.strip())
        if found is None:
            raise
        moment, digits, sign, hours, minutes = found.groups()
        zone = int(hours or 0) * 60 + int(minutes or 0)
        return (
            _datetime_ns(datetime.datetime.fromisoformat(moment))
            + int((digits or "0").ljust(9, "0"))
            - (zone if sign == "+" else -zone) * 60 * 10**9
        )
    return None if time is pd.NaT else _datetime_ns(time)


def _timespan_ns(value: Any) -> int | None:
    if isinstance(value, pd.Timedelta):
        value = value.asm8
    if isinstance(value, np.timedelta64):
        return _numpy_ns(value)
    if isinstance(value, datetime.timedelta):
        return value // _MICROSECOND * 1000
    raise ValueError


def _numpy_ns(value: np.datetime64 | np.timedelta64) -> int:
    """A numpy scalar as nanoseconds: in Python's integers, as numpy's wrap around."""
    unit, count = np.datetime_data(value.dtype)
    if unit == "generic":
        raise ValueError
    if unit not in _PER_SECOND or count != 1:
        seconds = value.astype(f"{value.dtype.kind}8[s]")
        if seconds.astype(value.dtype) != value:
            raise ValueError
        value, unit = seconds, "s"
    return int(value.astype(np.int64)) * (10**9 // _PER_SECOND[unit])
