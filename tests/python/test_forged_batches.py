"""Scripts that take batches and lie about it: whatever they say or write, the answer is an error or their own values."""

from __future__ import annotations

import pytest
from python_queries import TEN, batched
from wardian_program import PipeProgram

PROGRAM_WORDS = ("--sandbox-time", "10s")

# The descriptor of the output in a call without inputs: after the streams, the channel and the request.
HEAD = """
import os, ctypes, mmap, struct, threading, time
import pyarrow as pa
OUTPUT = 5
def stream(columns, rows=3):
    sink = pa.BufferOutputStream()
    table = pa.record_batch({name: pa.array([1] * rows, type) for name, type in columns.items()})
    with pa.ipc.new_stream(sink, table.schema) as writer: writer.write_batch(table)
    return sink.getvalue().to_pybytes()
def say(batches, data, size=None):
    os.pwrite(OUTPUT, data, 0)
    batches._dialogue.ask(b"piece %d" % (len(data) if size is None else size))
    return batches._dialogue.answer()
"""


def query(body: str, schema: str = "typeof(x:long)") -> str:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    script = f"{HEAD}def process(batches):\n{lines}"
    return f"{TEN} | {batched(4, schema, script)}"


TAMPERED = "tampered with its result"


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("batches._dialogue.ask(b'nonsense')\nbatches._dialogue.answer()", "BAD_RESULT", TAMPERED),
        ("batches._dialogue.ask(b'')\nbatches._dialogue.answer()", "BAD_RESULT", TAMPERED),
        ("batches._dialogue.ask(b'piece')\nbatches._dialogue.answer()", "BAD_RESULT", TAMPERED),
        ("batches._dialogue.ask(b'piece -1')\nbatches._dialogue.answer()", "BAD_RESULT", TAMPERED),
        ("batches._dialogue.ask(b'piece 7 7')\nbatches._dialogue.answer()", "BAD_RESULT", TAMPERED),
        ("batches._dialogue.ask(b'next' * 1000)\nbatches._dialogue.answer()", "BAD_RESULT", TAMPERED),
        # Too much at once, after the end, without reading what is answered.
        ("list(batches)\nbatches._dialogue.ask(b'next')\nbatches._dialogue.answer()", "BAD_RESULT", "after the last one"),
        ("while True: batches._dialogue.ask(b'next')", "BAD_RESULT", TAMPERED),
        # Pieces that are none.
        ("say(batches, b'', 1 << 20)", "BAD_RESULT", "shorter than was said"),
        ("say(batches, b'', (1 << 64) - 1)", "OUTPUT_LIMIT", "too large"),
        ("say(batches, b'', 1 << 60)", "OUTPUT_LIMIT", "too large"),
        ("say(batches, b'', 0)", "BAD_RESULT", "malformed"),
        ("say(batches, os.urandom(4096))", "BAD_RESULT", "malformed"),
        ("say(batches, stream({'x': pa.int64()})[:-100])", "BAD_RESULT", "malformed"),
        ("say(batches, stream({'x': pa.int64()}) * 2)", "BAD_RESULT", "malformed"),
        ("say(batches, stream({'y': pa.int64()}))", "BAD_RESULT", "another column"),
        ("say(batches, stream({'x': pa.int32()}))", "BAD_RESULT", "int32"),
        ("say(batches, stream({'x': pa.int64(), 'y': pa.int64()}))", "BAD_RESULT", "2 columns"),
        # The second of two, and one that the reply then denies.
        ("say(batches, stream({'x': pa.int64()}))\nsay(batches, b'?' * 64)", "BAD_RESULT", "rows count from row 3"),
        ("os.close(3)\ntime.sleep(60)", "BAD_RESULT", "control channel"),
        ("import signal\nnext(batches)\nos.kill(os.getpid(), signal.SIGSEGV)\nctypes.string_at(0)", "CRASHED", "SIGSEGV"),
        # Holes that the engine would have to fill.
        ("os.ftruncate(OUTPUT, 1 << 29)\nyield from batches", "BAD_RESULT", "holes"),
    ],
)  # fmt: skip
def test_nonsense_ends_the_call(wardian: PipeProgram, body: str, code: str, said: str) -> None:
    error = wardian.error(query(body))
    assert error["code"] == code, error
    assert said in error["message"], error
    assert wardian.rows(f"{TEN} | {batched(4, 'typeof(*)', 'result = df')} | count") == [[10]]


@pytest.mark.parametrize(
    ("body", "values"),
    [
        # By hand, without our own code: its own values, no more.
        ("say(batches, stream({'x': pa.int64()}))\nreturn []", [1, 1, 1]),
        # What was said stays, whatever becomes of the file afterwards.
        ("say(batches, stream({'x': pa.int64()}))\nos.ftruncate(OUTPUT, 0)\nreturn []", [1, 1, 1]),
        # A map of the output that outlives the call.
        (
            "say(batches, stream({'x': pa.int64()}))\nglobal kept\nkept = mmap.mmap(OUTPUT, 64)\nkept[:8] = b'?' * 8\nreturn []",
            [1, 1, 1],
        ),
        # Inputs are sealed, and no other frame's.
        (
            "batches._dialogue.ask(b'next')\nwords, files = batches._dialogue.answer()\nfailed = 0\nfor file in files:\n"
            "    try: os.pwrite(file, b'?', 0)\n    except OSError: failed += 1\n"
            "return pd.DataFrame({'x': [failed - len(files)]})",
            [0],
        ),
    ],
)
def test_what_counts_is_what_was_said(wardian: PipeProgram, body: str, values: list[int]) -> None:
    assert [x for (x,) in wardian.rows(query(body))] == values


def test_a_piece_that_changes_while_it_is_taken(wardian: PipeProgram) -> None:
    """A thread writes wild offsets and lengths into the file, and shortens it, as pieces are copied from it."""
    body = """
def disturb():
    n = 0
    while True:
        n += 1
        os.pwrite(OUTPUT, struct.pack('<q', -n * 1000003), (n * 4096 + n * 8) % (1 << 20))
        if n % 1000 == 0: os.ftruncate(OUTPUT, 100)
threading.Thread(target=disturb, daemon=True).start()
for df in batches:
    for _ in range(20):
        yield pd.DataFrame({'x': ['some text'] * 70000})
"""
    for _ in range(3):
        answer = wardian.ask(query(body, "typeof(x:string)") + " | summarize n = count(), long = max(strlen(x))")
        assert "error" not in answer or answer["error"]["code"] == "BAD_RESULT", answer
    assert wardian.rows(f"{TEN} | count") == [[10]]
