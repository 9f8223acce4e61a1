"""Pictures on a terminal, by what it takes. The terminal is a pty, and answers as a real one does."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import io
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import termios
import time

import pytest
from PIL import Image
from python_queries import python
from wardian_program import WARDIAN

DRAWING = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots(figsize=(2, 1), dpi=100)
figure.set_facecolor("#0000ff")
axes.set_axis_off()
result = df
"""
QUERY = f"print x = 1 | {python('typeof(*)', DRAWING)}"
# What terminals answer to ESC [ c, here after the question for kitty's pictures.
ATTRIBUTES = {"plain": b"\x1b[?62;22c", "sixel": b"\x1b[?62;4;22c", "kitty": b"\x1b_Gi=31;OK\x1b\\\x1b[?62;c", "mute": b""}


def on_terminal(
    answer: str, *words: str, width: int = 0, folder: pathlib.Path, text: str = QUERY, **variables: str
) -> tuple[bytes, str]:
    """What the program writes to the terminal, and to standard error, which is none."""
    keyboard, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, width, 400))
    before = termios.tcgetattr(terminal)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "TERM": "xterm-256color",
        "TMPDIR": str(folder),
    }
    program = subprocess.Popen(
        [WARDIAN, "query", text, *words],
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        env=environment | variables,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    seen, asked = b"", False
    end = time.monotonic() + 60
    while time.monotonic() < end:
        done = program.poll() is not None
        if select.select([keyboard], [], [], 0.05)[0]:
            with contextlib.suppress(OSError):
                seen += os.read(keyboard, 1 << 16)
        elif done:
            break
        if b"\x1b[c" in seen and not asked:
            asked = True
            os.write(keyboard, ATTRIBUTES[answer])
    error = program.stderr.read().decode()
    program.stderr.close()
    assert program.wait() == 0, error
    assert termios.tcgetattr(terminal) == before
    os.close(keyboard)
    os.close(terminal)
    return seen, error


def kitty_png(seen: bytes) -> bytes:
    chunks = re.findall(rb"\x1b_G(?:a=T,[^;]*?)?m=([01]);([A-Za-z0-9+/=]*)\x1b\\", seen)
    assert [more for more, _ in chunks] == [b"1"] * (len(chunks) - 1) + [b"0"]
    assert all(len(data) <= 4096 for _, data in chunks)
    return base64.b64decode(b"".join(data for _, data in chunks), validate=True)


@pytest.mark.parametrize(
    ("answer", "variables"), [("mute", {"KITTY_WINDOW_ID": "1"}), ("mute", {"TERM": "xterm-kitty"}), ("kitty", {})]
)
def test_kitty(tmp_path, answer, variables):
    seen, error = on_terminal(answer, folder=tmp_path, **variables)
    assert error == ""
    assert b"\x1b_Ga=T,f=100,q=2,m=" in seen
    picture = Image.open(io.BytesIO(kitty_png(seen))).convert("RGB")
    assert picture.size == (200, 100) and picture.getpixel((5, 5)) == (0, 0, 255)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_wider_than_the_terminal_is_made_narrower(tmp_path):
    assert b"a=T,f=100,q=2,c=100,m=" in on_terminal("mute", folder=tmp_path, width=150, TERM="xterm-kitty")[0]
    assert b";width=100%:" in on_terminal("mute", folder=tmp_path, width=150, TERM_PROGRAM="iTerm.app")[0]


@pytest.mark.parametrize("variables", [{"TERM_PROGRAM": "iTerm.app"}, {"LC_TERMINAL": "iTerm2"}, {"TERM_PROGRAM": "WezTerm"}])
def test_iterm2(tmp_path, variables):
    seen, error = on_terminal("mute", folder=tmp_path, **variables)
    assert error == ""
    name, size, data = re.search(rb"\x1b\]1337;File=name=([^;]*);size=(\d+);inline=1:([^\a]*)\a", seen).groups()
    png = base64.b64decode(data, validate=True)
    assert base64.b64decode(name) == b"figure_1.png" and len(png) == int(size)
    assert Image.open(io.BytesIO(png)).size == (200, 100)


def sixel_image(data: bytes) -> dict[tuple[int, int], tuple[int, ...]]:
    """Colours by place, percent each: a small reader of the letters, written from DEC's manual."""
    colours, points, x, y, now = {}, {}, 0, 0, ()
    for repeat, letter, command in re.findall(rb"(?:!(\d+))?([?-~])|([\"#$-][\d;]*)", data):
        if command[:1] == b"#":
            number, *rest = command[1:].split(b";")
            if rest:
                colours[number] = tuple(map(int, rest[1:]))
            now = colours[number]
        elif command[:1] == b"$":
            x = 0
        elif command[:1] == b"-":
            x, y = 0, y + 6
        elif letter:
            count = int(repeat or 1)
            places = [(x + step, y + bit) for step in range(count) for bit in range(6) if (letter[0] - 63) >> bit & 1]
            points |= dict.fromkeys(places, now)
            x += count
    return points


def test_sixels(tmp_path):
    seen, error = on_terminal("sixel", folder=tmp_path)
    assert error == ""
    (data,) = re.findall(rb"\x1bPq([^\x1b]*)\x1b\\", seen)
    points = sixel_image(data)
    assert len(points) == 200 * 100
    assert points[5, 5] == (0, 0, 100) == points[199, 99]


@pytest.mark.parametrize(
    ("answer", "variables"),
    [("plain", {}), ("mute", {}), ("mute", {"TERM": "dumb"}), ("plain", {"TMUX": "1", "KITTY_WINDOW_ID": "1"})],
)
def test_a_path_where_a_terminal_takes_no_pictures(tmp_path, answer, variables):
    seen, error = on_terminal(answer, folder=tmp_path, **variables)
    path = pathlib.Path(re.fullmatch(r"saved (\S+) \(picture, [\d.]+ K?B\)\n", error)[1])
    assert path.parent.parent == tmp_path and path.name == "figure_1.png"
    assert Image.open(path).size == (200, 100)
    assert b"1337" not in seen and b"a=T" not in seen and b"\x1bP" not in seen


def test_no_pictures_wanted(tmp_path):
    seen, error = on_terminal("kitty", "--pictures", "none", folder=tmp_path)
    assert b"\x1b" not in seen
    assert error == "Scripts left 1 picture; --artifacts FOLDER saves it.\n"
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_terminal_gets_no_pictures(tmp_path):
    done = subprocess.run(
        [WARDIAN, "query", QUERY, "--pictures", "kitty"],
        env=os.environ | {"TERM": "xterm-kitty"},
        capture_output=True,
        check=True,
    )
    assert b"\x1b" not in done.stdout and b"\x1b" not in done.stderr


def test_other_formats_are_for_programs(tmp_path):
    seen, _ = on_terminal("kitty", "--format", "csv", folder=tmp_path, TERM="xterm-kitty")
    assert seen.replace(b"\r\n", b"\n") == b"x\r\n1\r\n"


def test_unknown_ways_are_wrong_usage():
    done = subprocess.run([WARDIAN, "query", "print 1", "--pictures", "ascii"], capture_output=True, text=True, check=False)
    assert (done.returncode, "is none of auto, none, kitty, iterm2, sixel: ascii" in done.stderr) == (2, True)
