"""Columns of a mapped Arrow record batch as a pandas DataFrame.

The request says where each buffer lies and of which type it is, so nothing needs to be parsed here. Numbers and times are
ndarrays over the map itself; integers with nulls are pandas' masked arrays over it, so that they stay integers; what
has no such form (strings, JSON, decimals) becomes Python objects.
"""

from __future__ import annotations

import decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside import dynamic
from wardian._inside.convert_time import EPOCH_TICKS
from wardian._inside.memory_map import Piece, same_memory

_FIXED = {"int": np.int32, "long": np.int64, "real": np.float64}


class InputColumn:
    """One column as it came: kept to see, at the end, whether the script returns it unchanged."""

    piece_type = Piece

    def __init__(self, files: list[int], bodies: list[int], rows: int, spec: dict[str, Any], position: int) -> None:
        self.position = position
        self.name: str = spec["name"]
        self.type: str = spec["type"]
        self.rows = rows
        self.nulls: int = spec["nulls"]
        self._unit: str = spec.get("unit", "ns")
        self._scale: int = spec.get("scale", 0)
        fd, body = files[spec["file"]], bodies[spec["file"]]
        pieces = [self.piece_type(fd, body + spec[part][0], spec[part][1]) for part in ("validity", "values", "text")]
        self._validity, self._values, self._text = pieces
        self._objects: np.ndarray | None = None

    def array(self):
        """What the DataFrame is given for this column."""
        rows, kind = self.rows, self.type
        if kind == "real":
            return self._values.array(np.float64, rows)  # nulls are NaN in the file already
        if kind in ("int", "long"):
            values = self._values.array(_FIXED[kind], rows)
            return pd.arrays.IntegerArray(values, self.mask()) if self.nulls else values
        if kind == "bool":
            values = np.unpackbits(self._values.array(np.uint8, (rows + 7) // 8), count=rows, bitorder="little").view(bool)
            return pd.arrays.BooleanArray(values, self.mask()) if self.nulls else values
        if kind in EPOCH_TICKS:
            return self._microseconds() if self._unit == "tick" else self._values.array(self._time_dtype(), rows)
        if kind == "decimal":
            return self._remember(self._decimals())
        texts = self._arrow(pa.large_string(), text=True).to_numpy(zero_copy_only=False)
        return dynamic.decode_column(texts) if kind == "dynamic" else self._remember(texts)

    @property
    def loses_digits(self) -> bool:
        """Whether pandas holds these times less exactly than they came."""
        return self._unit == "tick"

    def mask(self) -> np.ndarray:
        """True where a row is null."""
        bits = self._validity.array(np.uint8, (self.rows + 7) // 8)
        return ~np.unpackbits(bits, count=self.rows, bitorder="little").view(bool)

    def _time_dtype(self) -> str:
        return ("M8" if self.type == "datetime" else "m8") + f"[{'us' if self._unit == 'tick' else self._unit}]"

    def _microseconds(self) -> np.ndarray:
        """Ticks of which some lie beyond nanoseconds, cut to pandas' next unit: towards zero, as the longest timespans have no
        microsecond further out."""
        ticks = self._values.array(np.int64, self.rows)
        counts = ticks // 10
        counts += (ticks < 0) & (ticks % 10 != 0)
        counts -= EPOCH_TICKS[self.type] // 10
        times = counts.view(self._time_dtype())
        if self.nulls:
            times[self.mask()] = "NaT"
        return times

    def with_lost_digits(self, values: Any, labels: pd.Index) -> pa.Array | None:
        """For a column of ticks: `values` as ticks, each that its row still holds as it came with the digit that pandas could not
        hold. `labels` tell which row of the input each is, unless the script gave its frame others."""
        if self._unit != "tick" or not isinstance(values, np.ndarray) or values.dtype != np.dtype(self._time_dtype()):
            return None
        if labels.dtype != np.int64:
            return None
        missing = np.isnat(values)
        ticks = np.where(missing, 0, values.view(np.int64)) * 10 + EPOCH_TICKS[self.type]
        rows = labels.to_numpy()
        known = np.flatnonzero((rows >= 0) & (rows < self.rows))
        rows = rows[known]
        same = self._microseconds()[rows] == values[known]
        ticks[known[same]] = self._values.array(np.int64, self.rows)[rows[same]]
        return pa.array(ticks, mask=missing)

    def unchanged_in(self, values: Any) -> bool:
        """Whether `values` (a column's array) is, value for value, this column. Objects are compared by identity, so
        only for those that cannot change under us."""
        if isinstance(values, pd.arrays.IntegerArray) and self.type in ("int", "long") and self.nulls:
            data, mask = values._data, values._mask
            return (
                len(data) == self.rows
                and data.dtype == _FIXED[self.type]
                and bool((mask == self.mask()).all())
                and self._values.same_as(np.where(mask, 0, data) if mask.any() else data)
            )
        if not isinstance(values, np.ndarray) or values.ndim != 1 or len(values) != self.rows:
            return False
        if self._objects is not None:
            return values.dtype == object and values.flags.c_contiguous and same_memory(values, self._objects)
        if self.type in ("int", "long") and self.nulls:
            return False
        if self._unit == "tick":
            came = self._microseconds()
            return values.dtype == came.dtype and bool((values.view(np.int64) == came.view(np.int64)).all())
        expected = {
            "int": "i4",
            "long": "i8",
            "real": "f8",
            "datetime": f"M8[{self._unit}]",
            "timespan": f"m8[{self._unit}]",
        }.get(self.type)
        return expected is not None and values.dtype == np.dtype(expected) and self._values.same_as(values)

    def _remember(self, objects: np.ndarray) -> np.ndarray:
        self._objects = objects.copy()
        return objects

    def _arrow(self, type: pa.DataType, text: bool = False) -> pa.Array:
        pieces = [self._validity if self.nulls else None, self._values] + ([self._text] if text else [])
        buffers = [None if piece is None else pa.py_buffer(piece.buffer()) for piece in pieces]
        return pa.Array.from_buffers(type, self.rows, buffers, null_count=self.nulls)

    def _decimals(self) -> np.ndarray:
        values = self._arrow(pa.decimal128(38, self._scale)).to_numpy(zero_copy_only=False)
        return np.fromiter((_plain(value) for value in values), dtype=object, count=self.rows)


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

    def data_frame(self) -> pd.DataFrame:
        if not self.columns:
            return pd.DataFrame(index=pd.RangeIndex(self.rows))
        return pd.DataFrame({column.name: column.array() for column in self.columns}, copy=False)
