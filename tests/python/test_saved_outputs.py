"""Where outputs go: folders, lines, counts; when the place is odd, full or not to be had."""

from __future__ import annotations

import os
import pathlib

from outputs_of import DRAWING
from PIL import Image
from python_queries import one_row, python
from small_disk import small_disk
from wardian_program import PipeProgram, run

THREE = one_row(DRAWING + "open('outputs/table.csv', 'w').write('1')\nblobs['b'] = b'2'")


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
    done = run("query", one_row("import os\nos.mkdir('outputs/sub')\nopen('outputs/sub/x', 'w')"), "--artifacts", tmp_path)
    # A link is no folder of ours: another one is made.
    assert done.returncode == 0 and done.stderr.startswith(f"saved {tmp_path}/sub-2/x ")
    assert list(outside.iterdir()) == []


def test_artifacts_of_many_queries_in_one_process(tmp_path):
    program = PipeProgram("--artifacts", str(tmp_path / "out"))
    paths = [program.ask(one_row("open('outputs/a.txt', 'w').write('1')"))["outputs"][0]["path"] for _ in range(3)]
    program.close()
    assert [os.path.basename(path) for path in paths] == ["a.txt", "a-2.txt", "a-3.txt"]
    assert all(pathlib.Path(path).read_text() == "1" for path in paths)


def test_without_a_folder_a_line_counts_what_is_lost():
    done = run("query", THREE, "--format", "jsonl")
    assert done.stdout == '{"x":1}\n'
    assert done.stderr == "Scripts left 1 picture, 1 file, 1 blob; --artifacts FOLDER saves them.\n"


def test_a_query_that_fails_leaves_nothing(tmp_path, database):
    first = one_row("blobs['early'] = b'1'\nopen('outputs/early', 'w')")
    text = first + " | " + python("typeof(*)", "1 / 0")
    done = run("query", text, "--artifacts", tmp_path / "out", "--db", database, "--keep-blobs")
    assert done.returncode == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".wardian-artifacts"]
    assert not (database / "blobs").exists()


def test_files_where_folders_are_and_folders_where_files_are(tmp_path):
    folder, rows = tmp_path / "out", tmp_path / "rows.csv"
    file = "open('outputs/a', 'w').write('file')"
    below = "import os\nos.mkdir('outputs/a')\nopen('outputs/a/b.txt', 'w').write('below')"
    # Of one query, and of queries that follow one another: each is kept, and the rows in any case.
    both = f"{one_row(file)} | {python('typeof(*)', below + chr(10) + 'result = df')}"
    assert run("query", both, "--artifacts", folder, "--format", "csv", "--output", rows).returncode == 0
    assert (folder / "a").read_text() == "file" and (folder / "a-2" / "b.txt").read_text() == "below"
    assert rows.read_text() == "x\n1\n"
    other = tmp_path / "other"
    assert run("query", one_row(below), "--artifacts", other).returncode == 0
    assert run("query", one_row(file), "--artifacts", other).returncode == 0
    assert (other / "a" / "b.txt").read_text() == "below" and (other / "a-2").read_text() == "file"


def test_rows_are_there_though_an_output_cannot_be_saved(tmp_path):
    with small_disk(tmp_path / "disk", "1m") as disk:
        rows = tmp_path / "rows.csv"
        large = one_row("open('outputs/x', 'wb').write(bytes(8 << 20))")
        done = disk.run("query", large, "--artifacts", disk.folder / "out", "--format", "csv", "--output", rows)
        assert done.returncode == 1 and "error DISK_FULL" in done.stderr
        assert rows.read_text() == "x\n1\n"


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("query", "print 1", "--artifacts", tmp_path / "file")
    assert (done.returncode, done.stderr.split(":")[0]) == (1, "error IO")
    done = run("query", "print 1", "--artifacts", "")
    assert done.returncode == 2


def test_too_much_for_a_line(wardian):
    script = "for n in range(3): blobs[f'b{n}'] = bytes(30 << 20)"
    error = wardian.error(one_row(script))
    assert error["code"] == "RESULT_TOO_LARGE"
    assert error["hint"] == "--artifacts FOLDER saves it instead."


def test_a_full_disk_keeps_what_was_there(tmp_path):
    (tmp_path / "one.csv").write_text("x\n1\n")
    with small_disk(tmp_path / "disk", "3m") as disk:
        assert disk.run("import", tmp_path / "one.csv", "--table", "T", "--db", disk.folder / "db").returncode == 0
        words = ["--db", disk.folder / "db", "--keep-blobs"]
        assert disk.run("query", one_row("blobs['b'] = b'old'"), *words).returncode == 0
        done = disk.run("query", one_row("blobs['b'] = bytes(8 << 20)"), *words)
        assert (done.returncode, "error DISK_FULL" in done.stderr) == (1, True), done.stderr
        assert disk.run("blob", "get", "b", "--db", disk.folder / "db").stdout == "old"
        assert len(list((disk.seen / "db" / "blobs").iterdir())) == 1
        large = one_row("open('outputs/x', 'wb').write(bytes(8 << 20))")
        done = disk.run("query", large, "--artifacts", disk.folder / "out")
        assert (done.returncode, "error DISK_FULL" in done.stderr) == (1, True), done.stderr
        assert [path.name for path in (disk.seen / "out").iterdir()] == [".wardian-artifacts"]
