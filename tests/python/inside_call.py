"""Runs one call of wardian._inside in this process, unconfined: tables in as values, tables out as values.

Inputs are written here, independently of the C++ writer; outputs are read by pyarrow, independently of the C++ decoder.
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

# The sources themselves rather than an installed copy of them.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python"))

from wardian import _inside  # noqa: E402

PAGE = 4096
PANDAS, PYARROW = (int(library.__version__.split(".")[0]) for library in (pd, pa))
EPOCH_TICKS = 621_355_968_000_000_000  # of 1970-01-01, as .NET's DateTime.UnixEpoch.Ticks
LAST_TICKS = 3_155_378_975_999_999_999  # of 9999-12-31T23:59:59.9999999, as .NET's DateTime.MaxValue.Ticks
SECOND = 10**9  # in nanoseconds
LONG = 2**53 + 1  # the first integer that no real holds
GUID = "12345678-9abc-def0-1234-56789abcdef0"


class Written:
    """A memory file being filled: each buffer on a page of its own."""

    def __init__(self) -> None:
        self.fd = os.memfd_create("frame")
        self._end = 0

    def place(self, data: bytes) -> list[int]:
        begin = self._end
        os.pwrite(self.fd, data, begin)
        self._end = (begin + len(data) + PAGE - 1) // PAGE * PAGE + PAGE
        return [begin, len(data)]


def column_spec(file: Written, name: str, kind: str, values: list[Any]) -> dict[str, Any]:
    """One column; None is null. datetime and timespan are given as counts of nanoseconds, or as ticks where their type is called
    "datetime@tick"; decimal as unscaled integers of scale 17; dynamic and guid as text."""
    kind, _, unit = kind.partition("@")
    present = np.array([value is not None for value in values], dtype=bool)
    spec: dict[str, Any] = {"name": name, "type": kind, "file": 0, "nulls": int((~present).sum()) if kind != "string" else 0}
    spec["validity"] = file.place(np.packbits(present, bitorder="little").tobytes()) if spec["nulls"] else [0, 0]
    spec["text"] = [0, 0]
    if unit:
        spec["unit"] = unit
    if kind in ("string", "dynamic", "guid"):
        texts = [(value or "").encode() for value in values]
        offsets = np.cumsum([0] + [len(text) for text in texts], dtype=np.int64)
        spec["values"] = file.place(offsets.tobytes())
        spec["text"] = file.place(b"".join(texts))
    elif kind == "bool":
        spec["values"] = file.place(np.packbits([bool(value) for value in values], bitorder="little").tobytes())
    elif kind == "decimal":
        spec["values"] = file.place(b"".join((value or 0).to_bytes(16, "little", signed=True) for value in values))
        spec["scale"] = 17
    else:
        missing = {"real": float("nan"), "datetime": -(2**63), "timespan": -(2**63)}.get(kind, 0)
        dtype = {"int": np.int32, "real": np.float64}.get(kind, np.int64)
        spec["values"] = file.place(np.array([missing if v is None else v for v in values], dtype=dtype).tobytes())
    return spec


def declared(schema: str) -> list[dict[str, Any]]:
    """Columns of a frame that is asked for; `schema` is "a:long, b:string"."""
    columns = []
    for part in schema.split(","):
        name, _, kind = part.strip().rpartition(":")
        columns.append({"name": name, "type": kind, "scale": 17})
    return columns


def request_of(script: str, outputs: list[dict[str, Any]], kargs: Any = None, **more: Any) -> dict[str, Any]:
    """What a call is asked, with no more than it must have; `more`: further members."""
    return {
        "script": script,
        "inputs": [],
        "files": [],
        "blobs": [],
        "parameters": {"kargs": kargs if kargs is not None else {}},
        "modules": {"np": "numpy", "pd": "pandas"},
        "outputs": outputs,
    } | more


def call(
    script: str,
    inputs: dict[str, dict[str, tuple[str, list[Any]]]] | None = None,
    kargs: Any = None,
    outputs: list[dict[str, Any]] | None = None,
    rows: int = 0,
    dtypes: str | None = None,
) -> tuple[dict[str, Any], list[int]]:
    """The reply, and the descriptors of the outputs. `inputs` maps variable → column → (type, values)."""
    specs, files = [], []
    for variable, columns in (inputs or {}).items():
        file = Written()
        count = len(next(iter(columns.values()))[1]) if columns else rows
        specs.append(
            {
                "variable": variable,
                "rows": count,
                "bodies": [0],
                "columns": [column_spec(file, name, kind, values) for name, (kind, values) in columns.items()],
            }
        )
        files.append(file.fd)
    outputs = outputs or []
    fds = [os.memfd_create("result") for _ in outputs]
    request = request_of(script, outputs, kargs, inputs=specs, **({} if dtypes is None else {"dtypes": dtypes}))
    reply = json.loads(_inside.serve(json.dumps(request).encode(), files, fds))
    for file in files:
        os.close(file)
    return reply, fds


def _counts(array: pa.ChunkedArray) -> list[int | None]:
    """Times in nanoseconds, whatever the unit in which they crossed; in ticks, if one is too far for those."""
    nanoseconds = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}[array.type.unit]
    counts = [None if count is None else count * nanoseconds for count in array.cast(pa.int64()).to_pylist()]
    if all(count is None or -(2**63) <= count < 2**63 for count in counts):
        return counts
    epoch = EPOCH_TICKS if pa.types.is_timestamp(array.type) else 0
    return [None if count is None else count // 100 + epoch for count in counts]


def result(
    script: str,
    schema: str,
    df: dict[str, tuple[str, list[Any]]] | None = None,
    kargs: Any = None,
    dtypes: str | None = None,
) -> Any:
    """`evaluate python` as a dict column → list of values; times as `_counts` says.
    A failure comes back as the reply's dict under "failure"."""
    columns = declared(schema)
    reply, (fd,) = call(
        script,
        {"df": df if df is not None else {"x": ("long", [1])}},
        kargs,
        [{"variable": "result", "kind": "frame", "columns": columns}],
        dtypes=dtypes,
    )
    if "failure" in reply:
        return reply
    with os.fdopen(fd, "rb") as file:
        file.seek(0)
        data = file.read()
    table = pa.ipc.open_stream(data).read_all() if data else None
    answer = {}
    sources = []
    for run in reply["outputs"][0]["sources"]:
        first = "written" if "written" in run else "column"
        sources += [run | {first: run[first] + place} for place in range(run["count"])]
    for column, source in zip(columns, sources, strict=True):
        if "written" in source:
            array = table.column(source["written"])
            answer[column["name"]] = _counts(array) if pa.types.is_temporal(array.type) else array.to_pylist()
        else:
            answer[column["name"]] = ("input", source["column"])
    return answer
