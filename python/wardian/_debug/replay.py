"""A folder's call, run in this process without a sandbox."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from wardian._debug.kept_batches import Next

FORMAT = 1
_ROWS_SHOWN = 20
_INTERRUPTED = 130
_SCRATCH = "wardian-debug-"


def request_of(call: dict[str, Any], script: str, kargs: Any, name: str, files_folder: str) -> bytes:
    """The call's request, with the script and the kargs as they are now. From here on the script is called `name`; its files
    lie in `files_folder`."""
    from wardian._inside import script as scripts

    if call.get("wardian_debug") != FORMAT:
        sys.exit(f"The folder was written by another version of wardian: it has format {call.get('wardian_debug')}, not {FORMAT}")
    scripts.NAME = name
    request = dict(call["request"])
    request["script"] = script
    if request["files"]:
        request["files_folder"] = files_folder
    if "kargs" in request["parameters"]:
        request["parameters"] = request["parameters"] | {"kargs": kargs}
    return json.dumps(request).encode()


def answered(request: bytes, inputs: list[int], outputs: list[int], kept: int, batches: Next | None = None) -> bytes:
    """Serves the request, shows the first rows of its first frame, and writes the whole of it to `kept`. The reply.

    `batches`: of a script that takes some."""
    from wardian._debug.answer_table import answer_table
    from wardian._debug.kept_batches import KeptBatches
    from wardian._inside.call import serve

    played = None if batches is None else KeptBatches(batches, outputs[0], kept, _ROWS_SHOWN)
    reply = serve(request, inputs, outputs, played)
    try:
        if played is not None:
            played.end()
            if played.first is not None:
                show(played.first, played.rows)
            elif "outputs" in json.loads(reply):
                print("result: 0 rows", flush=True)
            if played.trouble is not None:
                raise played.trouble
            return reply
        table = answer_table(json.loads(request), json.loads(reply), inputs, outputs)
        if table is None:
            return reply
        import pyarrow as pa

        with open(kept, "wb", closefd=False) as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        show(table.slice(0, _ROWS_SHOWN), table.num_rows)
    except Exception as error:  # the script has had this process to itself
        print(f"The result cannot be shown: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    return reply


def show(first: pa.Table, rows: int) -> None:
    """The first of so many rows."""
    import pyarrow as pa

    print(f"result: {rows} row{'' if rows == 1 else 's'}, {first.num_columns} columns", flush=True)
    with contextlib.suppress(Exception):
        import pandas as pd

        # Integers among nulls stay integers.
        forms = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
        print(first.to_pandas(types_mapper=forms.get).to_string(), flush=True)
    if rows > first.num_rows:
        print("…", flush=True)


def failure_text(reply: bytes) -> str | None:
    """How the call failed, as a person reads it; None when it did not."""
    failure = json.loads(reply).get("failure")
    if failure is None:
        return None
    place = f" at line {failure['line']} of script.py" if failure.get("line") else ""
    lines = [f"error {failure['code'].upper()}{place}: {failure['message']}"]
    lines += [failure[part].rstrip() for part in ("report", "hint") if failure.get(part)]
    return "\n".join(lines)


def main(folder: str, words: list[str]) -> int:
    """Runs the call of `folder`; the exit status."""
    parser = argparse.ArgumentParser(prog="run.py", description="Runs the call that this folder holds, without a sandbox.")
    parser.add_argument("--debugger", help=argparse.SUPPRESS)  # where debugpy is; and two pipes to whoever debugs
    parser.add_argument("--wire", nargs=2, type=int, help=argparse.SUPPRESS)
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.parent is not None:
        end_with(given.parent)
    os.environ.setdefault("MPLBACKEND", "Agg")
    with open(os.path.join(folder, "call.json"), encoding="utf-8") as file:
        call = json.load(file)
    name = os.path.join(folder, "script.py")
    # As it is: line ends are the script's own affair.
    with open(name, encoding="utf-8", newline="") as file:
        script = file.read()
    kargs = None
    if os.path.exists(os.path.join(folder, "kargs.json")):
        with open(os.path.join(folder, "kargs.json"), encoding="utf-8") as file:
            kargs = json.load(file)
    request = request_of(call, script, kargs, name, os.path.join(folder, "artifacts"))
    inputs = [os.open(os.path.join(folder, *name.split("/")), os.O_RDONLY | os.O_CLOEXEC) for name in call["inputs"]]
    outputs = [os.memfd_create(f"result-{at}", os.MFD_CLOEXEC) for at in range(len(call["request"]["outputs"]))]
    kept = os.memfd_create("kept", os.MFD_CLOEXEC)
    batches = None
    if "batches" in call["request"]:
        from wardian._debug.kept_batches import in_folder

        batches = in_folder(os.path.join(folder, "batches"))
    if given.wire:
        from wardian._debug import wire

        try:
            wire.wait_for_client(given.debugger, *given.wire)
        except KeyboardInterrupt:  # nobody came
            return _INTERRUPTED
    remove_left_folders()
    # A script's working folder is scratch space, which ends with the call; so it is here.
    with tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-") as scratch:
        os.chdir(scratch)
        os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = scratch
        reply = answered(request, inputs, outputs, kept, batches)
        os.chdir(folder)
    if given.wire:
        wire.end()
    failure = failure_text(reply)
    result = os.path.join(folder, "result.arrow")
    if failure is not None:
        print(failure, file=sys.stderr)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(result)  # an earlier run's
        return 1
    if os.fstat(kept).st_size:
        try:
            with open(f"{result}.new", "wb") as file, open(kept, "rb", closefd=False) as whole:
                whole.seek(0)
                while block := whole.read(1 << 20):
                    file.write(block)
            os.replace(f"{result}.new", result)
        except OSError as error:
            print(f"The result cannot be written to {result}: {error.strerror}", file=sys.stderr)
            return 1
        print(f"written to {result}")
    return 0


def remove_left_folders() -> None:
    """Those of runs that were killed before they could do it."""
    for name in os.listdir(tempfile.gettempdir()):
        owner = name.removeprefix(_SCRATCH).partition("-")[0]
        path = os.path.join(tempfile.gettempdir(), name)
        if not name.startswith(_SCRATCH) or not owner.isdigit() or os.path.exists(f"/proc/{owner}"):
            continue
        with contextlib.suppress(OSError):
            if os.lstat(path).st_uid == os.getuid():
                shutil.rmtree(path)


def end_with(parent: int) -> None:
    """Has this process end when the program that started it does, however that ends."""
    import ctypes
    import signal

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)
