"""Tables for Python that are larger than the sandbox's memory: from disk, or refused before the call."""

from __future__ import annotations

import os
import pathlib

import pytest
from python_queries import batched, python
from small_disk import small_disk
from wardian_program import PipeProgram

PROGRAM_WORDS = ("--sandbox-memory", "64MiB")
ROWS = 12_000_000
LONGS = f"range x from 1 to {ROWS} step 1"  # 96 MB
TOTAL = ROWS * (ROWS + 1) // 2
SUM = "result = pd.DataFrame({'total': [df.x.sum()], 'n': [len(df)]})"


def test_numbers_beyond_the_memory_limit_are_read_from_disk(wardian: PipeProgram) -> None:
    for hint in ("", "hint.distribution = per_node"):
        rows = wardian.rows(f"{LONGS} | {python('typeof(total:long, n:long)', SUM, hint=hint)} | summarize sum(total), sum(n)")
        assert rows == [[TOTAL, ROWS]]
    # In order, where the query says so; written to, page by page; passed on unchanged.
    script = "assert (np.diff(df.x.values[:1000000]) == -1).all()\ndf.loc[5, 'x'] = 0\nresult = df[:10]"
    assert [x for (x,) in wardian.rows(f"{LONGS} | sort by x desc | {python('typeof(*)', script)}")] == [
        0 if row == 5 else ROWS - row for row in range(10)
    ]
    assert wardian.rows(f"{LONGS} | {python('typeof(*)', 'result = df')} | summarize sum(x), count()") == [[TOTAL, ROWS]]


def test_every_type_that_pandas_maps_crosses_by_disk(wardian: PipeProgram) -> None:
    table = """range x from 1 to 3000000 step 1
        | extend i = toint(x), r = x / 4.0, t = datetime(2020-01-01) + x * 1s, p = x * 1ms
        | extend n = iff(x % 3 == 0, long(null), x), u = iff(x % 5 == 0, datetime(null), t), q = iff(x % 7 == 0, real(null), r)"""
    figures = """summarize sum(x), sum(i), sum(r), max(t), sum(p), sum(n), countif(isnull(n)), max(u), countif(isnull(u)), sum(q),
        countif(isnull(q))"""
    expected = wardian.rows(f"{table} | {figures}")
    assert wardian.rows(f"{table} | {python('typeof(*)', 'result = df')} | {figures}") == expected


def test_one_that_must_stay_in_memory_is_refused_with_its_size(wardian: PipeProgram) -> None:
    error = wardian.error(f"{LONGS} | {python('typeof(*)', 'result = df', 'dynamic({})', 'dynamic({})', 'false')}")
    assert error["code"] == "RESULT_TOO_LARGE", error
    assert "it needs 92 MiB; the limit is 64 MiB" in error["message"], error
    for way in ("spill_to_disk", "hint.batches", "--sandbox-memory"):
        assert way in error["hint"], error
    # Below the limit the argument changes nothing.
    few = "range x from 1 to 3 step 1"
    assert wardian.rows(f"{few} | {python('typeof(*)', 'result = df', 'spill_to_disk = false')} | count") == [[3]]


@pytest.mark.parametrize(
    ("value", "of_a_batch"),
    [
        ("strcat('some text ', x)", "MEMORY_LIMIT"),
        ("todecimal(x)", "MEMORY_LIMIT"),
        ("hash_sha256(tostring(x % 1000))", "RESULT_TOO_LARGE"),  # 128 MB as they lie, before they are objects
        ("bag_pack('key', x)", "MEMORY_LIMIT"),
    ],
)
def test_what_cannot_fit_as_objects_is_told_before_the_call(wardian: PipeProgram, value: str, of_a_batch: str) -> None:
    table = f"range x from 1 to 2000000 step 1 | project x, s = {value}"
    error = wardian.error(f"{table} | {python('typeof(*)', 'while True: len(df)')}")
    assert error["code"] == "MEMORY_LIMIT", error
    assert "cannot fit the sandbox: as Python objects (s) it needs at least" in error["message"], error
    assert "the limit is 64 MiB" in error["message"] and "hint.batches" in error["hint"], error
    # A script that does not name its table is not given one.
    script = "result = pd.DataFrame({'n': [1]})"
    assert wardian.rows(f"{table} | {python('typeof(n:long)', script)}") == [[1]]
    # By batches it does fit; and one batch that does not fit is told likewise.
    assert wardian.rows(f"{table} | {batched(50_000, 'typeof(*)', 'result = df[:1]')} | count") == [[40]]
    error = wardian.error(f"{table} | {batched(2_000_000, 'typeof(*)', 'result = df')}")
    assert error["code"] == of_a_batch, error
    assert "batch of 2000000 rows" in error["message"], error


def test_texts_that_are_shared_or_empty_are_not_counted(wardian: PipeProgram) -> None:
    """Seven in eight rows hold no object of their own."""
    table = "range x from 1 to 800000 step 1 | project s = iff(x % 8 == 0, 'some text', iff(x % 2 == 0, '', 'a'))"
    script = "result = pd.DataFrame({'n': [int((df.s == 'some text').sum())]})"
    assert wardian.rows(f"{table} | {python('typeof(n:long)', script)}") == [[100_000]]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            f"{LONGS} | {python('typeof(*)', 'result = df')} | count",
            ["not fit on the disk: it needs 92 MiB", "has room for 1"],
        ),
        (f"{LONGS} | {batched(100_000, 'typeof(*)', 'result = df')} | count", ["temporary file", "TMPDIR"]),
    ],
)
def test_a_full_disk(tmp_path: pathlib.Path, query: str, said: list[str]) -> None:
    with small_disk(tmp_path / "disk", "16m") as disk:
        done = disk.run("query", query, "--sandbox-memory", "64MiB", env=os.environ | {"TMPDIR": str(disk.folder)})
    assert done.returncode == 1, done.stdout
    assert "error DISK_FULL" in done.stderr, done.stderr
    for part in said:
        assert part in done.stderr, done.stderr
