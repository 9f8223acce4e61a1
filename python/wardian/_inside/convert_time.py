"""datetime and timespan columns of a result."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside.dynamic import is_missing
from wardian._inside.failures import BadColumn, BadValue

_UNITS = ("s", "ms", "us", "ns")
_EPOCH = datetime.datetime(1970, 1, 1)
_MICROSECOND = datetime.timedelta(microseconds=1)


def to_datetime(values: Any) -> pa.Array:
    if isinstance(values, pd.PeriodIndex) or isinstance(getattr(values, "dtype", None), pd.PeriodDtype):
        values = values.to_timestamp()
    if isinstance(getattr(values, "dtype", None), pd.DatetimeTZDtype):
        values = values.tz_convert("UTC").tz_localize(None)
    counts = _counts(values, "M")
    if counts is not None:
        return pa.array(counts, type=pa.timestamp(np.datetime_data(counts.dtype)[0]), from_pandas=True)
    return _from_objects(values, _stamp, pa.timestamp, "is no datetime", "pd.to_datetime converts text and numbers")


def to_timespan(values: Any) -> pa.Array:
    counts = _counts(values, "m")
    if counts is not None:
        return pa.array(counts, type=pa.duration(np.datetime_data(counts.dtype)[0]), from_pandas=True)
    return _from_objects(values, _span, pa.duration, "is no timespan", "pd.to_timedelta converts text and numbers")


def _counts(values: Any, kind: str) -> np.ndarray | None:
    """The column as a numpy array of times in one of the units that cross, if it is one of times."""
    if isinstance(values, (pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray)):
        values = values.to_numpy()
    if not isinstance(values, np.ndarray) or values.dtype.kind != kind:
        return None
    unit, count = np.datetime_data(values.dtype)
    if unit in _UNITS and count == 1:
        return values
    return values.astype(f"{kind}8[s]" if unit not in ("ps", "fs", "as") else f"{kind}8[ns]")


def _stamp(value: Any) -> pd.Timestamp | datetime.datetime | None:
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, datetime.datetime):
        return value if value.tzinfo is None else value.astimezone(datetime.UTC).replace(tzinfo=None)
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        try:
            return _stamp(pd.Timestamp(value))
        except (ValueError, OverflowError):
            return None
    return None


def _span(value: Any) -> datetime.timedelta | None:
    if isinstance(value, np.timedelta64):
        return pd.Timedelta(value)
    return value if isinstance(value, datetime.timedelta) else None


def _from_objects(values: Any, read: Any, arrow_type: Any, why: str, hint: str) -> pa.Array:
    if (
        isinstance(values, np.ndarray)
        and values.dtype.kind in "iufcb"
        or (not isinstance(values, np.ndarray) and pd.api.types.is_numeric_dtype(values.dtype))
    ):
        if len(values) and not pd.isna(values).all():
            raise BadColumn(f"has dtype {values.dtype}", hint)
        return pa.nulls(len(values), arrow_type("ns"))
    times: list[Any] = []
    for row, value in enumerate(values):
        if is_missing(value):
            times.append(None)
            continue
        time = read(value)
        if time is None:
            raise BadValue(row, value, why)
        times.append(time)
    nanoseconds = [_nanoseconds(time) for time in times]
    if all(count is not None or time is None for count, time in zip(nanoseconds, times, strict=True)):
        return pa.array(nanoseconds, type=pa.int64()).cast(arrow_type("ns"))
    return pa.array([None if time is None else _microseconds(time) for time in times], type=pa.int64()).cast(arrow_type("us"))


def _nanoseconds(time: Any) -> int | None:
    """The count since the epoch (or of the span), or None when it does not fit 64 bits."""
    if time is None:
        return None
    fraction = getattr(time, "nanosecond", None)
    if fraction is None:
        fraction = getattr(time, "nanoseconds", 0)
    count = _microseconds(time) * 1000 + fraction
    return count if -(2**63) < count < 2**63 else None


def _microseconds(time: Any) -> int:
    if isinstance(time, pd.Timestamp):
        time = time.to_pydatetime(warn=False)
    elif isinstance(time, pd.Timedelta):
        return time.as_unit("ns").value // 1000 if time.unit == "ns" else time.to_pytimedelta() // _MICROSECOND
    return (time - _EPOCH) // _MICROSECOND if isinstance(time, datetime.datetime) else time // _MICROSECOND
