"""Numbers and truth values of a result column as the declared type: lossless, or refused with row and value.

Every converter takes the column's array (numpy or pandas) and returns a pyarrow array of exactly the type that crosses.
"""

from __future__ import annotations

import decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside.dynamic import is_missing
from wardian._inside.failures import BadColumn, BadValue

_ARROW = {"bool": pa.bool_(), "int": pa.int32(), "long": pa.int64(), "real": pa.float64()}
_DECIMAL_DIGITS = 38


def split_masked(values: Any) -> tuple[Any, np.ndarray | None]:
    """A masked array (Int64, boolean, Float64) as ndarray and mask (True: missing); others as they are."""
    if isinstance(values, pd.core.arrays.masked.BaseMaskedArray):
        return values._data, values._mask if values._mask.any() else None
    return values, None


def _first(wrong: np.ndarray, values: np.ndarray, why: str) -> None:
    """Raises for the first row where `wrong` is true, if there is one."""
    if wrong.any():
        row = int(wrong.argmax())
        raise BadValue(row, values[row], why)


def _numbers(values: np.ndarray, mask: np.ndarray | None, type_name: str) -> pa.Array:
    return pa.array(values, type=_ARROW[type_name], mask=mask)


def to_integer(values: Any, type_name: str) -> pa.Array:
    bits = 32 if type_name == "int" else 64
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    target = np.int32 if bits == 32 else np.int64
    values, mask = split_masked(values)
    held = np.zeros(0) if mask is None else mask
    if isinstance(values, np.ndarray) and values.dtype.kind in "bui":
        if values.dtype.kind != "b" and (values.dtype.itemsize > target().itemsize or values.dtype.kind == "u"):
            wrong = values > high
            if values.dtype.kind == "i":
                wrong |= values < low
            _first(wrong & ~held if mask is not None else wrong, values, f"does not fit {bits} bits")
        return _numbers(values.astype(target, copy=False), mask, type_name)
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        if values.dtype.itemsize < 4:  # the bounds are beyond it
            values = values.astype(np.float64)
        missing = np.isnan(values) if mask is None else mask | np.isnan(values)
        present = np.where(missing, 0, values)
        _first(present != np.floor(present), values, "is no whole number")
        _first((present < float(low)) | (present >= float(high + 1)), values, f"does not fit {bits} bits")
        return _numbers(present.astype(target), missing if missing.any() else None, type_name)
    return pa.array(
        [_integer(row, value, low, high, bits) for row, value in enumerate(objects_of(values))], type=_ARROW[type_name]
    )


def _integer(row: int, value: Any, low: int, high: int, bits: int) -> int | None:
    if is_missing(value):
        return None
    if not isinstance(value, (int, float, np.bool_, np.integer, np.floating, decimal.Decimal)):
        raise BadValue(row, value, "is no number")
    try:
        whole = int(value)
    except (OverflowError, ValueError):
        raise BadValue(row, value, "is no whole number") from None
    if whole != value:
        raise BadValue(row, value, "is no whole number")
    if not low <= whole <= high:
        raise BadValue(row, value, f"does not fit {bits} bits")
    return whole


def to_real(values: Any, type_name: str) -> pa.Array:
    has_nulls_of_its_own = isinstance(values, pd.core.arrays.masked.BaseMaskedArray)
    values, mask = split_masked(values)
    if isinstance(values, np.ndarray) and values.dtype.kind == "f" and values.dtype.itemsize <= 8:
        values = values.astype(np.float64, copy=False)
        # NaN is what pandas takes for missing elsewhere, so it is null. Looked for first: without one, nothing is copied.
        missing = not has_nulls_of_its_own and bool(np.isnan(values).any())
        return pa.array(values, type=pa.float64(), mask=mask, from_pandas=missing)
    if isinstance(values, np.ndarray) and values.dtype.kind in "bui":
        real = values.astype(np.float64)
        if values.dtype.kind != "b" and values.dtype.itemsize == 8:
            far = np.abs(real) >= 2.0**53
            if far.any():
                wrong = np.zeros(len(values), dtype=bool)
                for row in np.flatnonzero(far):
                    wrong[row] = int(real[row]) != int(values[row]) and not (mask is not None and mask[row])
                _first(wrong, values, "is not exact as a real")
        return _numbers(real, mask, type_name)
    return pa.array([_real(row, value) for row, value in enumerate(objects_of(values))], type=pa.float64())


def _real(row: int, value: Any) -> float | None:
    if is_missing(value):
        return None
    if not isinstance(value, (int, float, np.bool_, np.integer, np.floating, decimal.Decimal)):
        raise BadValue(row, value, "is no number")
    try:
        real = float(value)
    except OverflowError:
        raise BadValue(row, value, "does not fit a real") from None
    if isinstance(value, (int, np.integer)) and int(real) != int(value):
        raise BadValue(row, value, "is not exact as a real")
    return real


def to_bool(values: Any, type_name: str) -> pa.Array:
    values, mask = split_masked(values)
    if isinstance(values, np.ndarray) and values.dtype.kind == "b":
        return _numbers(values, mask, type_name)
    if isinstance(values, np.ndarray) and values.dtype.kind in "uif":
        missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), dtype=bool)
        if mask is not None:
            missing = missing | mask
        _first(~missing & (values != 0) & (values != 1), values, "is neither true nor false")
        return _numbers(values == 1, missing if missing.any() else None, type_name)
    return pa.array([_truth(row, value) for row, value in enumerate(objects_of(values))], type=pa.bool_())


def _truth(row: int, value: Any) -> bool | None:
    if is_missing(value):
        return None
    if isinstance(value, (bool, np.bool_, int, float, np.integer, np.floating)) and value in (0, 1):
        return bool(value)
    raise BadValue(row, value, "is neither true nor false")


def to_decimal(values: Any, scale: int) -> pa.Array:
    unit = decimal.Decimal(1).scaleb(-scale)
    context = decimal.Context(prec=_DECIMAL_DIGITS, traps=[decimal.InvalidOperation, decimal.Inexact])

    def convert(row: int, value: Any) -> decimal.Decimal | None:
        if is_missing(value):
            return None
        if isinstance(value, (float, np.floating)):
            exact = decimal.Decimal(repr(float(value)))
        elif isinstance(value, (int, np.integer, np.bool_)):
            exact = decimal.Decimal(int(value))
        elif isinstance(value, decimal.Decimal):
            exact = value
        else:
            raise BadValue(row, value, "is no number")
        try:
            return exact.quantize(unit, context=context)
        except decimal.InvalidOperation:
            raise BadValue(row, value, f"does not fit a decimal of {_DECIMAL_DIGITS - scale} digits before its point") from None
        except decimal.Inexact:
            raise BadValue(
                row, value, f"has more than {scale} digits behind its point", f"round(value, {scale}) gives up the others."
            ) from None

    converted = [convert(row, value) for row, value in enumerate(objects_of(values))]
    return pa.array(converted, type=pa.decimal128(_DECIMAL_DIGITS, scale))


def objects_of(values: Any) -> Any:
    """The array's values as Python objects, to be looked at one by one."""
    if isinstance(values, np.ndarray):
        if values.dtype.kind not in "ObuifcSU":
            raise BadColumn(f"has dtype {values.dtype}")
        return values
    return values.to_numpy(dtype=object, na_value=None) if hasattr(values, "to_numpy") else values
