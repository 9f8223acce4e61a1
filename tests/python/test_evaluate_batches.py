"""Scripts that take their table in batches, through the program."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import time

import pytest
from python_queries import EVERY_TYPE, TEN, batched, python
from wardian_program import WARDIAN, PipeProgram, run

PROGRAM_WORDS = ("--sandbox-time", "10s")
LIST, START = "bag_pack('list', dynamic([0]))", "bag_pack('start', 100)"
ALL = list(range(1, 11))
NONE = "range x from 1 to 0 step 1"
SIZES = "def process(batches):\n    for df in batches:\n        yield pd.DataFrame({'n': [len(df)], 'first': [df.x.iloc[0]]})"


def test_a_function_gets_the_batches_in_order(wardian: PipeProgram) -> None:
    assert wardian.rows(f"{TEN} | {batched(4, 'typeof(n:long, first:long)', SIZES)}") == [[4, 1], [4, 5], [2, 9]]


def test_a_script_without_one_runs_for_each_batch(wardian: PipeProgram) -> None:
    script = "result = pd.DataFrame({'n': [len(df)], 'first': [df.x.iloc[0]], 'label': [df.index[0]]})"
    schema = "typeof(n:long, first:long, label:long)"
    assert wardian.rows(f"{TEN} | {batched(4, schema, script)}") == [[4, 1, 0], [4, 5, 0], [2, 9, 0]]
    # As many rows as there are: as without the hint.
    assert wardian.rows(f"{TEN} | {batched(10, schema, script)}") == [[10, 1, 0]]


def test_each_batch_finds_a_script_that_never_ran(wardian: PipeProgram) -> None:
    script = """
assert 'seen' not in globals() and 'result' not in globals()
seen = True
kargs['list'].append(1)
result = pd.DataFrame({'n': [len(kargs['list'])]})
"""
    query = f"{TEN} | {batched(3, 'typeof(n:long)', script, LIST)}"
    assert wardian.rows(query) == [[2], [2], [2], [2]]


def test_each_batch_finds_a_blob_that_nobody_changed(wardian: PipeProgram) -> None:
    make = python("typeof(*)", "blobs['list'] = [0]\nresult = df")
    script = "kargs['list'].append(1)\nresult = pd.DataFrame({'n': [len(kargs['list'])]})"
    call = batched(3, "typeof(n:long)", script, "bag_pack('list', blob('list'))")
    assert wardian.rows(f"{TEN} | {make} | {call}") == [[2], [2], [2], [2]]


def test_what_a_batch_left_behind_finds_its_globals(wardian: PipeProgram) -> None:
    """In a later call, in a figure that is drawn at the end, in a thread."""
    blob = "scale = 3\ndef f(x): return x * scale\nblobs['f'] = f\nresult = df"
    use = python("typeof(*)", "df['x'] = [kargs['f'](2)]\nresult = df", "bag_pack('f', blob('f'))")
    assert wardian.rows(f"{TEN} | {batched(4, 'typeof(*)', blob)} | take 1 | {use}") == [[6]]
    figure = """
import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter
scale = 3
figure, axes = plt.subplots()
axes.xaxis.set_major_formatter(FuncFormatter(lambda value, place: f"{value * scale}"))
result = df
"""
    answer = wardian.ask(f"{TEN} | {batched(4, 'typeof(*)', figure)}")
    assert [output["name"] for output in answer["outputs"]] == ["figure_1.png", "figure_2.png", "figure_3.png"]


def test_a_piece_is_let_go_before_the_next_is_made(wardian: PipeProgram) -> None:
    script = """
import weakref
def process(batches):
    last = None
    for df in batches:
        alive = last is not None and last() is not None
        piece = pd.DataFrame({'x': [int(alive)]})
        last = weakref.ref(piece)
        yield piece
        del piece
"""
    assert wardian.rows(f"{TEN} | {batched(3, 'typeof(x:long)', script)}") == [[0]] * 4


def test_a_function_keeps_what_it_will_between_batches(wardian: PipeProgram) -> None:
    script = """
