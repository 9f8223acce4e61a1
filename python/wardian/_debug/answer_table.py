"""What a call answered, as one Arrow table.

A reply says of each column whether it was written or passed on as it came (see frame_out.py); here both are joined, as the
engine joins them.
"""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa

from wardian._inside.memory_map import Piece

_TEXT = ("string", "dynamic", "guid")
_PLAIN = {"bool": pa.bool_(), "int": pa.int32(), "long": pa.int64(), "real": pa.float64()}


def answer_table(request: dict[str, Any], reply: dict[str, Any], inputs: list[int], outputs: list[int]) -> pa.Table | None:
    """The first frame of the reply; None when there is none."""
    for wanted, output, fd in zip(request["outputs"], reply.get("outputs", []), outputs, strict=False):
        if wanted["kind"] != "frame" or "sources" not in output:
            continue
        given = iter(inputs)
        frames = [(frame, [next(given) for _ in frame["bodies"]]) for frame in request["inputs"]]
        written = _written(fd)
        arrays = []
        for source in output["sources"]:
            for at in range(source.get("count", 1)):
                if "written" in source:
                    arrays.append(written.column(source["written"] + at))
                else:
                    arrays.append(input_column(*frames[source["input"]], source["column"] + at))
        columns = wanted["columns"] or output["columns"]
        return pa.Table.from_arrays(arrays, names=[column["name"] for column in columns])
    return None


def _written(fd: int) -> pa.Table | None:
    if os.fstat(fd).st_size == 0:
        return None
    with open(os.dup(fd), "rb") as file:
        file.seek(0)
        return pa.ipc.open_stream(file.read()).read_all()


def input_column(frame: dict[str, Any], files: list[int], position: int) -> pa.Array:
    """A column of an input as it came. Times that pandas' nanoseconds cannot hold come as the counts of ticks that they are."""
    spec = frame["columns"][position]
    kind = spec["type"]
    if kind in _TEXT:
        form = pa.large_string()
    elif kind == "decimal":
        form = pa.decimal128(38, spec["scale"])
    elif kind in _PLAIN:
        form = _PLAIN[kind]
    elif spec["unit"] == "tick":
        form = pa.int64()
    else:
        form = pa.timestamp(spec["unit"]) if kind == "datetime" else pa.duration(spec["unit"])
    fd, body = files[spec["file"]], frame["bodies"][spec["file"]]
    buffers = []
    for part in ("validity", "values", "text")[: 3 if kind in _TEXT else 2]:
        offset, size = spec[part]
        missing = part == "validity" and not spec["nulls"]
        buffers.append(None if missing else pa.py_buffer(Piece(fd, body + offset, size).buffer()))
    return pa.Array.from_buffers(form, frame["rows"], buffers, null_count=spec["nulls"] if spec["nulls"] == 0 else -1)
