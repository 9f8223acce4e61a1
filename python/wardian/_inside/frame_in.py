"""Columns of a mapped Arrow record batch as a pandas DataFrame.

The request says where each buffer lies and of which type it is, so nothing needs to be parsed here. Numbers and times are
ndarrays over the map itself; integers with nulls are pandas' masked arrays over it, so that they stay integers; what
has no such form (strings, JSON, decimals) becomes Python objects.
"""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside import dynamic
from wardian._inside.convert_time import EPOCH_TICKS, times_of
from wardian._inside.memory_map import Piece, same_memory
from wardian._inside.versions import HAS_MICROSECONDS, HAS_TEXT

_FIXED = {"int": np.int32, "long": np.int64, "real": np.float64}
_MASKED = (pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.BooleanArray)
# Arrays that keep Arrow's under another name before pandas 2.1.
_BEFORE_PA_ARRAY = (pd.arrays.ArrowStringArray, pd.arrays.ArrowExtensionArray)


class InputColumn:
    """One column as it came: kept to see, at the end, whether the script returns it unchanged."""

    piece_type = Piece

    def __init__(self, files: list[int], bodies: list[int], rows: int, spec: dict[str, Any], position: int) -> None:
        self.position = position
        self.name: str = spec["name"]
        self.type: str = spec["type"]
        self.rows = rows
        self.nulls: int = spec["nulls"]
        self.unit: str = spec.get("unit", "ns")
        self.far = self.unit == "tick"  # times of which some lie beyond nanoseconds
        self._scale: int = spec.get("scale", 0)
        fd, body = files[spec["file"]], bodies[spec["file"]]
        pieces = [self.piece_type(fd, body + spec[part][0], spec[part][1]) for part in ("validity", "values", "text")]
        self._validity, self._values, self._text = pieces
        # What the script was lent, where that tells whether it comes back.
        self._objects: np.ndarray | None = None
        self._arrow: pa.Array | None = None
        self._floats = False  # integers as floats

    def array(self) -> Any:
        """What the DataFrame is given for this column, if nobody asks for another form."""
        kind = self.type
        if kind == "real":
            return self.numbers()  # nulls are NaN in the file already
        if kind in ("int", "long"):
            values = self.numbers()
            return pd.arrays.IntegerArray(values, self.mask()) if self.nulls else values
        if kind == "bool":
            values = self.truths()
            return pd.arrays.BooleanArray(values, self.mask()) if self.nulls else values
        if kind in EPOCH_TICKS:
            if self.far:
                times = self.microseconds()
                return times if HAS_MICROSECONDS else self.lend_objects(times.astype(object))
            return self._values.array(self._time_dtype(), self.rows)
        if kind == "decimal":
            decimals = self.arrow_decimals().to_numpy(zero_copy_only=False)
            return self.lend_objects(np.fromiter(map(_plain, decimals), dtype=object, count=self.rows))
        texts = self.arrow_texts()
        if kind == "dynamic":
            objects = dynamic.decode_column(texts.to_numpy(zero_copy_only=False))
            return pd.Series(objects, dtype=object, copy=False) if HAS_TEXT else objects  # else taken for text, if all are
        if HAS_TEXT:
            return pd.array(self.lend_arrow(texts), dtype=pd.StringDtype("pyarrow", na_value=np.nan))
        return self.lend_objects(texts.to_numpy(zero_copy_only=False))

    # --- the values as they lie in the file ------------------------------------------------------------------------------

    def numbers(self) -> np.ndarray:
        return self._values.array(_FIXED[self.type], self.rows)

    def truths(self) -> np.ndarray:
        bits = self._values.array(np.uint8, (self.rows + 7) // 8)
        return np.unpackbits(bits, count=self.rows, bitorder="little").view(bool)

    def mask(self) -> np.ndarray:
        """True where a row is null."""
        if not self.nulls:
            return np.zeros(self.rows, dtype=bool)
        bits = self._validity.array(np.uint8, (self.rows + 7) // 8)
        return ~np.unpackbits(bits, count=self.rows, bitorder="little").view(bool)

    def microseconds(self) -> np.ndarray:
        """Of far times, cut to pandas' next unit: towards zero, as the longest timespans have no microsecond further out."""
        ticks = self._values.array(np.int64, self.rows)
        counts = ticks // 10
        counts += (ticks < 0) & (ticks % 10 != 0)
        counts -= EPOCH_TICKS[self.type] // 10
        times = counts.view(self._time_dtype())
        if self.nulls:
            times[self.mask()] = "NaT"
        return times

    def floats(self) -> np.ndarray:
        """Integers among nulls as old scripts know them; beyond 2^53 their last digits are lost."""
        values = self.numbers().astype(np.float64)
        values[self.mask()] = np.nan
        return values

    def arrow_numbers(self, type: pa.DataType) -> pa.Array:
        """In memory of its own: writing to what numpy has changes nothing here."""
        return self._from_buffers(type, [self._values.again()])

    def arrow_decimals(self) -> pa.Array:
        return self._from_buffers(pa.decimal128(38, self._scale), [self._values])

    def arrow_texts(self) -> pa.Array:
        return self._from_buffers(pa.large_string(), [self._values, self._text])

    def _from_buffers(self, type: pa.DataType, pieces: list[Piece]) -> pa.Array:
        buffers = [pa.py_buffer(self._validity.buffer()) if self.nulls else None]
        buffers += [pa.py_buffer(piece.buffer()) for piece in pieces]
        return pa.Array.from_buffers(type, self.rows, buffers, null_count=self.nulls)

    def _time_dtype(self) -> str:
        return ("M8" if self.type == "datetime" else "m8") + f"[{'us' if self.far else self.unit}]"

    # --- what the script is lent, and whether it comes back --------------------------------------------------------------

    def lend_objects(self, objects: np.ndarray) -> np.ndarray:
        self._objects = objects.copy()
        return objects

    def lend_arrow(self, array: pa.Array) -> pa.Array:
        """The first that was lent, so that all are the same."""
        if self._arrow is None:
            self._arrow = array
        return self._arrow

    def lend_floats(self, values: np.ndarray) -> np.ndarray:
        self._floats = True
        return values

    def unchanged_in(self, values: Any) -> bool:
        """Whether `values` (a column's array) is, value for value, this column. Objects are compared by identity, so
        only for those that cannot change under us."""
        if isinstance(values, _MASKED):
            return self._unchanged_masked(values._data, values._mask)
        held = arrow_behind(values)
        if held is not None:
            if self._arrow is None or held.num_chunks != 1 or _place(held.chunk(0)) != _place(self._arrow):
                return False
            # The same memory, into which native code may have written, read-only or not.
            pieces = zip((self._validity, self._values, self._text), held.chunk(0).buffers(), strict=False)
            return self.far or all(piece.same_as(np.frombuffer(buffer, np.uint8)) for piece, buffer in pieces if buffer)
        if not isinstance(values, np.ndarray) or values.ndim != 1 or len(values) != self.rows:
            return False
        if values.dtype == object:
            return self._objects is not None and values.flags.c_contiguous and same_memory(values, self._objects)
        if self.far:
            came = self.microseconds()
            return values.dtype == came.dtype and bool((values.view(np.int64) == came.view(np.int64)).all())
        if self.type in ("int", "long") and self.nulls:
            return self._floats and values.dtype == np.float64 and np.array_equal(values, self.floats(), equal_nan=True)
        expected = {
            "int": "i4",
            "long": "i8",
            "real": "f8",
            "datetime": f"M8[{self.unit}]",
            "timespan": f"m8[{self.unit}]",
        }.get(self.type)
        return expected is not None and values.dtype == np.dtype(expected) and self._values.same_as(values)

    def _unchanged_masked(self, data: np.ndarray, mask: np.ndarray) -> bool:
        if self.type not in _FIXED or len(data) != self.rows or data.dtype != _FIXED[self.type]:
            return False
        if not mask.any():
            return not self.nulls and self._values.same_as(data)
        under = np.nan if self.type == "real" else 0  # what stands under a null in the file
        return bool((mask == self.mask()).all()) and self._values.same_as(np.where(mask, under, data))

    @property
    def lost_digits(self) -> bool:
        """Whether values lost digits on the way to the script."""
        return self.far or self._floats

    def recall(self, values: Any, labels: pd.Index) -> tuple[Any, Callable[[pa.Array], pa.Array]] | None:
        """For a column whose values lost their last digits on the way to the script, which each has again that its row still
        holds as it came: what to convert instead of `values`, and what makes the column of it. `labels` tell which row of the
        input each is, unless the script gave its frame others."""
        held = arrow_behind(values)
        if held is not None and self.far and pa.types.is_temporal(held.type) and getattr(held.type, "tz", None) is None:
            values = times_of(held)
        if not isinstance(values, np.ndarray) or labels.dtype != np.int64:
            return None
        rows = labels.to_numpy()
        known = np.flatnonzero((rows >= 0) & (rows < self.rows))
        rows = rows[known]
        if values.dtype == object:
            if self._objects is None:
                return None
            same = np.fromiter(map(operator.is_, self._objects[rows], values[known]), dtype=bool, count=len(rows))
        else:
            came = self.microseconds() if self.far else self.floats()
            if values.dtype != came.dtype:
                return None
            same = came[rows] == values[known]
        same &= ~self.mask()[rows]
        known, rows = known[same], rows[same]
        rest = values.copy()
        rest[known] = None if values.dtype == object else np.array("NaT", dtype=rest.dtype) if self.far else 0.0
        return rest, lambda array: self._with_originals(array, known, rows)

    def _with_originals(self, array: pa.Array, places: np.ndarray, rows: np.ndarray) -> pa.Array:
        """`array`, whose times become ticks, with the file's values of `rows` at `places`."""
        missing = np.asarray(array.is_null())
        if pa.types.is_temporal(array.type):
            per_tick = {"s": 10**7, "ms": 10**4, "us": 10, "ns": 1}[array.type.unit]
            values = array.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
            values = (values // 100 if array.type.unit == "ns" else values * per_tick) + EPOCH_TICKS[self.type]
        else:
            values = array.fill_null(0).to_numpy(zero_copy_only=False).copy()
        missing = missing.copy()
        missing[places] = False
        values[places] = self._values.array(np.int64 if self.far else _FIXED[self.type], self.rows)[rows]
        return pa.array(values, mask=missing)


def arrow_behind(values: Any) -> pa.ChunkedArray | None:
    """What an array of pandas' holds in Arrow's memory, or an array of Arrow's own."""
    if isinstance(values, (pa.ChunkedArray, pa.Array)):
        return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
    held = getattr(values, "_pa_array", None)
    if held is None and isinstance(values, _BEFORE_PA_ARRAY):
        held = values._data
    return held if isinstance(held, pa.ChunkedArray) else None


def _place(array: pa.Array) -> tuple:
    return (array.type, array.offset, len(array), *(buffer and buffer.address for buffer in array.buffers()))


def _plain(value: decimal.Decimal | None) -> decimal.Decimal | None:
    """Without the zeros that the column's scale appends: 1.50000 → 1.5, 100.000 → 100."""
    if value is None:
        return None
    short = value.normalize(_EXACT)
    return short.quantize(decimal.Decimal(1), context=_EXACT) if short.as_tuple().exponent > 0 else short


_EXACT = decimal.Context(prec=60)


class InputFrame:
    """A named input: its columns and the DataFrame built from them."""

    column_type = InputColumn

    def __init__(self, files: list[int], spec: dict[str, Any]) -> None:
        self.rows: int = spec["rows"]
        self.columns = [
            self.column_type(files, spec["bodies"], self.rows, column, position)
            for position, column in enumerate(spec["columns"])
        ]
        self.by_name = {column.name: column for column in self.columns}

    def data_frame(self, form: Callable[[InputColumn], Any] = InputColumn.array) -> pd.DataFrame:
        if not self.columns:
            return pd.DataFrame(index=pd.RangeIndex(self.rows))
        return pd.DataFrame({column.name: form(column) for column in self.columns}, copy=False)