total = kargs['start']
def process(batches):
    global total
    kept = []
    for df in batches:
        df['x'] += 0
        kept.append(df)
        total += df.x.sum()
        yield df.assign(total=total)
    assert [len(one) for one in kept] == [3, 3, 3, 1]
    assert pd.concat(kept).x.tolist() == list(range(1, 11))  # earlier batches are what they were
"""
    rows = wardian.rows(f"{TEN} | {batched(3, 'typeof(x:long, total:long)', script, START)}")
    assert [x for x, _ in rows] == list(range(1, 11))
    assert [total for _, total in rows] == [106] * 3 + [121] * 3 + [145] * 3 + [155]


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
@pytest.mark.parametrize(
    "script",
    [
        "def process(batches):\n    yield from batches",
        "result = df",
        "result = df.copy()",
        "result = pd.DataFrame({c: df[c].tolist() for c in df.columns}, dtype=object)",
    ],
)
def test_every_type_goes_in_and_out(wardian: PipeProgram, script: str, rows: int) -> None:
    assert wardian.rows(f"{EVERY_TYPE} | {batched(rows, 'typeof(*)', script)}") == wardian.rows(EVERY_TYPE)


def test_last_digits_of_far_times_come_back(wardian: PipeProgram) -> None:
    table = """datatable(t:datetime, p:timespan) [
        datetime(0001-01-01T00:00:00.1234567), time(300000.00:00:00.7654321), datetime(9999-12-31T23:59:59.9999999Z), time(1d),
        datetime(2020-01-01T00:00:00.0000001), time(00:00:00.0000009)]"""
    for script in ("result = df", "def process(batches):\n    for df in batches: yield df[df.index >= 0]"):
        assert wardian.rows(f"{table} | {batched(2, 'typeof(*)', script)}") == wardian.rows(table)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # Whatever a result may be.
        ("def process(batches):\n    for df in batches: yield df.x", ALL),
        ("import pyarrow as pa\ndef process(batches):\n    for df in batches: yield pa.table(df)", ALL),
        ("import pyarrow as pa\ndef process(batches):\n    return pa.RecordBatchReader.from_batches("
         "pa.schema([('x', pa.int64())]), (pa.RecordBatch.from_pandas(df) for df in batches))", ALL),
        # No generator: a table, a list of tables, another iterable.
        ("def process(batches):\n    return pd.concat(batches)", ALL),
        ("def process(batches):\n    return [df for df in batches]", ALL),
        ("def process(batches):\n    return map(lambda df: df * 2, batches)", list(range(2, 21, 2))),
        ("process = None\ndef process(batches): return batches", ALL),
        ("class Doubler:\n    def __call__(self, batches):\n        for df in batches: yield df * 2\n"
         "def process(batches): pass\nprocess = Doubler()", list(range(2, 21, 2))),
        ("import polars as pl\ndef process(batches):\n    return pl.concat([pl.from_pandas(df) for df in batches]).lazy()", ALL),
        # Under an if and a decorator, and called with what the decorator makes.
        ("def twice(f):\n    return lambda batches: (df * 2 for df in f(batches))\nif 1:\n    @twice\n    def process(batches):\n"
         "        yield from batches", list(range(2, 21, 2))),
        # Nothing at all, nothing of one batch, more than there was, without looking at any batch.
        ("def process(batches):\n    return\n    yield", []),
        ("def process(batches):\n    for df in batches: yield df[df.x > 5]", [6, 7, 8, 9, 10]),
        ("def process(batches):\n    for df in batches:\n        yield df\n        yield df",
         [*ALL[:4], *ALL[:4], *ALL[4:8], *ALL[4:8], *ALL[8:], *ALL[8:]]),
        ("def process(batches):\n    yield pd.DataFrame({'x': [42]})", [42]),
        # The first batch only.
        ("def process(batches):\n    yield next(batches)", [1, 2, 3, 4]),
        # After the end there is nothing more, however often it is asked.
        ("def process(batches):\n    yield from batches\n    assert list(batches) == [] and next(batches, None) is None", ALL),
        # What was yielded stays as it was.
        ("def process(batches):\n    for df in batches:\n        yield df\n        df['x'] = 0\n        df.x.values[:] = 1", ALL),
    ],
)  # fmt: skip
def test_what_a_function_may_do(wardian: PipeProgram, script: str, expected: list[int]) -> None:
    assert [x for (x,) in wardian.rows(f"{TEN} | {batched(4, 'typeof(x:long)', script)}")] == expected


def test_an_empty_table(wardian: PipeProgram) -> None:
    script = "def process(batches):\n    yield pd.DataFrame({'n': [len(list(batches))]})"
    assert wardian.rows(f"{NONE} | {batched(4, 'typeof(n:long)', script)}") == [[0]]
    assert wardian.rows(f"{NONE} | {batched(4, 'typeof(*)', 'def process(batches): yield from batches')}") == []
    # As without the hint: the script runs once, over no rows.
    script = "assert str(df.x.dtype) == 'int64'\nresult = pd.DataFrame({'n': [len(df)]})"
    assert wardian.rows(f"{NONE} | {batched(4, 'typeof(n:long)', script)}") == [[0]]


@pytest.mark.parametrize(
    ("script", "schema", "code", "parts"),
    [
        ("def process(batches):\n    for df in batches:\n        if df.x.max() > 6:\n            yield 1 / 0\n        yield df",
         "typeof(*)", "SCRIPT_ERROR", ["line 4: ZeroDivisionError: division by zero (batch 2)", "yield 1 / 0"]),
        ("if df.x.min() > 8: raise ValueError('late')\nresult = df", "typeof(*)", "SCRIPT_ERROR",
         ["line 1: ValueError: late (batch 3)"]),
        ("def process(batches):\n    yield from (", "typeof(*)", "SCRIPT_ERROR", ["line 2", "SyntaxError"]),
        ("x = 1\ny = undefined\ndef process(batches): yield from batches", "typeof(*)", "SCRIPT_ERROR", ["line 2", "NameError"]),
        ("def process(): pass", "typeof(*)", "SCRIPT_ERROR", ["TypeError"]),
        ("import sys\ndef process(batches):\n    sys.exit(3)", "typeof(*)", "SCRIPT_ERROR", ["SystemExit"]),
        ("def process(batches):\n    for df in batches: df", "typeof(*)", "NO_RESULT", ["process returned nothing"]),
        ("def process(batches):\n    for df in batches: yield None", "typeof(*)", "BAD_RESULT", ["Piece 1", "None"]),
        ("def process(batches):\n    for df in batches: yield 1", "typeof(*)", "BAD_RESULT", ["piece 1 of process", "int: 1"]),
        ("def process(batches): return 'text'", "typeof(*)", "BAD_RESULT", ["str"]),
        ("async def process(batches):\n    yield 1", "typeof(*)", "BAD_RESULT", ["async_generator"]),
        ("def process(batches): pass\nprocess = 3", "typeof(*)", "BAD_RESULT", ["process", "3"]),
        ("def process(batches):\n    for df in batches: yield df.assign(x=['a'] * len(df))", "typeof(*)", "BAD_RESULT",
         ["Column x, row 0 of piece 1 of process: 'a'"]),
        ("result = df.assign(x=df.x.astype(float).replace(6, 1.5))", "typeof(*)", "BAD_RESULT",
         ["Column x, row 1 of result of batch 2: 1.5"]),
        ("result = df", "typeof(a:long, b:long)", "BAD_RESULT", ["result of batch 1", "a:long"]),
        ("if df.x.min() == 1: result = df", "typeof(*)", "NO_RESULT", ["result of batch 2"]),
        ("import os\ndef process(batches):\n    next(batches)\n    os._exit(0)", "typeof(*)", "NO_RESULT", []),
        ("import os\ndef process(batches):\n    next(batches)\n    os.abort()", "typeof(*)", "CRASHED", []),
        ("def process(batches):\n    next(batches)\n    a = bytearray(3 << 30)\n    for i in range(0, len(a), 4096): a[i] = 1",
         "typeof(*)", "MEMORY_LIMIT", []),
    ],
)  # fmt: skip
def test_failures_have_codes_and_say_where(wardian: PipeProgram, script: str, schema: str, code: str, parts: list[str]) -> None:
    error = wardian.error(f"{TEN} | {batched(4, schema, script)}")
    assert error["code"] == code, error
    for part in parts:
        assert part in error["message"], error
    assert wardian.rows(f"{TEN} | {batched(4, 'typeof(*)', 'result = df')} | count") == [[10]]


@pytest.mark.parametrize(
    ("hints", "message", "column"),
    [
        ("hint.batches = 0", "hint.batches is a number of rows from 1 to 100000000", 37),
        ("hint.batches = 100000001", "hint.batches is a number of rows from 1 to 100000000", 37),
        ("hint.batches = many", "hint.batches is a number of rows from 1 to 100000000", 37),
        ("hint.batches = 1.5", "hint.batches is a number of rows from 1 to 100000000", 37),
        ("hint.distribution = per_node hint.batches = 5", "hint.batches and hint.distribution=per_node exclude each other", 51),
        ("hint.batch = 5", "evaluate has no hint of that name: hint.batch", 22),
    ],
)
def test_the_hint_is_checked_where_it_stands(wardian: PipeProgram, hints: str, message: str, column: int) -> None:
    error = wardian.error(f"print x = 1 | evaluate {hints} python(typeof(*), 'result = df')")
    assert (error["code"], error["message"], error["column"]) == ("BAD_ARGUMENT", message, column + 2), error


def test_explain_tells_of_batches() -> None:
    assert "by batches of 7" in run("explain", f"{TEN} | {batched(7, 'typeof(*)', 'result = df')}").stdout


MILLIONS = 5_000_000


def test_five_million_rows_keep_their_order_and_values(wardian: PipeProgram) -> None:
    script = """
