"""Blobs that a database folder keeps: the command, and what happens to its files."""

from __future__ import annotations

import hashlib
import json
import pathlib
import signal
import subprocess
import time

import pytest
from wardian_program import WARDIAN, run


@pytest.fixture
def database(tmp_path) -> pathlib.Path:
    (tmp_path / "one.csv").write_text("x\n1\n")
    assert run("import", tmp_path / "one.csv", "--table", "T", "--db", tmp_path / "db").returncode == 0
    return tmp_path / "db"


def keep(database: pathlib.Path, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    text = f"set python_keep_blobs; T | evaluate python(typeof(*), {json.dumps(script + chr(10) + 'result = df')})"
    return run("query", text, "--db", database, *words)


def listed(database: pathlib.Path) -> list[dict]:
    return json.loads(run("blob", "list", "--db", database, "--format", "json").stdout)


def test_list_get_and_remove(database, tmp_path):
    assert listed(database) == []
    assert keep(database, "blobs['b'] = bytes(range(256))\nblobs['Žluť model'] = {'a': 1}").returncode == 0
    first, second = listed(database)
    assert first == {
        "name": "b",
        "type": "application/octet-stream",
        "size": 256,
        "created": first["created"],
        "database": "default",
        "sha256": hashlib.sha256(bytes(range(256))).hexdigest(),
    }
    assert time.strptime(first["created"], "%Y-%m-%dT%H:%M:%SZ")
    assert (second["name"], second["type"]) == ("Žluť model", "application/x-python-pickle")
    table = run("blob", "list", "--db", database).stdout.splitlines()
    assert table[0].split() == ["name", "type", "size", "created", "database", "sha256"]
    assert table[1].split()[:3] == ["b", "application/octet-stream", "256"]
    assert run("blob", "get", "b", "--db", database, "--output", tmp_path / "out").returncode == 0
    assert (tmp_path / "out").read_bytes() == bytes(range(256))
    got = subprocess.run([WARDIAN, "blob", "get", "b", "--db", database], capture_output=True, check=True)
    assert got.stdout == bytes(range(256))
    assert run("blob", "remove", "b", "--db", database).returncode == 0
    assert [blob["name"] for blob in listed(database)] == ["Žluť model"]


def test_names_are_told_apart_by_case_and_kept_within_the_folder(database):
    names = ["Model", "model", "MODEL", "a b", "%2e", "-rf", "x" * 255, "ž" * 127, "~", "a\\b", "*"]
    script = f"for name in {names!r}: blobs[name] = name.encode()"
    assert keep(database, script).returncode == 0
    assert [blob["name"] for blob in listed(database)] == sorted(names, key=str.encode)
    for name in names:
        assert run("blob", "get", "--db", database, "--", name).stdout == name
    assert len(list((database / "blobs").iterdir())) == len(names)


def test_what_is_not_there(database, tmp_path):
    keep(database, "blobs['model'] = b'1'")
    for words in (["get"], ["remove"]):
        done = run("blob", *words, "modle", "--db", database)
        assert done.returncode == 1
        assert done.stderr == "error UNKNOWN_NAME: No blob has that name: modle\nhint: Did you mean model?\n"
    assert run("blob", "list", "--db", tmp_path / "none").stderr.startswith("error FILE_NOT_FOUND: No database folder here")
    assert run("blob", "--db", database).returncode == 2
    assert run("blob", "get", "model").returncode == 2
    assert run("blob", "get", "", "--db", database).returncode == 2
    assert run("query", "print 1", "--keep-blobs").returncode == 2
    refused = run("query", "set python_keep_blobs; print 1")
    assert refused.stderr.startswith("error BAD_ARGUMENT: There is no database folder to keep blobs in")


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(file.read_bytes()[:-1] + b"?"),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"wardian blob 2\n{}\n"),
        lambda file: file.write_bytes(b"wardian blob 1\n" + b"x" * 100_000),
        lambda file: file.write_bytes(b'wardian blob 1\n{"name":"b","size":18446744073709551615}\n'),
        lambda file: (file.unlink(), file.symlink_to("/etc/passwd")),
        lambda file: (file.unlink(), file.mkdir()),
    ],
)
def test_a_damaged_file_is_told_and_never_used(database, damage):
    keep(database, "blobs['b'] = b'content'\nblobs['c'] = b'whole'")
    (file,) = (file for file in (database / "blobs").iterdir() if file.name.startswith("b-"))
    damage(file)
    for words in (["blob", "get", "b"], ["query", "T | evaluate python(typeof(*), 'result = df', bag_pack('b', blob('b')))"]):
        done = run(*words, "--db", database)
        assert (done.returncode, done.stderr.split(":")[0].split(" at ")[0]) == (1, "error BAD_FILE"), done.stderr
    assert run("blob", "get", "c", "--db", database).stdout == "whole"


def test_two_writers_and_readers_at_once(database):
    script = "blobs['b'] = bytes([%d]) * 3_000_000"
    writers = [
        subprocess.Popen(
            [
                WARDIAN, "query", "--jsonl", "--db", database, "--keep-blobs"
            ], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for number, writer in enumerate(writers):
        text = f"T | evaluate python(typeof(*), {json.dumps(script % number + chr(10) + 'result = df')})"
        writer.stdin.write((json.dumps({"id": 1, "query": text}) + "\n") * 10)
        writer.stdin.flush()
    seen = set()
    while any(writer.poll() is None for writer in writers):
        got = subprocess.run([WARDIAN, "blob", "get", "b", "--db", database], capture_output=True, check=False)
        if got.returncode == 0:
            assert len(got.stdout) == 3_000_000
            seen.add(got.stdout[:1])
            assert len(set(got.stdout)) == 1
        for writer in writers:
            if not writer.stdin.closed:
                writer.stdin.close()
    for writer in writers:
        answers = [json.loads(line) for line in writer.stdout]
        assert len(answers) == 10
        assert all(answer["outputs"][0]["kept"] is True and "data" not in answer["outputs"][0] for answer in answers)
    assert len(list((database / "blobs").iterdir())) == 1


def test_killed_while_it_keeps(database):
    """Whenever the program is killed: the old blob or the new one, whole, and no other file of ours."""
    keep(database, "blobs['b'] = b'0' * 3_000_000")
    text = "T | evaluate python(typeof(*), " + json.dumps("blobs['b'] = b'1' * 3_000_000\nresult = df") + ")"
    for wait in (0.0, 0.005, 0.02):
        program = subprocess.Popen(
            [WARDIAN, "query", "--jsonl", "--db", database, "--keep-blobs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = json.dumps({"id": 1, "query": text}) + "\n"
        program.stdin.write(line)
        program.stdin.flush()
        program.stdout.readline()  # the pool is warm: the next ones take milliseconds
        program.stdin.write(line * 20)
        program.stdin.flush()
        time.sleep(wait)
        program.send_signal(signal.SIGKILL)
        program.wait()
        program.stdin.close()
        program.stdout.close()
        got = run("blob", "get", "b", "--db", database).stdout
        assert len(got) == 3_000_000 and len(set(got)) == 1
        # Between two system calls a file that is whole has a name of the writer's; a day later it is removed.
        assert len([file for file in (database / "blobs").iterdir() if not file.name.startswith(".wardian-")]) == 1
