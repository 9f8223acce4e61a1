"""The columns of an input in other forms than the default: what `python_dtypes` asks for, and Arrow arrays for `df_arrow`.

Imported by the calls that ask for one. Each function takes an InputColumn and gives what the DataFrame is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wardian._inside.convert_time import EPOCH_TICKS
from wardian._inside.versions import HAS_TEXT, PANDAS

_ARROW = {"bool": pa.bool_(), "int": pa.int32(), "long": pa.int64(), "real": pa.float64()}
_TEXTS = ("string", "guid", "dynamic")
# Which field of an Arrow table is a dynamic's JSON rather than a text; as in the files that we write.
TYPE_KEY = b"kql_type"


def classic(column: Any) -> Any:
    """What pandas made of a table before it had types for what may be missing: floats of integers among nulls, objects of truth
    values among nulls and of text, datetime64[ns], and Python's own objects for times that do not fit it."""
    kind = column.type
    if kind in ("int", "long") and column.nulls:
        return column.lend_floats(column.floats())
    if kind == "bool" and column.nulls:
        values = column.truths().astype(object)
        values[column.mask()] = None
        return values
    if kind in EPOCH_TICKS and column.far:
        return _object_series(column.lend_objects(column.microseconds().astype(object)))
    if kind in ("string", "guid"):
        return _object_series(column.lend_objects(column.arrow_texts().to_numpy(zero_copy_only=False)))
    return column.array()


def nullable(column: Any) -> Any:
    """pandas' types that have a place for what is missing, whether or not something is."""
    kind = column.type
    if kind in ("int", "long"):
        return pd.arrays.IntegerArray(column.numbers(), column.mask())
    if kind == "bool":
        return pd.arrays.BooleanArray(column.truths(), column.mask())
    if kind == "real":
        return pd.arrays.FloatingArray(column.numbers(), column.mask())
    if kind in ("string", "guid"):
        if PANDAS >= (2, 2):
            return pd.array(column.lend_arrow(column.arrow_texts()), dtype="string[pyarrow]")
        objects = column.arrow_texts().to_numpy(zero_copy_only=False)
        missing = np.fromiter((text is None for text in objects), dtype=bool, count=len(objects))
        objects[missing] = pd.NA
        return pd.array(objects, dtype="string[python]")
    return column.array()


def arrow(column: Any) -> Any:
    """pd.ArrowDtype over the mapped memory; Python's objects for dynamic values, which Arrow has no type for."""
    if column.type == "dynamic":
        return column.array()
    return pd.arrays.ArrowExtensionArray(pa.chunked_array([arrow_array(column)]))


FORMS: dict[str, Callable[[Any], Any]] = {"classic": classic, "nullable": nullable, "arrow": arrow}


def arrow_array(column: Any) -> pa.Array:
    """The column in Arrow's own memory: that of the map, save for times beyond nanoseconds, which are microseconds."""
    kind = column.type
    if kind in _TEXTS:
        made = column.arrow_texts()
    elif kind == "decimal":
        made = column.arrow_decimals()
    elif kind in EPOCH_TICKS:
        times = pa.timestamp if kind == "datetime" else pa.duration
        if column.far:
            made = pa.array(column.microseconds(), type=times("us"), from_pandas=True)
        else:
            made = column.arrow_numbers(times(column.unit))
    else:
        made = column.arrow_numbers(_ARROW[kind])
    return column.lend_arrow(made)


def arrow_table(frame: Any) -> pa.Table:
    """The whole input; each field names its KQL type, so that a dynamic that comes back is no text."""
    arrays = [arrow_array(column) for column in frame.columns]
    fields = [
        pa.field(column.name, array.type, metadata={TYPE_KEY: column.type.encode()})
        for column, array in zip(frame.columns, arrays, strict=True)
    ]
    if not arrays:
        return pa.table({"": pa.nulls(frame.rows)}).select([])
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _object_series(objects: np.ndarray) -> Any:
    """So that pandas 3 leaves objects what they are, and finds no text in them."""
    return pd.Series(objects, dtype=object, copy=False) if HAS_TEXT else objects
