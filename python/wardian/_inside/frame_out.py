"""What the script left, as columns in the declared order, written as an Arrow stream into an output file."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside import convert, convert_text, convert_time
from wardian._inside.failures import BadColumn, BadResult, BadValue, shown
from wardian._inside.frame_in import InputFrame

_CONVERTERS = {
    "bool": convert.to_bool,
    "int": convert.to_integer,
    "long": convert.to_integer,
    "real": convert.to_real,
}
_SHOWN_COLUMNS_MAX = 40


def as_data_frame(value: Any, name: str) -> pd.DataFrame:
    """Whatever holds a table, as a DataFrame. Raises BadResult for what does not."""
    if type(value) is pd.DataFrame:
        return value
    if isinstance(value, pd.DataFrame):
        return pd.DataFrame(value)
    if isinstance(value, pd.Series):
        return value.to_frame()
    if isinstance(value, (pa.Table, pa.RecordBatch)):
        return value.to_pandas()
    if hasattr(value, "to_pandas"):  # polars and others
        frame = value.to_pandas()
        if isinstance(frame, pd.DataFrame):
            return frame
        if isinstance(frame, pd.Series):
            return frame.to_frame()
    raise BadResult(
        f"Expected {name} to be a pandas DataFrame; it is {_article(value)}: {shown(value)}",
        "pd.DataFrame(...) makes one of lists, dicts and arrays.",
    )


def _article(value: Any) -> str:
    word = type(value).__name__
    return ("an " if word[:1].lower() in "aeiou" else "a ") + word


def match_columns(frame: pd.DataFrame, declared: list[dict[str, str]], name: str) -> list[int]:
    """For each declared column the position of the frame's: by name; else, when the count fits, by position."""
    labels = list(frame.columns)
    positions: dict[Any, list[int]] = {}
    for position, label in enumerate(labels):
        positions.setdefault(label, []).append(position)
    by_name = [positions.get(column["name"], []) for column in declared]
    for column, found in zip(declared, by_name, strict=True):
        if len(found) > 1:
            raise BadResult(f"Column {column['name']} stands {len(found)} times in {name}")
    if all(by_name):
        return [found[0] for found in by_name]
    if len(labels) != len(declared):
        missing = [column["name"] for column, found in zip(declared, by_name, strict=True) if not found]
        hint = ""
        if any(index_name in missing for index_name in frame.index.names):
            hint = "A declared column is the index of the frame: reset_index() makes it a column."
        raise BadResult(
            f"Expected columns {_listed([c['name'] + ':' + c['type'] for c in declared])}; "
            f"{name} has {_listed([f'{label}:{dtype}' for label, dtype in zip(labels, frame.dtypes, strict=True)])}. "
            f"Missing: {_listed(missing)}",
            hint,
        )
    taken = {found[0] for found in by_name if found}
    rest = iter(position for position in range(len(labels)) if position not in taken)
    return [found[0] if found else next(rest) for found in by_name]


def _listed(names: list[str]) -> str:
    shown_names = [str(name) for name in names[:_SHOWN_COLUMNS_MAX]]
    more = len(names) - len(shown_names)
    return "(" + ", ".join(shown_names) + (f", … {more} more" if more > 0 else "") + ")"


def to_arrow(values: Any, column: dict[str, Any]) -> pa.Array:
    """A column's array as the Arrow type in which the declared type crosses. Raises BadValue and BadColumn."""
    kind = column["type"]
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, pd.CategoricalDtype):
        values = pd.Series(
            values.categories.array.take(values.codes, allow_fill=True)
            if len(values.categories)
            else np.full(len(values), None, dtype=object)
        ).array
    elif isinstance(dtype, pd.SparseDtype):
        values = values.to_dense()
    elif isinstance(dtype, (pd.IntervalDtype,)):
        values = np.array([str(value) for value in values], dtype=object)
    if isinstance(values, pd.arrays.NumpyExtensionArray):
        values = values.to_numpy()
    elif isinstance(dtype, (pd.StringDtype, pd.ArrowDtype)):
        values = values.to_numpy(dtype=object, na_value=None)
    if kind in _CONVERTERS:
        return _CONVERTERS[kind](values, kind)
    if kind == "decimal":
        return convert.to_decimal(values, column.get("scale", 0))
    if kind == "string":
        return convert_text.to_string(values)
    if kind == "guid":
        return convert_text.to_guid(values)
    if kind == "dynamic":
        return convert_text.to_dynamic(values)
    return convert_time.to_datetime(values) if kind == "datetime" else convert_time.to_timespan(values)


class ReadyFrame:
    """A result that is ready to be written: the columns that changed, and for each column of the result either its place
    among them or the input column that it repeats."""

    def __init__(self, value: Any, declared: list[dict[str, Any]], name: str, inputs: list[InputFrame]) -> None:
        frame = as_data_frame(value, name)
        self.rows = len(frame)
        self.arrays: list[pa.Array] = []
        self.fields: list[pa.Field] = []
        self.sources: list[dict[str, int]] = []
        for column, position in zip(declared, match_columns(frame, declared, name), strict=True):
            values = _column(frame, position)
            if isinstance(values, pd.arrays.NumpyExtensionArray | pd.arrays.DatetimeArray | pd.arrays.TimedeltaArray) and (
                getattr(values, "tz", None) is None
            ):
                values = values.to_numpy()
            repeated = _repeats(values, column, inputs)
            if repeated is not None:
                self.sources.append(repeated)
                continue
            try:
                array = to_arrow(values, column)
            except BadValue as bad:
                raise BadResult(
                    f"Column {column['name']}, row {bad.row} of {name}: {shown(bad.value)} {bad.why}; "
                    f"declared {column['type']}, the column has dtype {frame.dtypes.iloc[position]}"
                ) from None
            except BadColumn as bad:
                raise BadResult(f"Column {column['name']} of {name} {bad.why}; declared {column['type']}", bad.hint) from None
            self.sources.append({"written": len(self.arrays)})
            self.fields.append(pa.field(column["name"], array.type))
            self.arrays.append(array)

    def write(self, fd: int) -> None:
        schema = pa.schema(self.fields)
        batch = pa.RecordBatch.from_arrays(self.arrays, schema=schema)
        sink = pa.PythonFile(_Descriptor(fd), mode="w")
        with pa.ipc.new_stream(sink, schema) as stream:
            stream.write_batch(batch)


def _column(frame: pd.DataFrame, position: int) -> Any:
    """The column's array as it lies in the frame. Without building a Series where pandas can do without: that touches 200
    more pages, each of which a fresh child pays for."""
    stored = getattr(frame, "_get_column_array", None)
    return frame.iloc[:, position].array if stored is None else stored(position)


def _repeats(values: Any, column: dict[str, Any], inputs: list[InputFrame]) -> dict[str, int] | None:
    """The input column of this name and type, if `values` are still exactly it: then nothing need be written."""
    for number, source in enumerate(inputs):
        candidate = source.by_name.get(column["name"])
        if candidate is not None and candidate.type == column["type"] and candidate.unchanged_in(values):
            return {"input": number, "column": source.columns.index(candidate)}
    return None


class _Descriptor:
    """Just enough of a file for Arrow: large buffers go from where they lie to the descriptor."""

    closed = False

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._at = 0

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        while len(view):
            count = os.write(self._fd, view)
            self._at += count
            view = view[count:]
        return 0

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        pass

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True
