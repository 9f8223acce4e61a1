"""Scripts that leave what cannot be an output: clear errors, nothing left behind."""

from __future__ import annotations

import pytest
from outputs_of import outputs
from python_queries import one_row

HOSTILE = [
    ("a name with controls", "open('outputs/a\\x1b[31m', 'w')", "BAD_RESULT", "'a\\x1b[31m'"),
    ("a line break in a picture's name", "open('a\\nb.png', 'w')", "BAD_RESULT", "'a\\nb.png'"),
    ("text that is turned around", "open('outputs/\\u202egnp.exe', 'w')", "BAD_RESULT", "'\\u202egnp.exe'"),
    ("no Unicode", "open(b'outputs/\\xff.csv', 'w')", "BAD_RESULT", "'\\udcff.csv'"),
    ("hidden", "open('outputs/.bashrc', 'w')", "BAD_RESULT", "'.bashrc'"),
    ("a hidden folder", "import os; os.mkdir('outputs/.git'); open('outputs/.git/config', 'w')", "BAD_RESULT", "'.git'"),
    ("a long path", "import os; os.makedirs('outputs/' + 'd' * 200 + '/' + 'e' * 200)", "BAD_RESULT", "longer than 255 bytes"),
    ("a long blob", "blobs['b' * 10_000] = b''", "BAD_RESULT", "longer than 255 bytes"),
    ("a way out", "blobs['..'] = b''", "BAD_RESULT", "'..'"),
    ("a link", "import os; os.symlink('/etc/passwd', 'outputs/passwd')", "BAD_RESULT", "outputs/passwd is a link"),
    ("a pipe", "import os; os.mkfifo('outputs/pipe')", "SCRIPT_ERROR", "Operation not permitted"),
    ("no folder", "import os; os.rmdir('outputs'); open('outputs', 'w')", "BAD_RESULT", "outputs is no folder any more"),
    ("another folder", "import os; os.rmdir('outputs'); os.symlink('/usr', 'outputs')", "BAD_RESULT", "outputs is no folder"),
    ("unreadable", "import os; os.close(os.open('outputs/x', os.O_CREAT, 0))", "BAD_RESULT", "'x' cannot be read: Permission"),
    ("too many", "for n in range(1001): open(f'outputs/{n}', 'w').close()", "OUTPUT_LIMIT", "more than 1000 outputs"),
    ("a million", "for n in range(1_000_000): open(f'outputs/{n}', 'w').close()", "SCRATCH_LIMIT", "No space left on device"),
    ("a million blobs", "for n in range(1_000_000): blobs[f'b{n}'] = b''", "OUTPUT_LIMIT", "more than 1000 outputs"),
    ("a giant", "import os; os.truncate(open('outputs/x', 'w').name, 1 << 40)", "SCRIPT_ERROR", "File too large"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "code", "part"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_hostile_outputs_are_clear_errors(wardian, script, code, part):
    error = wardian.error(one_row(script))
    assert (error["code"], part in error["message"]) == (code, True), error
    assert "\x1b" not in error["message"]
    assert wardian.rows("print 1") == [[1]]


def test_links_in_the_working_folder_are_no_pictures(wardian):
    assert outputs(wardian, one_row("import os\nos.symlink('/etc/passwd', 'a.png')\nos.mkdir('b.png')")) == {}


def test_files_that_change_while_they_are_read(wardian):
    script = """
import threading
path = "outputs/moving"
open(path, "wb").write(bytes(1_000_000))
def move():
    while True:
        with open(path, "r+b") as file:
            file.truncate(10)
            file.truncate(2_000_000)
threading.Thread(target=move, daemon=True).start()
"""
    left = outputs(wardian, one_row(script))
    assert set(left) == {"moving"}
