"""One call, from request to reply.

The request is JSON:
    script      the text
    inputs      [{variable, rows, bodies, columns: [{name, type, file, nulls, unit, scale, validity, values, text}]}]; each has
                as many files as bodies (where the record batch of a file begins)
    files       [name], one file each, after those of the inputs
    parameters  {variable: value}; `kargs` is one of them for `evaluate python`
    outputs     [{variable, kind: "frame" | "blob" | "images", columns: [{name, type, scale}] or null}], one a file
    modules     {variable: module} imported before the script runs
    batches     {variable, memory: what the call may use}, of a script that takes its table in batches: see batches.py
The reply is JSON: {"outputs": [...]}, or {"failure": {code, message, hint, line, report}}.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import os
from typing import Any

from wardian._inside import script
from wardian._inside.failures import BadResult, CallFailure, NoResult, ResultTooLarge, ScratchFull, shown
from wardian._inside.frame_in import InputFrame
from wardian._inside.frame_out import ReadyFrame, as_data_frame
from wardian._inside.infer import inferred_columns
from wardian._inside.pictures import drawn_images

_REPLY_BYTES_MAX = 64 * 1024


def serve(request: bytes, inputs: list[int], outputs: list[int], dialogue: Any = None) -> bytes:
    """Answers one request. Never raises: whatever goes wrong is told in the reply. `dialogue`: of a script that takes batches."""
    try:
        reply = {"outputs": _run(json.loads(request), inputs, outputs, dialogue)}
    except script.Failure as failure:
        reply = {
            "failure": {
                "code": failure.code,
                "message": failure.summary,
                "line": failure.line,
                "report": failure.report,
            }
        }
    except CallFailure as failure:
        reply = {"failure": {"code": failure.code, "message": failure.message, "hint": failure.hint}}
    except MemoryError as error:
        reply = {"failure": {"code": "memory_limit", "message": f"MemoryError: {error}"}}
    except Exception as error:  # an extension array or a frame in a state of its own
        reply = {
            "failure": {"code": "bad_result", "message": f"The script's result cannot be read: {type(error).__name__}: {error}"}
        }
    encoded = _encoded(reply)
    if len(encoded) > _REPLY_BYTES_MAX:
        failure = reply.get("failure") or {"code": "bad_result", "message": "The script's outputs are too many to describe"}
        shorter = {"message": failure["message"][:4000], "report": failure.get("report", "")[-5000:]}
        encoded = _encoded({"failure": failure | shorter})
    return encoded


def _encoded(reply: dict[str, Any]) -> bytes:
    """As JSON. What is no Unicode text (a lone surrogate in an exception's) is no JSON either: a question mark stands for it."""
    return json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace")


def _run(request: dict[str, Any], inputs: list[int], outputs: list[int], dialogue: Any) -> list[dict[str, Any]]:
    given = iter(inputs)
    frames = [InputFrame([next(given) for _ in spec["bodies"]], spec) for spec in request["inputs"]]
    for name, fd in zip(request["files"], given, strict=True):
        _place_file(name, fd)
    if dialogue is not None:
        from wardian._inside import batches

        written, left = batches.run(request, outputs[0], dialogue)
        return [written, *(_write(spec, left, fd, []) for spec, fd in zip(request["outputs"][1:], outputs[1:], strict=True))]
    variables: dict[str, Any] = dict(request["parameters"])
    for variable, module in request["modules"].items():
        variables[variable] = importlib.import_module(module)
    for frame, spec in zip(frames, request["inputs"], strict=True):
        variables[spec["variable"]] = frame.data_frame()
    left = script.run(request["script"], variables)
    try:
        return [_write(spec, left, fd, frames) for spec, fd in zip(request["outputs"], outputs, strict=True)]
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        raise ResultTooLarge(
            "The script's result is larger than the sandbox's memory", "--sandbox-memory raises the limit."
        ) from None


def _place_file(name: str, fd: int) -> None:
    """A file for the script, as Temp/NAME in its working folder, which lies in the scratch memory.

    It is found under two more names: NAME, and .\\Temp\\NAME, as the documentation of `external_artifacts` spells it.
    """
    place = os.path.join("Temp", name)
    try:
        os.makedirs("Temp", exist_ok=True)
        with open(place, "wb") as file:
            size, at = os.fstat(fd).st_size, 0
            while at < size:
                at += file.write(os.pread(fd, 1 << 20, at))
        for other in (name, f".\\Temp\\{name}"):
            with contextlib.suppress(FileExistsError):
                os.symlink(place, other)
    except OSError as error:
        raise ScratchFull(
            f"The file {name} does not fit the sandbox's scratch space: {error.strerror}", "--sandbox-scratch sets its size."
        ) from None


def _write(spec: dict[str, Any], left: dict[str, Any], fd: int, frames: list[InputFrame]) -> dict[str, Any]:
    if spec["kind"] == "images":
        return {"images": _write_pieces(fd, drawn_images())}
    name = spec["variable"]
    if name not in left:
        if spec.get("optional", False):
            return {"absent": True}
        raise NoResult(f"The script set no variable {name}", f"Assign a DataFrame to {name}.")
    if spec["kind"] == "blob":
        value = left[name]
        if not isinstance(value, (bytes, bytearray, memoryview)):
            raise BadResult(f"Expected {name} to be bytes; it is: {shown(value)}")
        return {"bytes": _write_pieces(fd, [bytes(value)])[0]}
    columns, inferred = spec.get("columns"), {}
    value = left[name]
    if columns is None:
        value = as_data_frame(value, name)
        columns = inferred_columns(value)
        inferred = {"columns": columns}
    ready = ReadyFrame(value, columns, name, frames)
    ready.write(fd)
    return {"rows": ready.rows, "sources": ready.sources, **inferred}


def _write_pieces(fd: int, pieces: list[bytes]) -> list[int]:
    for piece in pieces:
        view = memoryview(piece)
        while len(view):
            view = view[os.write(fd, view) :]
    return [len(piece) for piece in pieces]
