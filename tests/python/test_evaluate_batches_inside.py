"""Scripts that take batches, run here without a sandbox: the dialogue is played by the test."""

from __future__ import annotations

import gc
import json
import os
import resource
from typing import Any

import pyarrow as pa
import pytest
from inside_call import Written, column_spec, wardian_inside


class Played:
    """The outer half: hands out batches of one table, takes pieces. Keeps to the protocol's order, and demands it."""

    def __init__(
        self,
        columns: dict[str, tuple[str, list[Any]]],
        batch_rows: int,
        output: int,
        again: int = 1,
        peaks: list[int] | None = None,
    ) -> None:
        self.columns, self.batch_rows, self.output = columns, batch_rows, output
        self.again = again  # so often the table is given, one after another
        self.peaks = [] if peaks is None else peaks  # of memory, in KiB, at each batch
        self.rows = len(next(iter(columns.values()))[1])
        self.at = 0
        self.pieces: list[pa.Table] = []
        self.questions: list[bytes] = []
        self._open: bytes | None = None

    def ask(self, question: bytes) -> None:
        assert self._open is None, "a question before the last one was answered"
        self.questions.append(question)
        self._open = question

    def answer(self) -> tuple[bytes, list[int]]:
        question, self._open = self._open, None
        assert question is not None, "an answer without a question"
        word, _, size = question.partition(b" ")
        if word == b"piece":
            data = os.pread(self.output, int(size), 0)
            assert len(data) == int(size)
            self.pieces.append(pa.ipc.open_stream(data).read_all())
            return b"taken", []
        assert question == b"next"
        if self.at >= self.rows and self.again > 1:
            self.again, self.at = self.again - 1, 0
        if self.at >= self.rows:
            return b"end", [] if self.rows else self._batch(0)
        self.peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return b"batch", self._batch(self.batch_rows)

    def _batch(self, rows: int) -> list[int]:
        begin, self.at = self.at, min(self.rows, self.at + rows)
        file = Written()
        columns = [column_spec(file, name, kind, values[begin : self.at]) for name, (kind, values) in self.columns.items()]
        description = os.memfd_create("batch")
        os.write(description, json.dumps({"rows": self.at - begin, "bodies": [0], "columns": columns}).encode())
        return [description, file.fd]


def call(
    script: str,
    schema: str,
    columns: dict[str, tuple[str, list[Any]]] | None = None,
    batch_rows: int = 4,
    kargs: Any = None,
    **more: Any,
) -> tuple[dict[str, Any], Played]:
    declared = []
    for part in schema.split(","):
        name, _, kind = part.strip().rpartition(":")
        declared.append({"name": name, "type": kind, "scale": 17})
    request = {
        "script": script,
        "inputs": [],
        "files": [],
        "blobs": [],
        "parameters": {"kargs": kargs if kargs is not None else {}},
        "modules": {"np": "numpy", "pd": "pandas"},
        "outputs": [{"variable": "result", "kind": "frame", "columns": declared}],
        "batches": {"variable": "df", "memory": 1 << 30},
    }
    output = os.memfd_create("result")
    played = Played(columns if columns is not None else {"x": ("long", list(range(1, 11)))}, batch_rows, output, **more)
    try:
        reply = json.loads(wardian_inside.serve(json.dumps(request).encode(), [], [output], played))
    finally:
        os.close(output)
    return reply, played


def values(played: Played, column: str = "x") -> list[Any]:
    return [value for piece in played.pieces for value in piece.column(column).to_pylist()]


def test_questions_and_answers_alternate() -> None:
    reply, played = call("def process(batches):\n    for df in batches: yield df", "x:long")
    assert reply == {"outputs": [{"rows": 10, "sources": []}]}
    assert values(played) == list(range(1, 11))
    # Small pieces are put together.
    assert [question.split()[0] for question in played.questions] == [b"next"] * 4 + [b"piece"]


def test_large_pieces_go_at_once_and_do_not_wait_for_their_answer() -> None:
    script = "def process(batches):\n    for df in batches: yield df"
    reply, played = call(script, "x:long", {"x": ("long", list(range(200_000)))}, 100_000)
    assert [question.split()[0] for question in played.questions] == [b"next", b"piece", b"next", b"piece", b"next"]
    assert values(played) == list(range(200_000))


def test_each_form_and_an_empty_table() -> None:
    empty = {"x": ("long", [])}
    reply, played = call("result = pd.DataFrame({'n': [len(df)], 't': [str(df.x.dtype)]})", "n:long, t:string", empty)
    assert (values(played, "n"), values(played, "t")) == ([0], ["int64"])
    reply, played = call("def process(batches):\n    yield pd.DataFrame({'n': [len(list(batches))]})", "n:long", empty)
    assert values(played, "n") == [0]
    reply, played = call("result = df * kargs['by']", "x:long", kargs={"by": 3})
    assert values(played) == list(range(3, 31, 3))


def test_what_was_yielded_is_a_copy() -> None:
    script = """
def process(batches):
    one = pd.DataFrame({'x': np.zeros(1, dtype='i8')})
    for df in batches:
        one.x.values[:] = len(df)
        yield one
    one.x.values[:] = -1
"""
    assert values(call(script, "x:long")[1]) == [4, 4, 2]


def test_batches_do_not_pile_up() -> None:
    """Neither in memory (the frames are large) nor as descriptors, in either form."""
    columns = {"x": ("real", [1.5] * 100_000), "s": ("string", ["text"] * 100_000)}
    scripts = ("def process(batches):\n    for df in batches: yield df[:1]", "def f(): return df\nresult = f()[:1]")
    for script in scripts:
        peaks: list[int] = []
        gc.collect()
        open_before = len(os.listdir("/proc/self/fd"))
        gc.disable()  # cycles alone must not keep a batch
        try:
            reply, played = call(script, "x:real", columns, 100_000, again=60, peaks=peaks)
        finally:
            gc.enable()
        assert "outputs" in reply, reply
        assert len(values(played)) == len(peaks) == 60
        # Each batch takes some 12 MB as objects: sixty of them would be 700.
        assert peaks[-1] - peaks[10] < 150_000, peaks
        assert len(os.listdir("/proc/self/fd")) <= open_before


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("def process(batches): yield 1", "bad_result", "piece 1 of process"),
        ("def process(batches):\n    for df in batches: yield df if df.x.min() < 5 else None", "bad_result", "Piece 2"),
        ("def process(batches): pass", "no_result", "process returned nothing"),
        ("def process(batches):\n    raise StopIteration", "script_error", "StopIteration"),
        ("def process(batches):\n    yield from batches\n    raise RuntimeError('at last')", "script_error", "at last (batch 3)"),
        ("result = 1 / (df.x.min() - 5)", "bad_result", "result of batch 1"),
        ("pass", "no_result", "result of batch 1"),
    ],
)
def test_failures(script: str, code: str, said: str) -> None:
    reply, _ = call(script, "x:long")
    assert reply["failure"]["code"] == code, reply
    assert said in reply["failure"]["message"], reply


def test_threads_may_share_the_batches() -> None:
    script = """
from concurrent.futures import ThreadPoolExecutor
def process(batches):
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: next(batches, None), range(8)))
    yield pd.concat([df for df in taken if df is not None]).sort_values('x')
"""
    reply, played = call(script, "x:long", batch_rows=3)
    assert values(played) == list(range(1, 11))