def process(batches):
    seen = 0
    for df in batches:
        assert len(df) == 300_000 or seen + len(df) == 5_000_000
        assert df.x.iloc[0] == seen + 1 and (np.diff(df.x) == 1).all()
        seen += len(df)
        yield df.assign(y=df.x * 2)
"""
    query = f"""range x from 1 to {MILLIONS} step 1
        | {batched(300_000, "typeof(*, y:long)", script)}
        | extend before = prev(x, 1, 0) | where x == before + 1 and y == 2 * x
        | summarize n = count(), total = sum(x)"""
    assert wardian.rows(query) == [[MILLIONS, MILLIONS * (MILLIONS + 1) // 2]]


def test_many_tiny_batches_and_pieces(wardian: PipeProgram) -> None:
    script = "def process(batches):\n    for df in batches:\n        yield df[:1]\n        yield df[1:]"
    query = f"range x from 1 to 4001 step 1 | {batched(2, 'typeof(*)', script)}"
    assert [x for (x,) in wardian.rows(query)] == list(range(1, 4002))


def test_pieces_of_unlike_types_follow_one_another(wardian: PipeProgram) -> None:
    script = """
def process(batches):
    yield pd.DataFrame({'t': pd.to_datetime(['2020-01-01']), 's': ['a']})
    yield pd.DataFrame({'t': np.array(['0001-01-02'], dtype='M8[us]'), 's': [b'b']})
    yield pd.DataFrame({'t': [None], 's': [3]})
