"""What the script left, as columns in the declared order, written as an Arrow stream into an output file."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside import convert, convert_text, convert_time
from wardian._inside.failures import BadColumn, BadResult, BadValue, shown
from wardian._inside.frame_in import InputFrame, arrow_behind
from wardian._inside.versions import NumpyArray

_CONVERTERS = {
    "bool": convert.to_bool,
    "int": convert.to_integer,
    "long": convert.to_integer,
    "real": convert.to_real,
}
_OVER_NUMPY = (NumpyArray, pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray)
_SHOWN_COLUMNS_MAX = 40
_RUNS_MAX = 1000
# So much is put together in memory and written at once; more goes from where it lies.
_GATHERED_BYTES_MAX = 64 << 10


def as_frame(value: Any, name: str) -> Any:
    """Whatever holds a table, as a DataFrame or an ArrowFrame. Raises BadResult for what does not."""
    if type(value) is pd.DataFrame:
        return value
    table = _arrow_table(value)
    if table is None:
        return _of_pandas(value, name)
    from wardian._inside.arrow_out import ArrowFrame

    return ArrowFrame(table)


def as_data_frame(value: Any, name: str) -> pd.DataFrame:
    """Whatever holds a table, as a DataFrame. Raises BadResult for what does not."""
    table = _arrow_table(value)
    return _of_pandas(value, name) if table is None else _from_arrow(table)


def holds_table(value: Any) -> bool:
    """Whether a value is one that `as_frame` looks into for a table, rather than a list of some."""
    return isinstance(value, (pd.DataFrame, pd.Series)) or _is_of_arrow(value) or hasattr(value, "to_pandas")


def _is_of_arrow(value: Any) -> bool:
    """What comes through Arrow's memory."""
    return not isinstance(value, (pd.DataFrame, pd.Series)) and (
        isinstance(value, (pa.Table, pa.RecordBatch, pa.RecordBatchReader, pa.Array, pa.ChunkedArray))
        or hasattr(value, "__arrow_c_stream__")
        or type(value).__module__.partition(".")[0] == "polars"
    )


def _arrow_table(value: Any) -> pa.Table | None:
    if not _is_of_arrow(value):
        return None
    from wardian._inside.arrow_out import table_of

    return table_of(value)


def _of_pandas(value: Any, name: str) -> pd.DataFrame:
    if type(value) is pd.DataFrame:
        return value
    if isinstance(value, pd.DataFrame):
        return pd.DataFrame(value)
    if isinstance(value, pd.Series):
        return value.to_frame()
    if hasattr(value, "to_pandas"):
        frame = value.to_pandas()
        if isinstance(frame, pd.DataFrame):
            return frame
        if isinstance(frame, pd.Series):
            return frame.to_frame()
    raise BadResult(
        f"Expected {name} to be a pandas DataFrame; it is {_article(value)}: {shown(value)}",
        "pd.DataFrame(...) makes one of lists, dicts and arrays.",
    )


_MASKED = {
    pa.bool_(): pd.BooleanDtype(),
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.uint16(): pd.UInt16Dtype(),
    pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}


def _from_arrow(table: pa.Table) -> pd.DataFrame:
    """Arrow's own way makes floats of integers among nulls, also within lists, and so loses the last digits of large ones."""
    labels = table.column_names
    table = table.rename_columns([str(place) for place in range(len(labels))]).replace_schema_metadata()
    nested = {name: table.column(name) for name in table.column_names if pa.types.is_nested(table.column(name).type)}
    frame = table.select([name for name in table.column_names if name not in nested]).to_pandas(types_mapper=_MASKED.get)
    for name, column in nested.items():
        objects = np.empty(len(column), dtype=object)
        objects[:] = column.to_pylist()
        frame[name] = objects
    frame = frame[table.column_names]
    frame.columns = labels
    return frame


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


def to_arrow(values: Any, column: dict[str, Any], is_json: bool = False) -> pa.Array:
    """A column's array as the Arrow type in which the declared type crosses. `is_json`: texts are those of dynamic values. Raises
    BadValue and BadColumn."""
    kind = column["type"]
    held = arrow_behind(values)
    if held is not None:
        from wardian._inside import arrow_out

        array = arrow_out.from_arrow(held, kind, column.get("scale", 0), is_json)
        if array is not None:
            return array
        values = arrow_out.objects_of_arrow(held)
    dtype = getattr(values, "dtype", None)
    if isinstance(dtype, pd.CategoricalDtype):
        return to_arrow(_of_categories(values), column, is_json)
    if isinstance(dtype, pd.SparseDtype):
        values = values.to_dense()
    elif isinstance(dtype, (pd.IntervalDtype,)):
        values = np.array([None if pd.isna(value) else str(value) for value in values], dtype=object)
    if isinstance(values, NumpyArray):
        values = values.to_numpy()
    elif isinstance(dtype, pd.StringDtype):
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


