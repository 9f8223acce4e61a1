"""Blobs that a database folder keeps: the command, and what happens to its files."""

from __future__ import annotations

import hashlib
import json
import pathlib
import subprocess
import time

import pytest
from python_queries import python
from wardian_program import WARDIAN, PipeProgram, run


def keep(database: pathlib.Path, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    text = f"set python_keep_blobs; T | {python('typeof(*)', script + chr(10) + 'result = df')}"
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


SIZE = 3_000_000


def line(byte: int) -> str:
    """For a pipe form that keeps blobs: a query that leaves the blob b, all of that byte."""
    script = f"blobs['b'] = bytes([{byte}]) * {SIZE}\nresult = df"
    return json.dumps({"id": byte, "query": f"T | {python('typeof(*)', script)}"}) + "\n"


def byte_of_all(content: bytes) -> int:
    assert len(content) == SIZE
    (byte,) = set(content)
    return byte


def kept_byte(database: pathlib.Path) -> int:
    return byte_of_all(subprocess.run([WARDIAN, "blob", "get", "b", "--db", database], capture_output=True, check=True).stdout)


def test_two_writers_and_readers_at_once(database):
    # No byte twice: a blob with parts of two would show.
    given = [range(1, 11), range(11, 21)]
    writers = [PipeProgram("--db", str(database), "--keep-blobs").process for _ in given]
    for writer, own in zip(writers, given, strict=True):
        writer.stdin.writelines(map(line, own))
        writer.stdin.close()
    answers = [[json.loads(writer.stdout.readline())] for writer in writers]  # from now on there is a blob, at any time
    seen = set()
    while any(writer.poll() is None for writer in writers):
        seen.add(kept_byte(database))
    seen.add(kept_byte(database))
    assert kept_byte(database) in {own[-1] for own in given}
    assert seen <= {byte for own in given for byte in own}
    for writer, own, told in zip(writers, given, answers, strict=True):
        told += map(json.loads, writer.stdout)
        assert [answer["id"] for answer in told] == list(own)
        assert all(answer["outputs"][0]["kept"] is True and "data" not in answer["outputs"][0] for answer in told)
        writer.stdout.close()
    assert len(list((database / "blobs").iterdir())) == 1


@pytest.mark.parametrize("wait", [0.0, 0.005, 0.02])
def test_killed_while_it_keeps(database, wait):
    """Whenever the program is killed: an old blob or a new one, whole, and no other file of ours."""
    program = PipeProgram("--db", str(database), "--keep-blobs").process
    program.stdin.write(line(1))
    program.stdin.flush()
    assert "outputs" in json.loads(program.stdout.readline())  # the pool is warm: the next ones take milliseconds
    program.stdin.writelines(map(line, range(2, 22)))
    program.stdin.flush()
    time.sleep(wait)
    program.kill()
    program.wait()
    program.stdin.close()
    program.stdout.close()
    assert kept_byte(database) in range(1, 22)
    # Between two system calls a file that is whole has a name of the writer's; a day later it is removed.
    assert len([file for file in (database / "blobs").iterdir() if not file.name.startswith(".wardian-")]) == 1
