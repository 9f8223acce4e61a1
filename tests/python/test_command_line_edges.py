"""The command line at its edges: what is refused as wrong usage, what a failing output gives, and the pipe forms' ids."""

import json
import os
import pathlib
import subprocess
import tempfile

import pytest
from small_disk import small_disk
from wardian_program import WARDIAN, run

WRONG_USAGE = [
    (["query", "print 1", "--sandbox-level", "F"], "--sandbox-level: is none of A to E: F"),
    (["query", "print 1", "--memory", "0"], "--memory: is out of bounds: 0 (64MB or more)"),
    (["query", "print 1", "--memory", ""], "--memory: is given without a value"),
    (["query", "print 1", "--output", ""], "--output: is given without a value"),
    (["query", "print 1", "--db", ""], "--db: is given without a value"),
    (["query", "print 1", "--format", ""], "--format: is given without a value"),
    (["query", "print 1", "--sandbox-memory", "1"], "Sandbox limit out of bounds: --sandbox-memory. Allowed: 64 MiB to 1 TiB"),
    (["query", "print 1", "--sandbox-scratch", "1"], "Sandbox limit out of bounds: --sandbox-scratch. Allowed: 4 KiB to 1 TiB"),
    (["query", "print 1", "--sandbox-time", "1ms"], "Sandbox limit out of bounds: --sandbox-time. Allowed: 10 ms to 24 h"),
    (["query", "print 1", "--param", "n=1", "--param", "n=2"], "--param: gives twice: n"),
    (
        ["query", "print 1", "--python-dtypes", "polars"],
        "--python-dtypes: is none of default, arrow, nullable, classic: polars",
    ),
    (["query", "print 1", "--jsonl"], "text excludes --jsonl"),
    (["query", "--jsonl", "-f", "q.kql"], "--file excludes --jsonl"),
    (["query", "--jsonl", "--output", "x"], "--output excludes --jsonl"),
    (["query", "--jsonl", "--format", "csv"], "--format excludes --jsonl"),
    (["query", "--jsonl", "--console"], "--console excludes --jsonl"),
    (["parse", "--jsonl", "print 1"], "text excludes --jsonl"),
    (["query", "-f", "/"], "--file: is a folder: /"),
    (["import", "a.csv", "--table", "", "--db", "x"], "--table: is given without a value"),
    (["qery", "print 1"], "Unknown command: qery. Did you mean query?"),
    (
        ["whatever"],
        "Unknown command: whatever. The commands are: query, shell, complete, explain, check, parse, import, image, blob, debug, "
        "profile, doctor",
    ),
]