"""
    rows = wardian.rows(f"{TEN} | {batched(4, 'typeof(t:datetime, s:string)', script)}")
    assert rows == [["2020-01-01T00:00:00Z", "a"], ["0001-01-02T00:00:00Z", "b"], [None, "3"]]


def test_batched_stages_follow_one_another_and_are_used_twice(wardian: PipeProgram) -> None:
    script = "def process(batches):\n    for df in batches: yield df + 1"
    query = f"""let t = materialize({TEN} | {batched(3, "typeof(*)", script)} | {batched(4, "typeof(*)", "result = df + 1")});
        union t, t | summarize n = count(), total = sum(x), low = min(x)"""
    assert wardian.rows(query) == [[20, 2 * (55 + 20), 3]]


def test_an_error_of_the_query_below_reaches_the_user(tmp_path: pathlib.Path) -> None:
    """In the middle of the stream: a line far beyond those by which the types were told."""
    file = tmp_path / "bad.jsonl"
    with file.open("w") as out:
        out.writelines(f'{{"x": {x}}}\n' for x in range(300_000))
        out.write('{"x": "no number"}\n')
    script = "def process(batches):\n    for df in batches: yield df"
    done = run("query", f"T | {batched(1000, 'typeof(*)', script)} | count", "--table", f"T={file}")
    assert done.returncode == 1 and "error BAD_FILE" in done.stderr and "no number" in done.stderr


def test_a_function_that_has_enough_ends_the_rest(wardian: PipeProgram) -> None:
    """The rest of the table is not made: this one would take minutes."""
    script = "def process(batches):\n    yield next(batches)[:5]"
    begin = time.monotonic()
    query = f"range x from 1 to 100000000000 step 1 | {batched(1000, 'typeof(*)', script)} | count"
    assert wardian.rows(query) == [[5]]
    assert time.monotonic() - begin < 60


def test_the_time_limit_is_that_of_each_batch() -> None:
    program = PipeProgram("--sandbox-time", "1500ms")
    try:
        slow = "import time\ndef process(batches):\n    for df in batches:\n        time.sleep(0.5)\n        yield df"
        assert len(program.rows(f"{TEN} | {batched(2, 'typeof(*)', slow)}")) == 10
        error = program.error(f"{TEN} | {batched(2, 'typeof(*)', slow.replace('0.5', '60'))}")
        assert error["code"] == "TIME_LIMIT" and "without asking for more" in error["message"]
        # Pieces are no way round it.
        endless = "def process(batches):\n    while True: yield pd.DataFrame({'x': []})"
        assert program.error(f"{TEN} | {batched(2, 'typeof(*)', endless)}")["code"] == "TIME_LIMIT"
    finally:
        program.close()


def test_the_timeout_is_that_of_the_whole() -> None:
    slow = "import time\ndef process(batches):\n    for df in batches:\n        time.sleep(0.3)\n        yield df"
    done = run("query", f"{TEN} | {batched(1, 'typeof(*)', slow)}", "--timeout", "1500ms")
    assert done.returncode == 1 and "TIMEOUT" in done.stderr


def test_batches_larger_than_the_sandbox_are_told_early() -> None:
    program = PipeProgram("--sandbox-memory", "64MiB")
    try:
        table = "range x from 1 to 20000000 step 1"
        error = program.error(f"{table} | {batched(20_000_000, 'typeof(*)', 'result = df[:1]')}")
        assert error["code"] == "RESULT_TOO_LARGE" and "64 MiB" in error["message"] and "hint.batches" in error["hint"], error
        # Three times as much as the sandbox has, batch by batch, in and out.
        assert program.rows(f"{table} | {batched(500_000, 'typeof(*)', 'result = df')} | summarize n = count(), s = sum(x)") == [
            [20_000_000, 20_000_000 * 20_000_001 // 2]
        ]
    finally:
        program.close()


SPINNING = """
import time
def process(batches):
    for df in batches:
        yield df
        if df.x.iloc[0] > 300_000: time.sleep(600)
