"""Calls that take batches, kept by a query and run once more: the same batches in the same order, the same result.

Beside test_debug_folder.py, which has what holds of all calls.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Callable

import pyarrow as pa
import pytest
from dap_client import DapClient, debugged
from kept_calls import kept, result, run_alone
from python_queries import batched
from small_disk import small_disk
from wardian_program import ROOT, run

sys.path.insert(0, str(ROOT / "python"))
from wardian._debug.kept_batches import in_type  # noqa: E402

NUMBERS = "range x from 1 to 25 step 1"
PROCESS = """
def process(batches):
    so_far = 0
    for df in batches:
        so_far += int(df.x.sum())
        df['y'] = so_far * kargs['by']
        yield df
"""
WAYS: dict[str, Callable[[pathlib.Path], tuple[int, str]]] = {
    "alone": lambda folder: told(run_alone(folder)),
    "unconfined": lambda folder: told(run("debug", folder)),
    "confined": lambda folder: told(run("debug", folder, "--confined")),
}


def told(ran) -> tuple[int, str]:
    return ran.returncode, "\n".join(line.removeprefix("python | ") for line in (ran.stdout + ran.stderr).splitlines())


def query(script: str, rows: int = 10, schema: str = "typeof(*, y:long)", by: int = 1, source: str = NUMBERS) -> str:
    kargs = json.dumps({"by": by})
    return f"{source} | {batched(rows, schema, script, f'dynamic({kargs})')}"


@pytest.mark.parametrize("way", WAYS)
def test_the_batches_come_again_and_so_does_the_result(tmp_path: pathlib.Path, way: str) -> None:
    folder = tmp_path / "kept"
    kept(folder, query(PROCESS, by=2))
    assert sorted(path.name for path in (folder / "batches").iterdir()) == [
        f"{number}.{ending}" for number in (1, 2, 3) for ending in ("arrow", "json")
    ]
    with pa.memory_map(str(folder / "batches" / "2.arrow")) as file:
        assert pa.ipc.open_stream(file).read_all().to_pydict() == {"x": list(range(11, 21))}
    status, said = WAYS[way](folder)
    assert status == 0, said
    assert "result: 25 rows, 2 columns" in said
    sums = [2 * 55, 2 * 210, 2 * 325]  # of 1 to 10, to 20, to 25
    assert result(folder).to_pydict() == {"x": list(range(1, 26)), "y": [sums[(x - 1) // 10] for x in range(1, 26)]}


@pytest.mark.parametrize("way", WAYS)
def test_a_script_that_fails_has_what_it_had_taken(tmp_path: pathlib.Path, way: str) -> None:
    folder = tmp_path / "kept"
    script = "if df.x.max() > 15:\n    raise ValueError('beyond')\nresult = df"
    assert "batch 2" in kept(folder, query(script, schema="typeof(*)"), status=1)
    assert not (folder / "batches" / "3.json").exists()
    status, said = WAYS[way](folder)
    assert status == 1 and "SCRIPT_ERROR" in said and "line 2" in said and "ValueError: beyond (batch 2)" in said
    assert not (folder / "result.arrow").exists()
    # Mended, it takes what there is.
    (folder / "script.py").write_text("result = df")
    status, said = WAYS[way](folder)
    assert status == 0 and "result: 20 rows" in said


@pytest.mark.parametrize("way", WAYS)
def test_a_table_without_rows_and_a_result_without_any(tmp_path: pathlib.Path, way: str) -> None:
    folder = tmp_path / "kept"
    kept(folder, query("result = df.assign(y=1)", source="range x from 1 to 0 step 1"))
    status, said = WAYS[way](folder)
    assert status == 0 and "result: 0 rows" in said
    kept(folder, query("def process(batches):\n    yield from ()"))
    assert WAYS[way](folder)[0] == 0


def test_times_of_several_units_are_kept_exactly_or_not_at_all(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    last, tick = "datetime(9999-12-31 23:59:59.9999999)", "datetime(2020-01-01 00:00:00.1234567)"
    times = "{} | extend t = iff(x > 10, {}, {})"
    kept(folder, query("result = df", schema="typeof(*)", source=times.format("range x from 1 to 20 step 1", tick, last)))
    assert run("debug", folder).returncode == 0
    # Ticks of 100 ns since the year 1, by Python's own reckoning.
    first = 3155378975999999999
    second = (737425 - 1) * 864_000_000_000 + 1234567  # datetime.date(2020, 1, 1).toordinal() is 737425
    assert result(folder).column("t").to_pylist() == [first] * 10 + [second] * 10
    kept(folder, query("result = df", schema="typeof(*)", source=times.format("range x from 1 to 20 step 1", last, tick)))
    assert "The result cannot be shown" in run("debug", folder).stderr


def test_times_before_1970_are_cut_as_the_engine_cuts_them() -> None:
    column = pa.chunked_array([pa.array([-1, -100, -101, 99, None], pa.timestamp("ns"))])
    first = (719163 - 1) * 864_000_000_000  # datetime.date(1970, 1, 1).toordinal() is 719163
    assert in_type(column, pa.int64()).to_pylist() == [first - 1, first - 1, first - 2, first, None]


def test_many_batches_cost_the_memory_of_one(tmp_path: pathlib.Path) -> None:
    script = """
