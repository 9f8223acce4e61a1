"""Python calls that a query kept, run once more: `--debug-python`, `set query_python_debug`, run.py, `wardian debug`."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pyarrow as pa
import pytest
from kept_calls import PYTHON, kept, result, run_alone
from python_queries import EVERY_TYPE, SHARES, python
from small_disk import small_disk
from wardian_program import WARDIAN, PipeProgram, run


def bag(**members: int) -> str:
    return f"dynamic({json.dumps(members)})"


def test_a_folder_holds_all_that_the_call_had(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    script = "df['y'] = df.x * kargs['by']\nprint('hello')\nresult = df"
    told = kept(folder, f"range x from 1 to 3 step 1 | {python('typeof(*, y:long)', script, bag(by=10))}")
    assert f"1 Python call was kept in {folder}" in told
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {"script.py", "df.arrow", "kargs.json", "call.json", "run.py", "README.md", ".vscode/launch.json"}
    assert (folder / "script.py").read_text() == script
    assert json.loads((folder / "kargs.json").read_text()) == {"by": 10}
    with pa.memory_map(str(folder / "df.arrow")) as file:
        assert pa.ipc.open_stream(file).read_all().to_pydict() == {"x": [1, 2, 3]}
    launch = json.loads((folder / ".vscode" / "launch.json").read_text())
    assert launch["configurations"][0]["connect"]["host"] == "127.0.0.1"
    ran = run_alone(folder)
    assert ran.returncode == 0, ran.stderr
    assert "hello" in ran.stdout and "result: 3 rows, 2 columns" in ran.stdout
    assert result(folder).to_pydict() == {"x": [1, 2, 3], "y": [10, 20, 30]}


@pytest.mark.parametrize("way", ["alone", "unconfined", "confined"])
def test_a_call_with_every_type_answers_as_in_its_query(tmp_path: pathlib.Path, way: str) -> None:
    folder = tmp_path / "kept"
    # What the script sees of its frame, and what it hands on, unchanged and changed.
    script = """
