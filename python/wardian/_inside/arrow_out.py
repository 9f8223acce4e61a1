"""Results in Arrow's memory: tables of Arrow's and polars' as they are, and columns of pandas' that lie there.

Nothing goes through pandas where Arrow's own types say what is meant: integers among nulls stay integers, and NaN is no null.
What Arrow cannot convert without loss is left to the converters of pandas' columns, which name row and value.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside import convert_time
from wardian._inside.dynamic import encode_column

TYPE_KEY = b"kql_type"  # of a field's metadata: see column_forms.py


class ArrowFrame:
    """A table of Arrow's with as much of a DataFrame's interface as a result needs."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.columns = table.column_names
        self.index = pd.RangeIndex(table.num_rows)
        self.dtypes = table.schema.types

    def __len__(self) -> int:
        return self.table.num_rows

    def column(self, position: int) -> pa.ChunkedArray:
        return self.table.column(position)

    def is_json(self, position: int) -> bool:
        """Whether a column of text is that of a dynamic of ours."""
        return (self.table.field(position).metadata or {}).get(TYPE_KEY) == b"dynamic"


def table_of(value: Any) -> pa.Table | None:
    """Whatever holds a table in Arrow's form, as one; None for what does not. LazyFrames of polars' are computed here."""
    if type(value).__module__.partition(".")[0] == "polars":
        if hasattr(value, "collect"):
            value = value.collect()
        if hasattr(value, "to_frame"):
            value = value.to_frame()
        return value.to_arrow() if hasattr(value, "to_arrow") else None
    if isinstance(value, pa.Table):
        return value
    if isinstance(value, pa.RecordBatch):
        return pa.Table.from_batches([value])
    if isinstance(value, pa.RecordBatchReader):
        return value.read_all()
    if isinstance(value, (pa.Array, pa.ChunkedArray)):
        return pa.table({"": value})
    if hasattr(value, "__arrow_c_stream__"):
        with contextlib.suppress(pa.ArrowException, TypeError):  # a single column is none; before pyarrow 14 nobody takes one
            return pa.table(value)
    return None


def from_arrow(column: pa.ChunkedArray, kind: str, scale: int, is_json: bool) -> pa.Array | None:
    """The column as the declared type crosses; None where Arrow knows no way without loss. Raises BadValue."""
    type = column.type
    if isinstance(type, pa.BaseExtensionType):
        is_json = is_json or getattr(type, "extension_name", "") == "arrow.json"
        return from_arrow(_storage(column), kind, scale, is_json)
    if pa.types.is_dictionary(type):
        return from_arrow(column.cast(type.value_type), kind, scale, is_json)
    if pa.types.is_null(type):
        column, type = column.cast(_NULL_AS[kind]), _NULL_AS[kind]
    if kind == "dynamic":
        return _dynamic(column, is_json)
    if kind in ("datetime", "timespan"):
        return _times(column, kind)
    target = _TARGETS[kind] if kind != "decimal" else pa.decimal128(38, scale)
    if type != target and not _SOURCES[kind](type):
        return None
    try:
        if type != target and pa.types.is_decimal128(type):
            # Arrow's own way between those of 128 bits takes some that do not fit, and gives other numbers.
            column = column.cast(pa.decimal256(76, max(scale, type.scale)))
        return _whole(column.cast(target))
    except pa.ArrowException:
        return None


def objects_of_arrow(column: pa.ChunkedArray) -> Any:
    """The values for the converters of pandas' columns, integers among nulls as such."""
    objects = np.empty(len(column), dtype=object)
    objects[:] = column.to_pylist()
    return objects


_TARGETS = {
    "bool": pa.bool_(),
    "int": pa.int32(),
    "long": pa.int64(),
    "real": pa.float64(),
    "string": pa.large_string(),
}
_NULL_AS = _TARGETS | {
    "decimal": pa.decimal128(38, 17),
    "datetime": pa.timestamp("ns"),
    "timespan": pa.duration("ns"),
    "guid": pa.large_string(),
    "dynamic": pa.large_string(),
}


def _is_text(type: pa.DataType) -> bool:
    is_view = getattr(pa.types, "is_string_view", None)
    return pa.types.is_string(type) or pa.types.is_large_string(type) or (is_view is not None and is_view(type))


# From which other types Arrow's own cast is what the declared type means; it refuses what it cannot keep.
_SOURCES = {
    "bool": lambda type: False,
    "int": pa.types.is_integer,
    "long": pa.types.is_integer,
    "real": lambda type: pa.types.is_floating(type) and type.bit_width < 64,
    "decimal": pa.types.is_decimal,
    "string": _is_text,
    "guid": lambda type: False,
}
_TARGETS["guid"] = pa.null()  # never as it lies: its text is to be looked at


def _whole(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, column.type)


def _storage(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([chunk.storage for chunk in column.chunks], type=column.type.storage_type)


def _times(column: pa.ChunkedArray, kind: str) -> pa.Array | None:
    type = column.type
    if kind == "datetime" and pa.types.is_date(type):
        column = column.cast(pa.timestamp("s" if pa.types.is_date32(type) else "ms"))
    elif kind == "datetime" and pa.types.is_timestamp(type):
        column = column.cast(pa.timestamp(type.unit))  # those of a zone count from the same moment
    elif kind == "timespan" and not pa.types.is_duration(type) or kind == "datetime":
        return None
    times = convert_time.times_of(column)
    return convert_time.to_datetime(times) if kind == "datetime" else convert_time.to_timespan(times)


def _dynamic(column: pa.ChunkedArray, is_json: bool) -> pa.Array:
    if _is_text(column.type) and is_json:
        if column.type == pa.large_string():
            return _whole(column)  # as it came, perhaps other rows of it
        values = [None if text is None else json.loads(text) for text in column.to_pylist()]
    else:
        values = column.to_pylist()
    return pa.array(encode_column(values), type=pa.large_string())