@pytest.mark.parametrize(("words", "told"), WRONG_USAGE)
def test_wrong_usage_says_what_is_allowed(tmp_path, words, told):
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", ["1T", "0.5TiB", "1TB", "4G"])
def test_sizes_have_every_unit(size):
    assert run("query", "print 1", "--memory", size).returncode == 0


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["parse", "print 1"], ["explain", "print 1"], ["query", "print 1"]])
def test_an_answer_that_cannot_be_written_is_a_failure(words):
    with pathlib.Path("/dev/full").open("w") as full:
        done = subprocess.run([WARDIAN, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith("error ")
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", WARDIAN, *words], stderr=subprocess.PIPE, check=False, timeout=120
    )
    assert closed.returncode == 1 and closed.stderr.startswith(b"error ")


def test_an_import_says_rows_as_one_does(tmp_path):
    (tmp_path / "one.csv").write_text("a\n1\n")
    assert run("import", "one.csv", "--table", "T", "--db", "db", cwd=tmp_path).stdout == "T: 1 row\n"


# --- what scripts print ---------------------------------------------------------------------------------------------------


def test_the_console_is_bounded():
    script = "for i in range(40): print('x' * 100_000)\nresult = df"
    done = run("query", f"print a = 1 | evaluate python(typeof(*), ```{script}```)", "--console")
    assert done.returncode == 0, done.stderr[-500:]
    assert len(done.stderr) < (1 << 20) + 200
    assert done.stderr.endswith("[the scripts print more than 1 MiB; the rest is not shown]\n")


# --- pipe forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["query", "parse"])
def test_every_answer_has_its_requests_id(command):
    lines = [
        '{"id": 1}',
        '{"id": 2, "query": 5}',
        '{"id": "3", "query": "print \\ud800"}',
        '{"query": "print \\ud800", "id": {"a": [4]}}',
        '{"id": 5, "query": nonsense}',
        "[6]",
    ]
    done = run(command, "--jsonl", text="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers][:3] == [1, 2, "3"]
    assert [answer["id"] for answer in answers][4:] == [5, None]
    assert {answer["error"]["code"] for answer in answers} == {"USAGE"}


# --- databases ------------------------------------------------------------------------------------------------------------


def test_a_full_disk_leaves_a_database_as_it_was(tmp_path):
    (tmp_path / "one.csv").write_text("a\n1\n")
    with (tmp_path / "big.csv").open("w") as out:
        out.write("a,b\n" + "".join(f"{n},{n * 7919 % 1_000_003} {n * 104_729 % 999_983}\n" for n in range(400_000)))
    with small_disk(tmp_path / "disk", "3m") as disk:
        database, seen = disk.folder / "db", disk.seen / "db"
        assert disk.run("import", tmp_path / "one.csv", "--table", "T", "--db", database).returncode == 0
        before = {path.name: path.stat().st_size for path in seen.iterdir()}
        for target in ("db", "new"):
            full = disk.run("import", tmp_path / "big.csv", "--table", "Big", "--db", disk.folder / target)
            assert full.returncode == 1
            assert "error DISK_FULL" in full.stderr
        assert {path.name: path.stat().st_size for path in seen.iterdir()} == before
        assert not (disk.seen / "new").exists()
        assert disk.run("import", tmp_path / "one.csv", "--table", "U", "--db", database).returncode == 0
        assert disk.run("query", "T | count", "--db", database, "--format", "csv").stdout == "Count\n1\n"


# --- evaluate python: what is told before anything runs --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("print x = 1 | evaluate python(typeof(), 'result = df')", "BAD_ARGUMENT", "The result has no columns"),
        (
            "print x = 1 | evaluate python(typeof(a: long, a: string), 'result = df')",
            "DUPLICATE_NAME",
            "Two columns of typeof() have the same name: a",
        ),
        ("evaluate python(typeof(x: long), 'result = df')", "WRONG_CONTEXT", "Nothing is piped into the plugin: python"),
        (
            "print x = 1 | evaluate hint.distributon = single python(typeof(*), 'result = df')",
            "BAD_ARGUMENT",
            "evaluate has no hint of that name: hint.distributon",
        ),
    ],
)
def test_calls_that_make_no_sense_are_refused(query, code, message):
    done = run("query", query)
    assert done.returncode == 1
    assert f"error {code} at query:1:" in done.stderr and message in done.stderr


def test_hints_of_the_documentation_are_taken():
    query = "print x = 1 | evaluate hint.remote = local hint.pass_filters = true python(typeof(*), 'result = df')"
    assert run("query", query, "--format", "csv").stdout == "x\n1\n"


def test_a_column_may_be_named_by_any_character():
    answer = run("query", r'print ["\u0000"] = 1 | extend y = ["\u0000"] + 1', "--format", "json")
    table = json.loads(answer.stdout)["tables"][0]
    assert ([column["name"] for column in table["columns"]], table["rows"]) == (["\0", "y"], [[1, 2]])


def test_an_output_in_a_folder_that_cannot_be_listed():
    """Root may list all, so it runs as somebody else."""
    somebody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o711)
        folder = pathlib.Path(place) / "folder"
        folder.mkdir()
        if somebody:
            os.chown(folder, 65534, 65534)
        folder.chmod(0o300)
        done = run("query", "print x = 1", "--format", "csv", "--output", folder / "rows.csv", cwd="/", **somebody)
        assert done.returncode == 0, done.stderr
        folder.chmod(0o700)
        assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("rows.csv", "x\n1\n")]