seen = pd.DataFrame({'c': list(df.columns), 't': [str(t) for t in df.dtypes], 'v': [repr(df[c].tolist()) for c in df.columns]})
print(seen.to_json(orient='records'))
df['l2'] = df.l
df.loc[0, 'i'] = 7
result = df
"""
    query = f"{EVERY_TYPE} | {python('typeof(*, l2:long)', script)}"
    ran = run("query", "--format", "jsonl", "--console", "--debug-python", folder, query)
    assert ran.returncode == 0, ran.stderr
    in_query = next(line for line in ran.stderr.splitlines() if "python | [" in line).split("python | ")[1]
    words = ["--confined"] if way == "confined" else []
    again = run_alone(folder) if way == "alone" else run("debug", folder, *words)
    assert again.returncode == 0, again.stderr
    shown = next(line for line in (again.stdout + again.stderr).splitlines() if "[{" in line).removeprefix("python | ")
    assert shown == in_query
    table = result(folder)
    assert table.column("i").to_pylist() == [7, -2147483648, None]
    assert table.column("l2").to_pylist() == [9223372036854775807, -9223372036854775807, None]
    assert table.column("s").to_pylist() == ["žluť 🐎", "", "x"]
    assert table.column("b").to_pylist() == [True, False, None]
    assert table.column("g").to_pylist()[0] == "12345678-9abc-def0-1234-56789abcdef0"


def test_it_runs_where_it_was_moved_to_and_after_a_change(tmp_path: pathlib.Path) -> None:
    folder, moved = tmp_path / "kept", tmp_path / "else where"
    kept(folder, f"print x = 1 | {python('typeof(*)', 'result = df * kargs.get(chr(107))', bag(k=2))}")
    shutil.move(folder, moved)
    (moved / "kargs.json").write_text('{"k": 5}')
    with open(moved / "script.py", "a") as script:
        script.write("\nresult = result + 1")
    assert run_alone(moved).returncode == 0
    assert result(moved).to_pydict() == {"x": [6]}
    assert run("debug", moved, "--confined").returncode == 0
    assert result(moved).to_pydict() == {"x": [6]}


def test_a_call_that_waits_for_a_sandbox_is_kept_once(tmp_path: pathlib.Path) -> None:
    share = "import time\ntime.sleep(6)\nresult = df"
    query = f"range x from 1 to 100000 step 1 | {python('typeof(*)', share, hint='hint.distribution=per_node')} | count"
    plural = "1 Python call was" if SHARES == 1 else f"{SHARES} Python calls were"
    assert f"{plural} kept" in kept(tmp_path / "kept", query, "--sandbox-count", "1")


@pytest.mark.parametrize("words", [(), ("--confined",)])
def test_a_failing_script_is_kept_and_fails_again_at_its_line(tmp_path: pathlib.Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "kept"
    script = "\n  x = 1\n  result = df.nowhere\n"
    told = kept(folder, f"print x = 1 | {python('typeof(*)', script)}", status=1)
    assert "at its line 3" in told and "1 Python call was kept" in told
    ran = run("debug", folder, *words)
    assert ran.returncode == 1
    assert "SCRIPT_ERROR" in ran.stderr and "line 3" in ran.stderr and "nowhere" in ran.stderr
    assert not (folder / "result.arrow").exists()


@pytest.mark.parametrize("words", [(), ("--confined",)])
def test_a_syntax_error_is_told(tmp_path: pathlib.Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "kept"
    script = "a = 1\nif a\n  b"
    kept(folder, f"print x = 1 | {python('typeof(*)', script)}", status=1)
    ran = run("debug", folder, *words)
    assert ran.returncode == 1
    assert "SyntaxError" in ran.stderr and "line 2" in ran.stderr


@pytest.mark.parametrize(
    ("literal", "file"),
    [
        ("\n    a = 1\n\n    if a:\n        b = 2\n    result = df\n", "\na = 1\n\nif a:\n    b = 2\nresult = df\n"),
        ("\n    a = '''\n    x\n    '''\n    result = df", "\n    a = '''\n    x\n    '''\n    result = df"),
        ("if 1:\n    result = df", "if 1:\n    result = df"),
        ("result = df\r\n", "result = df\r\n"),
    ],
)
def test_lines_of_the_file_are_those_of_the_literal(tmp_path: pathlib.Path, literal: str, file: str) -> None:
    folder = tmp_path / "kept"
    kept(folder, f"print x = 1 | {python('typeof(*)', literal)}")
    assert (folder / "script.py").read_bytes().decode() == file
    assert run_alone(folder).returncode == 0


def test_each_call_of_a_query_has_its_folder(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    share = "result = pd.DataFrame({'n': [len(df)], 'first': [df.x.iloc[0]], 's': [df.s.iloc[-1]]})"
    query = f"""range x from 1 to 200000 step 1 | extend s = strcat('text ', x), m = iff(x == 199999, long(null), x)
        | {python("typeof(n:long, first:long, s:string)", share, hint="hint.distribution=per_node")}
        | {python("typeof(n:long)", "result = df")}"""
    kept(folder, query)
    assert sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name.isdigit()) == sorted(
        str(number) for number in range(2, SHARES + 2)
    )
    folders = [folder, *(folder / str(number) for number in range(2, SHARES + 1))]
    rows = 0
    for one in folders:
        assert run_alone(one).returncode == 0
        rows += result(one).column("n")[0].as_py()
        with pa.memory_map(str(one / "df.arrow")) as file:
            frame = pa.ipc.open_stream(file).read_all()
        frame.validate(full=True)
        assert frame.column("s").to_pylist() == [f"text {x}" for x in frame.column("x").to_pylist()]
        # A share of a column that has a null somewhere is as it was in the query: of pandas' own integers.
        assert run("debug", one, "--confined").returncode == 0
    assert rows == 200000


def test_set_query_python_debug_keeps_one_call_in_the_current_folder(tmp_path: pathlib.Path) -> None:
    query = f"""set query_python_debug = 2;
        print x = 1 | {python("typeof(*)", "result = df + 1")} | {python("typeof(*)", "result = df * 7")}"""
    ran = run("query", query, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert f"kept in {tmp_path / 'wardian_debug'}" in ran.stderr
    assert (tmp_path / "wardian_debug" / "script.py").read_text() == "result = df * 7"
    assert not (tmp_path / "wardian_debug" / "2").exists()
    first = run("query", query.replace(" = 2;", ";"), cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert (tmp_path / "wardian_debug" / "script.py").read_text() == "result = df + 1"
    off = run("query", query.replace("= 2", "= false"), cwd=tmp_path)
    assert off.returncode == 0 and "kept" not in off.stderr
    assert "no Python call of that number" in run("query", query.replace("= 2", "= 3"), cwd=tmp_path).stderr
    assert "query_python_debug needs" in run("query", query.replace("= 2", "= 0"), cwd=tmp_path).stderr


def test_the_pipe_form_keeps_what_a_query_asks_for(tmp_path: pathlib.Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        program = PipeProgram()
    finally:
        os.chdir(here)
    assert program.rows(f"set query_python_debug; print x = 1 | {python('typeof(*)', 'result = df')}") == [[1]]
    assert program.rows(f"print x = 1 | {python('typeof(*)', 'result = df + 1')}") == [[2]]
    program.close()
    assert (tmp_path / "wardian_debug" / "script.py").read_text() == "result = df"


def test_nothing_is_written_for_a_query_without_python(tmp_path: pathlib.Path) -> None:
    told = kept(tmp_path / "kept", "print 1")
    assert "ran no Python, so nothing was written" in told
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: pathlib.Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    (mine / "call.json").write_text('{"something": "else"}')
    call = f"print x = 1 | {python('typeof(*)', 'result = df')}"
    assert "ACCESS_DENIED" in kept(mine, call, status=1)
    assert sorted(path.name for path in mine.iterdir()) == ["call.json", "thesis.txt"]
    (tmp_path / "file").write_text("")
    assert "ACCESS_DENIED" in kept(tmp_path / "file", call, status=1)
    assert "FILE_NOT_FOUND" in kept(tmp_path / "no" / "where", call, status=1)
    empty = tmp_path / "empty"
    empty.mkdir()
    kept(empty, call)
    (empty / "leftover.txt").write_text("of the last time")
    kept(empty, call)  # ours: replaced whole
    assert not (empty / "leftover.txt").exists()
    link = tmp_path / "link"
    link.symlink_to(empty)
    kept(link, call)
    assert link.is_symlink() and (empty / "run.py").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "file", "empty", "link"}


def test_a_place_that_cannot_be_written_is_told_before_anything_runs(tmp_path: pathlib.Path) -> None:
    call = f"print x = 1 | {python('typeof(*)', 'result = df')}"
    assert "error IO" in kept(pathlib.Path("/proc/kept"), call, status=1)


def test_artifacts_come_along(tmp_path: pathlib.Path) -> None:
    artifact, folder = tmp_path / "model.txt", tmp_path / "kept"
    artifact.write_text("weights")
    script = "result = pd.DataFrame({'t': [open('Temp/model.txt').read() + open('model.txt').read()]})"
    artifacts = f"dynamic({json.dumps({'model.txt': str(artifact)})})"
    query = f"print x = 1 | {python('typeof(t:string)', script, 'dynamic(null)', artifacts)}"
    kept(folder, query, "--allow-external-files")
    artifact.unlink()
    assert (folder / "artifacts" / "model.txt").read_text() == "weights"
    for again in (run_alone(folder), run("debug", folder), run("debug", folder, "--confined")):
        assert again.returncode == 0, again.stderr
        assert result(folder).to_pydict() == {"t": ["weightsweights"]}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "call.json").unlink(), "no call.json"),
        (lambda folder: (folder / "call.json").write_text("{"), "no JSON"),
        (lambda folder: (folder / "call.json").write_text('{"wardian_debug":2}'), "another version"),
        (lambda folder: (folder / "kargs.json").write_text("{"), "kargs.json is no JSON"),
        (lambda folder: (folder / "script.py").write_bytes(b"\xff"), "not in UTF-8"),
        (lambda folder: _rename_input(folder, "../other.arrow"), "names a file outside"),
        (lambda folder: _rename_input(folder, "/etc/passwd"), "names a file outside"),
        (lambda folder: _link_input(folder), "a link stands for"),
    ],
)
def test_a_spoiled_folder_is_refused(tmp_path: pathlib.Path, spoil, said: str) -> None:
    folder = tmp_path / "kept"
    kept(folder, f"print x = 1 | {python('typeof(*)', 'result = df')}")
    spoil(folder)
    for words in ((), ("--confined",)):
        ran = run("debug", folder, *words)
        assert ran.returncode == 1
        assert said in ran.stderr, ran.stderr


def _rename_input(folder: pathlib.Path, name: str) -> None:
    call = (folder / "call.json").read_text()
    (folder / "call.json").write_text(call.replace('"df.arrow"', json.dumps(name)))


def _link_input(folder: pathlib.Path) -> None:
    os.rename(folder / "df.arrow", folder.parent / "elsewhere.arrow")
    os.symlink(folder.parent / "elsewhere.arrow", folder / "df.arrow")


def test_a_frame_cut_short_ends_in_an_error(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    script = "result = pd.DataFrame([[df.x.sum()]])"
    kept(folder, f"range x from 1 to 100000 step 1 | {python('typeof(n:long)', script)}")
    os.truncate(folder / "df.arrow", 5000)
    for words in ((), ("--confined",)):
        assert run("debug", folder, *words).returncode == 1


def test_the_confined_run_has_the_limits_of_its_query(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    script = "x = np.ones(300_000_000)\nresult = df"
    kept(folder, f"print x = 1 | {python('typeof(*)', script)}", status=1)
    assert "MEMORY_LIMIT" in run("debug", folder, "--confined").stderr
    ran = run("debug", folder, "--confined", "--sandbox-memory", "4GB")
    assert ran.returncode == 0, ran.stderr
    (folder / "script.py").write_text("import socket\nsocket.socket()\nresult = df")
    assert "PermissionError" in run("debug", folder, "--confined").stderr
    assert run("debug", folder).returncode == 0


@pytest.mark.parametrize("words", [["debug"], ["debug", "x", "--listen", "65536"], ["debug", "x", "--sandbox-memory", "1MB"]])
def test_wrong_usage(words: list[str]) -> None:
    assert run(*words).returncode == 2


def test_an_interpreter_that_lacks_something_is_told(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    kept(folder, f"print x = 1 | {python('typeof(*)', 'result = df')}")
    # -S: without the environment's packages.
    ran = subprocess.run([sys.executable, "-S", "-I", folder / "run.py"], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    assert "No module named" in ran.stderr and str(PYTHON) in ran.stderr and "Traceback" not in ran.stderr


def test_a_full_disk_leaves_the_calls_of_before(tmp_path: pathlib.Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        folder = disk.folder / "kept"
        small = f"print x = 1 | {python('typeof(*)', 'result = df')}"
        assert disk.run("query", "--debug-python", folder, small).returncode == 0
        large = f"range x from 1 to 500000 step 1 | {python('typeof(*)', 'result = df + 1')}"
        full = disk.run("query", "--debug-python", folder, large)
        assert (full.returncode, "error DISK_FULL" in full.stderr) == (1, True), full.stderr
        assert [path.name for path in disk.seen.iterdir()] == ["kept"]
        assert (disk.seen / "kept" / "script.py").read_text() == "result = df"


def test_what_a_killed_query_left_is_cleared_away(tmp_path: pathlib.Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    stale, alive = tmp_path / f".kept.new-{ended.pid}-1", tmp_path / f".kept.new-{os.getpid()}-1"
    for folder in (stale, alive):
        folder.mkdir()
        (folder / "script.py").write_text("half")
    kept(tmp_path / "kept", f"print x = 1 | {python('typeof(*)', 'result = df')}")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([alive.name, "kept"])


def test_more_calls_than_are_kept_are_counted(tmp_path: pathlib.Path) -> None:
    calls = " | ".join([python("typeof(*)", "result = df")] * 66)
    told = kept(tmp_path / "kept", f"print x = 1 | {calls}")
    assert "64 Python calls were kept" in told and "2 more were not" in told
    assert (tmp_path / "kept" / "64" / "run.py").exists() and not (tmp_path / "kept" / "65").exists()


def test_two_queries_at_once_keep_their_calls_apart(tmp_path: pathlib.Path) -> None:
    """Whoever comes last has the folder; no call of another query lies in it."""
    folder = tmp_path / "kept"

    def query(mark: str) -> subprocess.Popen[str]:
        steps = [python("typeof(*)", f"# {mark}\nimport time\ntime.sleep(0.2)\nresult = df")] * 4
        words = [WARDIAN, "query", "--debug-python", str(folder), f"print x = 1 | {' | '.join(steps)}"]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    running = [query("first"), query("second")]
    told = [process.communicate(timeout=120)[1] for process in running]
    # The one whose folder was replaced cannot add to it, and says so.
    assert any(process.returncode == 0 for process in running), told
    marks = {path.read_text().splitlines()[0] for path in folder.rglob("script.py")}
    assert len(marks) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
