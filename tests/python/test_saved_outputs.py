"""Where outputs go: folders, lines, counts; when the place is odd, full or not to be had."""

from __future__ import annotations

import os
import pathlib
import subprocess
from collections.abc import Iterator

import pytest
from outputs_of import DRAWING, python, query
from PIL import Image
from wardian_program import PipeProgram, run


@pytest.fixture(scope="module")
def wardian() -> Iterator[PipeProgram]:
    program = PipeProgram()
    yield program
    program.close()


@pytest.fixture
def database(tmp_path) -> pathlib.Path:
    (tmp_path / "one.csv").write_text("x\n1\n")
    assert run("import", tmp_path / "one.csv", "--table", "T", "--db", tmp_path / "db").returncode == 0
    return tmp_path / "db"


THREE = query(DRAWING + "open('outputs/table.csv', 'w').write('1')\nblobs['b'] = b'2'")


def test_artifacts_are_saved_and_replaced_in_a_folder_of_their_own(tmp_path):
    folder = tmp_path / "new" / "folder"
    for _ in range(2):
        done = run("query", THREE, "--artifacts", folder, "--format", "csv")
        assert (done.returncode, done.stdout) == (0, "x\n1\n"), done.stderr
        assert [line.split(" (")[0] for line in done.stderr.splitlines()] == [
            f"saved {folder}/{name}" for name in ("table.csv", "figure_1.png", "b")
        ]
        assert sorted(path.name for path in folder.iterdir()) == [".wardian-artifacts", "b", "figure_1.png", "table.csv"]
    assert Image.open(folder / "figure_1.png").size == (400, 300)
    assert (folder / "b").read_bytes() == b"2"


def test_nothing_is_replaced_in_a_folder_that_held_other_files(tmp_path):
    (tmp_path / "b").write_text("mine")
    outside = tmp_path.parent / (tmp_path.name + "-outside")
    outside.mkdir()
    (tmp_path / "sub").symlink_to(outside)
    (tmp_path / "table.csv").symlink_to(outside / "planted")
    assert run("query", THREE, "--artifacts", tmp_path).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "b", "b-2", "figure_1.png", "sub", "table-2.csv", "table.csv"
    ]  # fmt: skip
    assert (tmp_path / "b").read_text() == "mine"
    done = run("query", query("import os\nos.mkdir('outputs/sub')\nopen('outputs/sub/x', 'w')"), "--artifacts", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error IO: Cannot save in ") and "sub" in done.stderr
    assert list(outside.iterdir()) == []


def test_artifacts_of_many_queries_in_one_process(tmp_path):
    program = PipeProgram("--artifacts", str(tmp_path / "out"))
    paths = [program.ask(query("open('outputs/a.txt', 'w').write('1')"))["outputs"][0]["path"] for _ in range(3)]
    program.close()
    assert [os.path.basename(path) for path in paths] == ["a.txt", "a-2.txt", "a-3.txt"]
    assert all(pathlib.Path(path).read_text() == "1" for path in paths)


def test_without_a_folder_a_line_counts_what_is_lost():
    done = run("query", THREE, "--format", "jsonl")
    assert done.stdout == '{"x":1}\n'
    assert done.stderr == "Scripts left 1 picture, 1 file, 1 blob; --artifacts FOLDER saves them.\n"


def test_a_query_that_fails_leaves_nothing(tmp_path, database):
    first = query("blobs['early'] = b'1'\nopen('outputs/early', 'w')")
    done = run("query", first + " | " + python("1 / 0"), "--artifacts", tmp_path / "out", "--db", database, "--keep-blobs")
    assert done.returncode == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".wardian-artifacts"]
    assert not (database / "blobs").exists()


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("query", "print 1", "--artifacts", tmp_path / "file")
    assert (done.returncode, done.stderr.split(":")[0]) == (1, "error IO")
    done = run("query", "print 1", "--artifacts", "")
    assert done.returncode == 2


def test_too_much_for_a_line(wardian):
    script = "for n in range(3): blobs[f'b{n}'] = bytes(30 << 20)"
    error = wardian.error(query(script))
    assert error["code"] == "RESULT_TOO_LARGE"
    assert error["hint"] == "--artifacts FOLDER saves it instead."


@pytest.fixture
def small_disk(tmp_path) -> Iterator[pathlib.Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], check=False).returncode:
        pytest.skip("no small file system can be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_keeps_what_was_there(small_disk, tmp_path):
    (tmp_path / "one.csv").write_text("x\n1\n")
    assert run("import", tmp_path / "one.csv", "--table", "T", "--db", small_disk / "db").returncode == 0
    words = ["--db", small_disk / "db", "--keep-blobs"]
    assert run("query", query("blobs['b'] = b'old'"), *words).returncode == 0
    done = run("query", query("blobs['b'] = bytes(8 << 20)"), *words)
    assert (done.returncode, "error DISK_FULL" in done.stderr) == (1, True), done.stderr
    assert run("blob", "get", "b", "--db", small_disk / "db").stdout == "old"
    assert len(list((small_disk / "db" / "blobs").iterdir())) == 1
    done = run("query", query("open('outputs/x', 'wb').write(bytes(8 << 20))"), "--artifacts", small_disk / "out")
    assert (done.returncode, "error DISK_FULL" in done.stderr) == (1, True), done.stderr
    assert [path.name for path in (small_disk / "out").iterdir()] == [".wardian-artifacts"]
