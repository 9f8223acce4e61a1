"""Scripts that take batches, run here without a sandbox: the dialogue is played by the test."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest
from played_batches import call, values


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


# In a process of its own: what others took before would hide what is taken here. Cycles alone must not keep a batch.
PILING = """
import gc, json, os, pathlib, re, sys
from played_batches import call, values
def resident_kib():
    seen.append(int(re.search("VmRSS:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]))
columns = {"x": ("real", [1.5] * 100_000), "s": ("string", ["text"] * 100_000)}
seen = []
open_before = len(os.listdir("/proc/self/fd"))
gc.collect()
gc.disable()
reply, played = call(sys.argv[1], "x:real", columns, 100_000, again=60, at_each=resident_kib)
assert "outputs" in reply, reply
print(json.dumps({"pieces": len(values(played)), "resident_kib": seen, "opened": len(os.listdir("/proc/self/fd")) - open_before}))
"""


@pytest.mark.parametrize(
    "script", ["def process(batches):\n    for df in batches: yield df[:1]", "def f(): return df\nresult = f()[:1]"]
)
def test_batches_do_not_pile_up(script: str) -> None:
    """Neither in memory (the frames are large) nor as descriptors, in either form."""
    done = subprocess.run(
        [sys.executable, "-c", PILING, script], cwd=pathlib.Path(__file__).parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    resident = told["resident_kib"]
    assert (told["pieces"], len(resident), told["opened"]) == (60, 60, 0)
    # Each batch takes some 12 MB as objects: sixty of them would be 700.
    assert max(resident) - resident[10] < 150_000, resident


# As where no control group bounds memory, so that the size of a file is what is refused.
EXTRAS = """
import json, resource, sys
import inside_call, played_batches
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
script = "for n in range(3): blobs[n * 'b' + 'b'] = bytes(500_000)\\n"
if sys.argv[1] == "whole":
    outputs = [{"variable": "result", "kind": "frame", "columns": inside_call.declared("x:long")}, {"kind": "extras"}]
    reply, _ = inside_call.call(script + "result = df", {"df": {"x": ("long", [1])}}, outputs=outputs)
else:
    script += {"each": "result = df", "function": "def process(batches): yield from batches"}[sys.argv[1]]
    reply, _ = played_batches.call(script, "x:long", extras=True)
print(json.dumps(reply))
"""


@pytest.mark.parametrize("form", ["whole", "each", "function"])
def test_extras_that_do_not_fit_their_file(tmp_path: pathlib.Path, form: str) -> None:
    """With batches as without."""
    here = {"PYTHONPATH": str(pathlib.Path(__file__).parent)}
    done = subprocess.run(
        [sys.executable, "-c", EXTRAS, form], cwd=tmp_path, env=os.environ | here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["failure"] == {
        "code": "output_limit",
        "message": "The script's result is larger than the sandbox's memory",
        "hint": "--sandbox-memory raises the limit.",
    }


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
