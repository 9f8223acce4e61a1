"""Column types for outputs that were not declared: from dtypes, and from what object columns hold."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

import numpy as np
import pandas as pd

from wardian._inside.dynamic import is_missing

_DECIMAL_SCALE = 17


def inferred_columns(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """[{name, type}] for every column, names made distinct and textual."""
    taken: set[str] = set()
    columns = []
    for position, label in enumerate(frame.columns):
        base = ".".join(map(str, label)) if isinstance(label, tuple) else str(label)
        name, number = base, 0
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name)
        kind = _type_of(frame.iloc[:, position])
        columns.append({"name": name, "type": kind} | ({"scale": _DECIMAL_SCALE} if kind == "decimal" else {}))
    frame.columns = [column["name"] for column in columns]
    return columns


def _type_of(series: pd.Series) -> str:
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _type_of(pd.Series(dtype.categories))
    if pd.api.types.is_bool_dtype(dtype):
        return "bool"
    if pd.api.types.is_integer_dtype(dtype):
        return (
            "int"
            if dtype
            in (np.dtype("int8"), np.dtype("int16"), np.dtype("int32"), np.dtype("uint8"), np.dtype("uint16"), pd.Int32Dtype())
            else "long"
        )
    if pd.api.types.is_float_dtype(dtype):
        return "real"
    if pd.api.types.is_datetime64_any_dtype(dtype) or isinstance(dtype, pd.PeriodDtype):
        return "datetime"
    if pd.api.types.is_timedelta64_dtype(dtype):
        return "timespan"
    if isinstance(dtype, pd.StringDtype):
        return "string"
    return _type_of_objects(series)


def _type_of_objects(series: pd.Series) -> str:
    kinds = {_kind(value) for value in series.array if not is_missing(value)}
    if not kinds:
        return "string"
    if kinds <= {"int", "bool"} and "int" in kinds:
        return "long"
    if kinds == {"int", "real"}:
        return "real"
    return kinds.pop() if len(kinds) == 1 else "dynamic"


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "string"
    if isinstance(value, (bool, np.bool_)):
        return "bool"
    if isinstance(value, (int, np.integer)):
        return "int"
    if isinstance(value, (float, np.floating)):
        return "real"
    if isinstance(value, decimal.Decimal):
        return "decimal"
    if isinstance(value, (datetime.date, np.datetime64)):
        return "datetime"
    if isinstance(value, (datetime.timedelta, np.timedelta64)):
        return "timespan"
    return "guid" if isinstance(value, uuid.UUID) else "dynamic"