def _of_categories(values: pd.Categorical) -> Any:
    """The values themselves, integers among missing ones as such."""
    if not len(values.categories):
        return np.full(len(values), None, dtype=object)
    each = values.categories.array
    if isinstance(each, NumpyArray) and each.dtype.kind in "iu":
        each = pd.array(each.to_numpy())
    return each.take(values.codes, allow_fill=True)


class ReadyFrame:
    """A result that is ready to be written: the columns that changed, and for each column of the result either its place
    among them or the input column that it repeats."""

    def __init__(self, value: Any, declared: list[dict[str, Any]], name: str, inputs: list[InputFrame]) -> None:
        try:
            frame = as_frame(value, name)
        except (BadResult, MemoryError):
            raise
        except Exception as error:  # a frame that is computed here, or one in a state that it should not be in
            raise BadResult(f"Cannot read {name}: {type(error).__name__}: {error}") from None
        self.rows = len(frame)
        self.arrays: list[pa.Array] = []
        self.fields: list[pa.Field] = []
        positions = match_columns(frame, declared, name)
        columns = [_column(frame, position) for position in positions]
        repeated = [_repeats(values, column, inputs) for values, column in zip(columns, declared, strict=True)]
        self.sources = _runs(repeated)
        if len(self.sources) > _RUNS_MAX:  # more than a reply holds
            repeated = [None] * len(declared)
            self.sources = _runs(repeated)
        for values, column, source, position in zip(columns, declared, repeated, positions, strict=True):
            if source is not None:
                continue
            try:
                array = _recalled(values, column, frame, position, inputs)
            except BadValue as bad:
                raise BadResult(
                    f"Column {column['name']}, row {bad.row} of {name}: {shown(bad.value)} {bad.why}; "
                    f"declared {column['type']}, the column has dtype {list(frame.dtypes)[position]}",
                    bad.hint,
                ) from None
            except BadColumn as bad:
                raise BadResult(f"Column {column['name']} of {name} {bad.why}; declared {column['type']}", bad.hint) from None
            except MemoryError:
                raise
            except Exception as error:  # an extension array of the script's own, or one in a state that it should not be in
                raise BadResult(
                    f"Column {column['name']} of {name} cannot be read: {type(error).__name__}: {error}; "
                    f"declared {column['type']}"
                ) from None
            self.fields.append(pa.field(column["name"], array.type))
            self.arrays.append(array)

    def write(self, fd: int) -> None:
        schema = pa.schema(self.fields)
        batch = pa.RecordBatch.from_arrays(self.arrays, schema=schema)
        small = batch.nbytes <= _GATHERED_BYTES_MAX
        sink = pa.BufferOutputStream() if small else pa.PythonFile(Descriptor(fd), mode="w")
        with pa.ipc.new_stream(sink, schema) as stream:
            stream.write_batch(batch)
        if small:
            Descriptor(fd).write(sink.getvalue())


def _recalled(values: Any, column: dict[str, Any], frame: Any, position: int, inputs: list[InputFrame]) -> pa.Array:
    """The column as it crosses, with the digits that the script could not see."""
    for source in inputs:
        known = source.by_name.get(column["name"])
        if known is not None and known.type == column["type"] and known.lost_digits:
            recalled = known.recall(values, frame.index)
            if recalled is not None:
                return recalled[1](to_arrow(recalled[0], column))
    return to_arrow(values, column, not isinstance(frame, pd.DataFrame) and frame.is_json(position))


def _column(frame: Any, position: int) -> Any:
    """The column's array as it lies in the frame, numpy's where it is one. Without building a Series where pandas can do without:
    that touches 200 more pages, each of which a fresh child pays for."""
    if not isinstance(frame, pd.DataFrame):
        return frame.column(position)
    stored = getattr(frame, "_get_column_array", None)
    values = frame.iloc[:, position].array if stored is None else stored(position)
    if isinstance(values, _OVER_NUMPY) and getattr(values, "tz", None) is None:
        return values.to_numpy()
    return values


def _repeats(values: Any, column: dict[str, Any], inputs: list[InputFrame]) -> tuple[int, int] | None:
    """Input and place of the column of this name and type, if `values` are still exactly it: then nothing need be written."""
    for number, source in enumerate(inputs):
        candidate = source.by_name.get(column["name"])
        if candidate is not None and candidate.type == column["type"] and candidate.unchanged_in(values):
            return number, candidate.position
    return None


def _runs(repeated: list[tuple[int, int] | None]) -> list[dict[str, int]]:
    """Where each column of the result is, those together that lie side by side: a reply is short, and a table may be wide."""
    runs: list[dict[str, int]] = []
    written = 0
    for source in repeated:
        last = runs[-1] if runs else {}
        if source is None:
            if "written" not in last:
                runs.append(last := {"written": written, "count": 0})
            written += 1
        elif last.get("input") != source[0] or last["column"] + last["count"] != source[1]:
            runs.append(last := {"input": source[0], "column": source[1], "count": 0})
        last["count"] += 1
    return runs


class Descriptor:
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
