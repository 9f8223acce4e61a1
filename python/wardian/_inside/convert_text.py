"""Strings and guids of a result column."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

import numpy as np
import pyarrow as pa

from wardian._inside import dynamic
from wardian._inside.convert import split_masked
from wardian._inside.failures import BadValue


def to_string(values: Any) -> pa.Array:
    """Text as it is, numbers as Python writes them, lists and dicts as JSON; a missing value is the empty string."""
    if isinstance(values, np.ndarray) and values.dtype == object:
        try:
            return pa.array(values, type=pa.large_string(), from_pandas=True)
        except (pa.ArrowException, TypeError, ValueError):
            pass  # something else than str is among them
    return pa.array([_text(row, value) for row, value in enumerate(_each(values))], type=pa.large_string())


def _each(values: Any) -> Any:
    values, mask = split_masked(values)
    if mask is not None:
        return [None if missing else value for value, missing in zip(values, mask, strict=True)]
    return values


def _text(row: int, value: Any) -> str | None:
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise BadValue(row, value, "is no valid Unicode text") from None
        return str.__str__(value)  # of an enumeration its value, not its name
    if dynamic.is_missing(value):
        return None
    if isinstance(value, np.longdouble):
        value = float(value)
    elif isinstance(value, np.generic):
        value = value.item() if not isinstance(value, (np.datetime64, np.timedelta64)) else value
    if isinstance(value, (bool, int, float, decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, (dict, list, tuple, np.ndarray, datetime.date, datetime.timedelta, np.datetime64, np.timedelta64)):
        try:
            text = dynamic.encode(value)
        except (TypeError, ValueError, OverflowError, RecursionError) as why:
            raise BadValue(row, value, str(why)) from None
        return text.strip('"') if not isinstance(value, (dict, list, tuple, np.ndarray)) else text
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            raise BadValue(row, value, "is no UTF-8 text") from None
    raise BadValue(row, value, "is no text")


def to_guid(values: Any) -> pa.Array:
    return pa.array([_guid(row, value) for row, value in enumerate(_each(values))], type=pa.large_string())


def _guid(row: int, value: Any) -> str | None:
    if dynamic.is_missing(value) or (isinstance(value, str) and value == ""):
        return None
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, str):
        try:
            return str(uuid.UUID(value))
        except ValueError:
            pass
    raise BadValue(row, value, "is no guid")


def to_dynamic(values: Any) -> pa.Array:
    return pa.array(dynamic.encode_column(_each(values)), type=pa.large_string())
