"""Where the time and memory of scripts went: `wardian profile` and `query --profile-python`."""

from __future__ import annotations

import json
import sys
import types

import pytest
from inside_call import _inside, call
from python_queries import SHARES, TEN, batched, python
from wardian_program import PipeProgram, run

SCRIPT = """
import time
import fractions, wave
def slow(value):
    time.sleep(0.01)
    return value
def count():
    for i in range(3):
        yield i
kept = np.ones(4_000_000)
found = [slow(i) for i in count()]
for i in range(1000):
    found.append(i)
try:
    slow(1 / 0)
except ZeroDivisionError:
    pass
result = df
"""


def profile(query: str, *words: str, status: int = 0) -> list[dict]:
    ran = run("profile", "--format", "json", *words, query)
    assert ran.returncode == status, ran.stderr
    return json.loads(ran.stdout)


def test_lines_imports_and_phases() -> None:
    (told,) = profile(f"range x from 1 to 5 step 1 | {python('typeof(*)', SCRIPT)}")
    lines = {line["line"]: line for line in told["lines"]}
    # Hits as the interpreter runs the lines; a `for` is come to once more than it goes round.
    assert {number: lines[number]["hits"] for number in (2, 3, 5, 6, 9, 10, 13, 15, 18)} == {
        2: 1, 3: 1, 5: 3, 6: 3, 9: 3, 10: 1, 13: 1000, 15: 1, 18: 1,
    }  # fmt: skip
    assert lines[12]["hits"] in (1000, 1001)
    assert lines[5]["text"] == "    time.sleep(0.01)"
    assert lines[5]["seconds"] >= 0.03
    assert 30_000_000 < lines[10]["memory_bytes"] < 40_000_000
    assert max(line["memory_bytes"] for number, line in lines.items() if number != 10) < 8_000_000
    assert {"fractions", "wave"} <= {entry["package"] for entry in told["imports"]}
    seconds = told["seconds"]
    assert told["calls"] == 1 and told["rows_in"] == told["rows_out"] == 5
    assert seconds["total"] == pytest.approx(sum(time for name, time in seconds.items() if name != "total"), abs=1e-5)
    assert seconds["run"] >= 0.03 and all(time >= 0 for time in seconds.values())
    assert told["memory_bytes_peak"] > 32_000_000 or told["memory_bytes_peak"] == 0


def test_the_table_is_for_people() -> None:
    ran = run("profile", f"range x from 1 to 5 step 1 | {python('typeof(*)', SCRIPT)}")
    assert ran.returncode == 0, ran.stderr
    heading, *rows = ran.stdout.splitlines()
    assert heading.startswith("Python at line 1: 1 call, 5 rows in, 5 rows out, ")
    assert any(row.endswith("script: imports") for row in rows)
    line = next(row for row in rows if row.endswith("    time.sleep(0.01)"))
    assert line.split()[:2] == ["5", "3"]
    assert "The query ran no Python." in run("profile", "print 1").stdout


def test_a_query_answers_and_tells_beside() -> None:
    plain = run("query", "--format", "json", f"print x = 1 | {python('typeof(*)', 'result = df')}")
    told = run("query", "--format", "json", "--profile-python", f"print x = 1 | {python('typeof(*)', 'result = df')}")
    assert told.stdout == plain.stdout
    assert "result = df" in told.stderr and "1 row" in told.stderr
    assert plain.stderr == ""


def test_the_pipe_form_has_a_member_for_it() -> None:
    program = PipeProgram("--profile-python")
    answer = program.ask(f"print x = 1 | {python('typeof(*)', 'result = df')}")
    assert answer["rows"] == [[1]] and answer["profile"][0]["lines"][0]["text"] == "result = df"
    assert program.ask("print 1")["profile"] == []
    failed = program.ask(f"print x = 1 | {python('typeof(*)', 'a = 1' + chr(10) + 'result = nothing')}")
    assert failed["error"]["code"] == "SCRIPT_ERROR"
    assert [line["line"] for line in failed["profile"][0]["lines"]] == [1, 2]
    program.close()


def test_calls_of_one_operator_are_added_up() -> None:
    script = "for i in range(10):\n    pass\nresult = df"
    (told,) = profile(f"range x from 1 to 100000 step 1 | {python('typeof(*)', script, hint='hint.distribution=per_node')}")
    assert (told["calls"], told["rows_in"], told["rows_out"]) == (SHARES, 100000, 100000)
    assert {line["line"]: line["hits"] for line in told["lines"]}[2] == 10 * SHARES


@pytest.mark.parametrize(
    ("script", "hits", "rows_out"),
    [
        (
            "def process(batches):\n    for df in batches:\n        y = df.x * 2\n        yield df[:2]",
            {1: 1, 2: 5, 3: 4, 4: 4},
            7,
        ),
        ("y = df.x * 2\nresult = df", {1: 4, 2: 4}, 10),
    ],
)
def test_a_call_that_takes_batches(script: str, hits: dict[int, int], rows_out: int) -> None:
    query = f"{TEN} | {batched(3, 'typeof(*)', script)}"
    (told,) = profile(query)
    assert (told["calls"], told["calls_silent"], told["rows_in"], told["rows_out"]) == (1, 0, 10, rows_out)
    assert {line["line"]: line["hits"] for line in told["lines"]} == hits
    assert told["seconds"]["run"] > 0
    assert "1 call, 10 rows in" in run("query", "--profile-python", query).stderr


