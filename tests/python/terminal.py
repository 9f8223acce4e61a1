"""A program in a terminal of our own: keys go in, the screen as a person sees it comes out."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence

import pyte

UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
CTRL_C, CTRL_D, TAB, ENTER, ESCAPE = "\x03", "\x04", "\t", "\r", "\x1b"
ALT_ENTER = "\x1b\r"
CLEAR = "\x0c"
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"


class Terminal:
    def __init__(self, words: Sequence[str], env: dict[str, str], lines: int = 30, columns: int = 100) -> None:
        self.screen = pyte.HistoryScreen(columns, lines, history=5000)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.process, self.fd = pty.fork()
        if self.process == 0:
            os.execvpe(words[0], list(words), env)
        self.resize(lines, columns)

    def resize(self, lines: int, columns: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def read(self, seconds: float) -> bool:
        """Takes what comes within that time; False once the program has closed its side."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    @property
    def text(self) -> str:
        """The screen, without blanks at the ends of lines and empty lines at its end."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def line(self, number: int) -> str:
        return self.screen.display[number].rstrip()

    @property
    def cursor_line(self) -> str:
        return self.line(self.screen.cursor.y)

    def wait(self, holds: Callable[[Terminal], bool], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not holds(self):
            assert time.monotonic() < end, "in vain; the screen is\n" + self.text
            if not self.read(0.05):
                assert holds(self), "the program has ended; the screen is\n" + self.text
                return

    def wait_for(self, pattern: str, seconds: float = 30) -> re.Match[str]:
        self.wait(lambda terminal: re.search(pattern, terminal.text, re.MULTILINE) is not None, seconds)
        found = re.search(pattern, self.text, re.MULTILINE)
        assert found
        return found

    def settle(self, seconds: float = 0.3) -> None:
        """Until nothing has come for that long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            before = len(self.raw)
            self.read(0.05)
            if len(self.raw) > before:
                end = time.monotonic() + seconds

    def wait_for_end(self, seconds: float = 10) -> int:
        """The exit status, negative for a signal."""
        end = time.monotonic() + seconds
        while True:
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                self.process = 0
                return os.waitstatus_to_exitcode(status)
            assert time.monotonic() < end, "it does not end; the screen is\n" + self.text
            self.read(0.05)

    def close(self) -> None:
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.fd)
