"""One call, from request to reply.

The request is JSON:
    script      the text
    inputs      [{variable, rows, bodies, columns: [{name, type, file, nulls, unit, scale, validity, values, text}]}]; each has
                as many files as bodies (where the record batch of a file begins)
    files       [name] of files in the folder `files_folder`, for the script to find
    parameters  {variable: value}; `kargs` is one of them for `evaluate python`
    dtypes      how the columns come: "classic", "nullable", "arrow"; absent or "default": as frame_in.py has them
    blobs       [{key, blob, pickle, offset, bytes}], one file each, after those: what `kargs` names by reference
    outputs     [{variable, kind: "frame" | "blob" | "extras", columns: [{name, type, scale}] or null}], one a file
    modules     {variable: module} imported before the script runs
    batches     {variable, memory: what the call may use}, of a script that takes its table in batches: see batches.py
    profile     there where the reply is to say what the call has cost
The reply is JSON: {"outputs": [...]}, or {"failure": {code, message, hint, line, report}}; and "profile", see profile.py.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
from collections.abc import Callable
from typing import Any

from wardian._inside import blobs, script
from wardian._inside.extras import Extras
from wardian._inside.failures import BadResult, CallFailure, NoResult, ResultTooLarge, shown
from wardian._inside.frame_in import InputFrame
from wardian._inside.frame_out import ReadyFrame, as_data_frame
from wardian._inside.given import given_tables
from wardian._inside.infer import inferred_columns

_REPLY_BYTES_MAX = 64 * 1024


def serve(request: bytes, inputs: list[int], outputs: list[int], dialogue: Any = None) -> bytes:
    """Answers one request. Never raises: whatever goes wrong is told in the reply. `dialogue`: of a script that takes batches."""
    profile = None
    try:
        asked = json.loads(request)
        if "profile" in asked:
            from wardian._inside.profile import Profile

            profile = Profile()
        reply = {"outputs": _run(asked, inputs, outputs, _uncounted if profile is None else profile.counted, dialogue)}
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
    except BaseException as error:  # noqa: BLE001 - an extension array, a frame or an object's own code, which may even exit
        reply = {
            "failure": {"code": "bad_result", "message": f"The script's result cannot be read: {type(error).__name__}: {error}"}
        }
    costs = {} if profile is None else {"profile": profile.told()}
    encoded = _encoded(reply | costs)
    if costs and len(encoded) > _REPLY_BYTES_MAX:
        encoded = _encoded(reply)
    if len(encoded) > _REPLY_BYTES_MAX:
        failure = reply.get("failure") or {"code": "bad_result", "message": "The script's outputs are too many to describe"}
        shorter = {"message": failure["message"][:4000], "report": failure.get("report", "")[-5000:]}
        encoded = _encoded({"failure": failure | shorter})
    return encoded


def _encoded(reply: dict[str, Any]) -> bytes:
    """As JSON. What is no Unicode text (a lone surrogate in an exception's) is no JSON either: a question mark stands for it."""
    return json.dumps(reply, ensure_ascii=False).encode("utf-8", "replace")


def _uncounted(run: Callable[[], Any]) -> Any:
    return run()


def _run(
    request: dict[str, Any], inputs: list[int], outputs: list[int], counted: Callable, dialogue: Any
) -> list[dict[str, Any]]:
    given = iter(inputs)
    frames = [InputFrame([next(given) for _ in spec["bodies"]], spec) for spec in request["inputs"]]
    # Before the files: the folder that it makes is none of theirs.
    extras = Extras() if any(spec["kind"] == "extras" for spec in request["outputs"]) else None
    if request["files"]:
        from wardian._inside.files import place_files

        place_files(request["files"], request["files_folder"])
    given_blobs = [blobs.GivenBlob(spec, next(given)) for spec in request["blobs"]]
    asked_for = list(zip(request["outputs"], outputs, strict=True))
    modules = {variable: importlib.import_module(module) for variable, module in request["modules"].items()}
    written: list[dict[str, Any]] = []
    if dialogue is not None:
        from wardian._inside import batches

        bound = {} if extras is None else {"blobs": extras.blobs}
        answer, left = counted(lambda: batches.run(request, outputs[0], dialogue, given_blobs, modules | bound))
        written.append(answer)
    else:
        variables = blobs.with_blobs(dict(request["parameters"]), given_blobs) | modules
        for frame, spec in zip(frames, request["inputs"], strict=True):
            variables |= given_tables(
                frame, spec["variable"], request["script"], request.get("dtypes"), other_code=bool(request["files"])
            )
        if extras is not None:
            variables.setdefault("blobs", extras.blobs)
        left = counted(lambda: script.run(request["script"], variables))
    try:
        for spec, fd in asked_for[len(written) :]:
            written.append(_write(spec, left, fd, frames, extras))
        return written
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        raise ResultTooLarge(
            "The script's result is larger than the sandbox's memory", "--sandbox-memory raises the limit."
        ) from None


def _write(
    spec: dict[str, Any], left: dict[str, Any], fd: int, frames: list[InputFrame], extras: Extras | None
) -> dict[str, Any]:
    if spec["kind"] == "extras":
        return extras.write(fd, left)
    name = spec["variable"]
    if name not in left:
        if spec.get("optional", False):
            return {"absent": True}
        raise NoResult(f"The script set no variable {name}", f"Assign a DataFrame to {name}.")
    if spec["kind"] == "blob":
        value = left[name]
        if not isinstance(value, (bytes, bytearray, memoryview)):
            raise BadResult(f"Expected {name} to be bytes; it is: {shown(value)}")
        return {"bytes": _write_bytes(fd, bytes(value))}
    columns, inferred = spec.get("columns"), {}
    value = left[name]
    if columns is None:
        value = as_data_frame(value, name)
        columns = inferred_columns(value)
        inferred = {"columns": columns}
    ready = ReadyFrame(value, columns, name, frames)
    ready.write(fd)
    return {"rows": ready.rows, "sources": ready.sources, **inferred}


def _write_bytes(fd: int, content: bytes) -> int:
    view = memoryview(content)
    while len(view):
        view = view[os.write(fd, view) :]
    return len(content)