def test_each_operator_has_its_own() -> None:
    query = f"print x = 1\n| {python('typeof(*)', 'result = df')}\n| {python('typeof(*)', 'result = df + 1')}"
    assert [(one["script_line"], one["lines"][0]["text"]) for one in profile(query)] == [
        (2, "result = df"),
        (3, "result = df + 1"),
    ]


@pytest.mark.parametrize(
    ("script", "status", "silent"),
    [("if x", 1, 0), ("result = df.nothing", 1, 0), ("import os\nos._exit(0)", 1, 1), ("x = 1", 1, 0)],
)
def test_calls_that_fail(script: str, status: int, silent: int) -> None:
    (told,) = profile(f"print x = 1 | {python('typeof(*)', script)}", status=status)
    assert (told["calls"], told["calls_silent"]) == (1, silent)
    assert told["seconds"]["total"] > 0


def test_a_script_that_runs_out_of_time_is_told_as_such() -> None:
    ran = run("profile", "--sandbox-time", "1s", f"print x = 1 | {python('typeof(*)', 'while True: pass')}")
    assert ran.returncode == 1
    assert "TIME_LIMIT" in ran.stderr and "ended before the script could tell" in ran.stdout


def test_what_a_script_makes_of_its_account_is_shown_safely() -> None:
    """A hostile script reaches the profile's own objects; all it can do is to tell tales about itself, in plain letters."""
    script = r"""
import sys, gc
from wardian._inside import profile
for held in gc.get_objects():
    if isinstance(held, profile.Profile):
        held.told = lambda: {
            "inputs": -1, "script": 10**18, "outputs": "x", "imports_total": 2**63, "lines_left_out": 2**63,
            "lines": [[1, 5, 10**18, 2**62], [2, -1, 0, 0], [3, 2**60, 0, 0], [10**9, 1, 1, 1], [0, 1, 1, 1], [4], "x",
                      [4, 1, 5, "x"], [4, 9, 9, 9]],
            "imports": [["\x1b[31mred\u202e\n", 5], ["long" * 1000, 6], [1, 2], "x"],
        }
result = df
"""
    query = f"print x = 1 | {python('typeof(*)', script)}"
    (told,) = profile(query)
    assert [(line["line"], line["hits"]) for line in told["lines"]] == [(1, 5), (4, 1)]
    seconds = told["seconds"]
    assert seconds["total"] < 100 and all(time >= 0 for time in seconds.values())
    assert told["lines_left_out"] <= len(script.splitlines()) + 1
    shown = run("profile", query).stdout
    assert "\x1b" not in shown and "\u202e" not in shown and "\\x1b[31mred" in shown
    assert "long" * 40 not in shown


def test_a_line_with_control_characters_is_shown_safely() -> None:
    script = "t = '\x1b[31m'\nresult = df"
    shown = run("profile", f"print x = 1 | {python('typeof(*)', script)}").stdout
    assert "\x1b" not in shown and "\\x1b[31m" in shown


def test_more_lines_than_an_account_holds() -> None:
    script = "\n".join(["x = 1"] * 3000) + "\nresult = df"
    (told,) = profile(f"print x = 1 | {python('typeof(*)', script)}")
    assert len(told["lines"]) + told["lines_left_out"] == 3001
    assert len(told["lines"]) >= 100


def test_threads_and_recursion_are_counted() -> None:
    script = """
import threading
def down(n):
    if n:
        down(n - 1)
def work():
    down(9)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
result = df
"""
    (told,) = profile(f"print x = 1 | {python('typeof(*)', script)}")
    assert {line["line"]: line["hits"] for line in told["lines"]}[4] == 40


def test_the_same_result_and_the_same_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting is no part of what a script sees: neither its error's text nor its frames."""
    columns = [{"variable": "result", "kind": "frame", "columns": [{"name": "x", "type": "long"}]}]
    script = "def f():\n    import no_such_module\nf()"
    replies = []
    for asked in ({}, {"profile": True}):
        read = types.SimpleNamespace(loads=lambda text, asked=asked: json.loads(text) | asked, dumps=json.dumps)
        monkeypatch.setattr(_inside.call, "json", read)
        replies.append(call(script, {"df": {"x": ("long", [1])}}, outputs=columns)[0])
    assert replies[0]["failure"] == replies[1]["failure"]
    assert "profile" in replies[1] and "profile" not in replies[0]
    assert sys.gettrace() is None


def test_wrong_usage() -> None:
    assert run("profile", "--format", "csv", "print 1").returncode == 2
    assert run("profile").returncode == 2
