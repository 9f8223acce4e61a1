"""A script that takes its table in batches, in either of two forms.

With a function `process` at its top level it runs once, and `process(batches)` gets an iterator of DataFrames; what it yields or
returns are pieces of the result. Without one it runs for each batch anew, as a script of that batch alone.

Outside, batches are asked for with "next", answered by "batch" or "end" and files; "piece N" says that N bytes of the result
stand in the output, answered by "taken".
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import inspect
import json
import sys
import threading
import types
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import pyarrow as pa

from wardian._inside import script
from wardian._inside.batch_frames import Batches
from wardian._inside.batch_pieces import Pieces
from wardian._inside.blobs import GivenBlob, with_blobs
from wardian._inside.failures import BadResult, NoResult, ResultTooLarge, shown
from wardian._inside.figures import plotly_figures_in
from wardian._inside.frame_out import holds_table

_FUNCTION = "process"


def run(
    request: dict[str, Any], output: int, dialogue: Any, blobs: list[GivenBlob], bound: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The whole call: what is said of its first output, and the variables that the script left. `blobs`: for `kargs`;
    `bound`: other variables. Raises script.Failure and CallFailure."""
    wanted = request["outputs"][0]
    batches = Batches(dialogue, request.get("dtypes"))
    pieces = Pieces(output, wanted["columns"], batches)
    _keep_freed_memory(request["batches"]["memory"])
    try:
        with script.failures_told():
            code = script.compile_script(request["script"])
        left: dict[str, Any] = {}
        if _defines_function(code):
            left = _run_function(code, with_blobs(request["parameters"], blobs) | bound, batches, pieces)
        else:
            left = _run_each(code, request, blobs, bound, batches, pieces)
        pieces.flush()
        batches.settle()
    except script.Failure as failure:
        if batches.count:
            failure.summary += f" (batch {batches.count})"
        raise
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        raise ResultTooLarge(
            "A piece of the script's result is larger than the sandbox's memory",
            "Yield smaller pieces; --sandbox-memory raises the limit.",
        ) from None
    return {"rows": pieces.rows, "sources": []}, left


def _keep_freed_memory(limit: int) -> None:
    """Each batch needs as much memory as the one before: the allocator (glibc's) is not to give it back to the kernel in between,
    to be given it anew, cleared and page by page. Measured on 100,000 rows of four doubles, read and added to: 0.6 ms instead
    of 1.5 to 5."""
    trim_threshold, mmap_threshold = -1, -3
    kept = min(256 << 20, limit // 8)
    with contextlib.suppress(AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(trim_threshold, kept)
        libc.mallopt(mmap_threshold, min(32 << 20, kept))


def _defines_function(code: types.CodeType) -> bool:
    """Whether `def process` stands at the top level, under an `if` or a decorator too."""
    return _FUNCTION in code.co_names and any(
        isinstance(const, types.CodeType) and const.co_name == _FUNCTION and const.co_flags & inspect.CO_OPTIMIZED
        for const in code.co_consts
    )


def _run_function(code: types.CodeType, variables: dict[str, Any], batches: Batches, pieces: Pieces) -> dict[str, Any]:
    names = script.main_module(variables)
    with script.failures_told():
        exec(code, names)
    function = names.get(_FUNCTION)
    if not callable(function):
        raise BadResult(f"Expected {_FUNCTION} to be a function of the batches; it is: {shown(function)}")
    number = 0
    for piece in _pieces_of(function, batches):
        number += 1  # noqa: SIM113 - enumerate() would hold the last piece while the next is made
        if piece is None:
            raise BadResult(f"Piece {number} that {_FUNCTION} yields is None", "Yield DataFrames; `continue` leaves a batch out.")
        pieces.add(piece, f"piece {number} of {_FUNCTION}")
        del piece  # before the next is made
    return names


def _pieces_of(function: Any, batches: Batches) -> Iterator[Any]:
    with script.failures_told():
        produced = function(batches)
    if produced is None:
        raise NoResult(f"{_FUNCTION} returned nothing", "yield each piece of the result, or return a DataFrame.")
    if not isinstance(produced, pa.RecordBatchReader) and holds_table(produced):  # a reader is an iterable of several
        yield produced
        return
    if isinstance(produced, (str, bytes, dict)) or not isinstance(produced, Iterable):
        raise BadResult(
            f"Expected {_FUNCTION} to yield or to return DataFrames; it returned a {type(produced).__name__}: {shown(produced)}"
        )
    with script.failures_told():
        iterator = iter(produced)
    del produced
    while True:
        with script.failures_told():
            try:
                piece = next(iterator)
            except StopIteration:
                return
        yield piece
        del piece


def _outlives(bound: dict[str, Any]) -> bool:
    """Whether something of the scripts that ran may need their globals yet."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return bool(bound.get("blobs")) or threading.active_count() > 1 or (pyplot is not None and bool(pyplot.get_fignums()))


def _run_each(
    code: types.CodeType,
    request: dict[str, Any],
    blobs: list[GivenBlob],
    bound: dict[str, Any],
    batches: Batches,
    pieces: Pieces,
) -> dict[str, Any]:
    """Each batch finds a script that never ran: what it gives depends on this batch alone. The variables that hold figures, the
    last of each name."""
    figures: dict[str, Any] = {}
    parameters = json.dumps(request["parameters"])
    variable, result = request["batches"]["variable"], request["outputs"][0]["variable"]

    def run_one(frame: pd.DataFrame, name: str) -> None:
        names = script.main_module(with_blobs(json.loads(parameters), blobs) | bound | {variable: frame})
        del frame
        try:
            with script.failures_told():
                exec(code, names)
            if result not in names:
                raise NoResult(f"The script set no variable {name}", f"Assign a DataFrame to {result}.")
            pieces.add(names[result], name)
            figures.update(plotly_figures_in(names))
        finally:
            if _outlives(bound):
                # What uses them later, in a blob, a figure or a thread, finds its globals; not the batch.
                for held in (variable, result):
                    names.pop(held, None)
            else:
                names.clear()  # functions and their globals hold each other, and with them the batch

    while (frame := next(batches, None)) is not None:
        run_one(frame, f"{result} of batch {batches.count}")
        del frame
    empty = batches.empty()
    if empty is not None:
        run_one(empty, result)
    return figures