"""


@pytest.mark.parametrize("plug", ["interrupt", "kill"])
def test_nothing_is_left_of_one_that_is_cut_off(tmp_path: pathlib.Path, plug: str) -> None:
    query = f"range x from 1 to 100000000000 step 1 | {batched(100_000, 'typeof(*)', SPINNING)} | count"
    process = subprocess.Popen(
        [WARDIAN, "query", query, "--sandbox-time", "1h"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None and unnamed_bytes(process.pid, tmp_path) < 2_000_000:
            time.sleep(0.02)
        assert unnamed_bytes(process.pid, tmp_path) >= 2_000_000
        process.send_signal(signal.SIGINT if plug == "interrupt" else signal.SIGKILL)
        error = process.communicate(timeout=30)[1]
        assert process.returncode == (130 if plug == "interrupt" else -9), error
    finally:
        process.kill()
        process.communicate()
    end = time.monotonic() + 20
    # The folder of all programs of this user may stay.
    while (left := list(tmp_path.glob("*/*"))) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == []


def unnamed_bytes(pid: int, folder: pathlib.Path) -> int:
    """Of files without a name below the folder, which the process holds open."""
    total = 0
    for link in pathlib.Path(f"/proc/{pid}/fd").glob("*"):
        try:
            if os.readlink(link).startswith(str(folder)) and os.stat(link).st_nlink == 0:
                total += os.stat(link).st_size
        except OSError:
            continue
    return total