def process(batches):
    for df in batches:
        df['y'] = df.x
        yield df
    print('private', sum(int(line.split()[1]) for line in open('/proc/self/smaps_rollup') if line.startswith('Private_')))
"""

    def private_kib(rows: int) -> int:
        folder = tmp_path / str(rows)
        kept(folder, query(script, rows=100_000, source=f"range x from 1 to {rows} step 1"))
        status, said = told(run_alone(folder))
        assert status == 0 and f"result: {rows} rows" in said
        assert result(folder).column("y").slice(rows - 1).to_pylist() == [rows]
        return int(said.split("private ")[1].split()[0])

    # Seven million rows more have 107 MiB.
    assert private_kib(8_000_000) < private_kib(1_000_000) + 40_000


def test_a_breakpoint_in_the_function_that_takes_them(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    kept(folder, query(PROCESS))
    for words in ([], ["--confined"]):
        with debugged(folder, *words) as program:
            client = DapClient(program.port)
            client.begin(folder / "script.py", [6])
            for so_far in (55, 210, 325):
                thread, frame = client.stopped()
                assert (frame["line"], frame["name"]) == (6, "process")
                assert client.variables(frame, "Locals")["so_far"]["value"] == str(so_far)
                client.ask("continue", threadId=thread)
            client.event("terminated")
            client.close()
            status, _, error = program.end()
        assert status == 0, error


def test_a_disk_that_is_full_by_the_third_batch_leaves_nothing(tmp_path: pathlib.Path) -> None:
    with small_disk(tmp_path / "disk", "2m") as disk:
        text = query("result = df[:1]", rows=100_000, schema="typeof(*)", source="range x from 1 to 1000000 step 1")
        ran = disk.run("query", "--debug-python", disk.folder / "kept", text)
        assert ran.returncode == 1
        assert f"could not be kept in {disk.folder}/kept: the disk is full" in ran.stderr
        assert ran.stderr.startswith("error DISK_FULL at query:1:")
        assert "ran no Python" not in ran.stderr
        assert list(disk.seen.iterdir()) == []


def test_a_folder_whose_batches_lead_out_of_it(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    kept(folder, query(PROCESS))
    (tmp_path / "secret").write_text("{}")
    (folder / "batches" / "2.json").unlink()
    (folder / "batches" / "2.json").symlink_to(tmp_path / "secret")
    ran = run("debug", folder, "--confined")
    assert ran.returncode == 1 and "BAD_FILE" in ran.stderr and "a link stands for" in ran.stderr


def test_calls_of_one_query_by_batches_and_not(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "kept"
    both = f"{query(PROCESS)} | evaluate python(typeof(*), 'result = df[:2]')"
    assert "2 Python calls were kept" in kept(folder, both)
    assert (folder / "batches").is_dir() and (folder / "2" / "df.arrow").is_file()
    assert run("debug", folder / "2").returncode == 0
    assert result(folder / "2").num_rows == 2
