"""What a script leaves beside its frames: pictures, pages, files and named blobs.

They go into one memory file: the contents one after the other, then an index, JSON: [[name, source, size]]. Sources: "file" (also
figures: what the bytes are is told from them), "bytes" and "pickle" for blobs. Whoever reads it checks everything again.

A call whose script leaves nothing pays for one look at its folder, and one at `outputs/`.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from typing import Any

from wardian._inside.blobs import write_blob
from wardian._inside.failures import BadResult, ResultTooLarge, shown

# The same bounds as in src/wardian/pyrun/extras.h.
COUNT_MAX = 1000
NAME_BYTES_MAX = 255
_FOLDER = "outputs"
_PICTURES = (".png", ".svg")
_BLOCK_BYTES = 1 << 20
_PNG = b"\x89PNG\r\n\x1a\n"
# Controls, line separators and what turns text around: a name is shown to people.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


# Whether the folder for files is there: in a child since its rehearsal.
_made = False


class Extras:
    """Made before the script runs, for the place that it starts in; asked once it has ended."""

    __slots__ = ("_folder", "blobs")

    def __init__(self) -> None:
        global _made  # noqa: PLW0603 - of this process, which serves one call
        self._folder = os.getcwd()
        self.blobs: dict[str, Any] = {}
        if not _made:
            try:
                os.mkdir(_FOLDER)
                _made = True
            except OSError:  # there already; or no place to write to, as in the zygote
                return

    def write(self, fd: int, variables: dict[str, Any]) -> dict[str, Any]:
        """Writes all of them; the part of the reply that describes the output. Raises CallFailure."""
        pictures, files = self._look()
        modules = sys.modules
        drawn = "matplotlib.pyplot" in modules or "plotly.basedatatypes" in modules
        if not (pictures or files or drawn or self.blobs):
            return {"absent": True}
        with open(fd, "wb", buffering=_BLOCK_BYTES, closefd=False) as out:
            writer = _Writer(out)
            # First, for a figure that the script saved itself need not come twice.
            saved = writer.add_files(self._folder, pictures)
            saved |= writer.add_files(os.path.join(self._folder, _FOLDER), files)
            if drawn:
                from wardian._inside.figures import drawn_figures

                for name, content in drawn_figures(variables):
                    if content not in saved:
                        writer.add(name, content)
            for name, value in self.blobs.items():
                writer.add_blob(name, value)
            return writer.finish()

    def _look(self) -> tuple[list[str], list[str]]:
        """Names of the pictures in the folder itself, as other places of such scripts collect them, and paths of all files below
        `outputs/`."""
        pictures, files = [], []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                name = entry.name
                if name == _FOLDER:
                    if not entry.is_dir(follow_symlinks=False):
                        raise BadResult(f"{_FOLDER} is no folder any more", "Leave files in the folder of that name.")
                    files = sorted(_walk(os.path.join(self._folder, _FOLDER)))
                elif name[-4:].lower() in _PICTURES and entry.is_file(follow_symlinks=False):
                    pictures.append(name)
        pictures.sort()
        return pictures, files


def _walk(place: str) -> Iterator[str]:
    """Relative paths. Ends with an error as soon as there are too many, or one that nobody could keep."""
    count = 0
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(os.path.join(place, below)) as entries:
            for entry in entries:
                name = os.path.join(below, entry.name)
                check_name(name)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(name)
                elif entry.is_file(follow_symlinks=False):
                    yield name
                else:
                    kind = "a link" if entry.is_symlink() else "no ordinary file"
                    raise BadResult(f"{_FOLDER}/{shown(name)[1:-1]} is {kind}", "Leave files and folders there only.")
                count += 1
                if count > COUNT_MAX:
                    raise _too_many()


def _too_many() -> ResultTooLarge:
    return ResultTooLarge(f"The script left more than {COUNT_MAX} outputs", "Put many small files into one archive.")


def check_name(name: object) -> None:
    """Raises BadResult for what is no name: it becomes a file's, and is shown."""
    if not isinstance(name, str):
        raise BadResult(f"The name of an output is no text: {shown(name)}")
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise BadResult(f"The name of an output is no Unicode text: {shown(name)}") from None
    parts = name.split("/")
    if size > NAME_BYTES_MAX:
        raise BadResult(f"The name of an output is longer than {NAME_BYTES_MAX} bytes: {shown(name)}")
    if _UNSHOWABLE.search(name):
        raise BadResult(f"The name of an output holds characters that cannot be shown: {shown(name)}")
    if any(not part or part.startswith(".") for part in parts):
        raise BadResult(
            f"The name of an output is empty, hidden or leads elsewhere: {shown(name)}",
            "No part of it may be empty or begin with a dot.",
        )


class _Writer:
    def __init__(self, out: Any) -> None:
        self._out = out
        self._index: list[tuple[str, str, int]] = []

    def _entry(self, name: str, source: str, size: int) -> None:
        if len(self._index) == COUNT_MAX:
            raise _too_many()
        self._index.append((name, source, size))

    def add(self, name: str, content: bytes) -> None:
        check_name(name)
        self._out.write(content)
        self._entry(name, "file", len(content))

    def add_files(self, folder: str, names: list[str]) -> set[bytes]:
        """Copies them; gives back the contents of those that figures could be."""
        seen = set()
        for name in names:
            check_name(name)
            fd = _opened(os.path.join(folder, name), name)
            try:
                size = 0
                while block := os.read(fd, _BLOCK_BYTES):
                    self._out.write(block)
                    size += len(block)
                    if size == len(block) < _BLOCK_BYTES and block.startswith(_PNG):
                        seen.add(block)
            except OSError as error:
                raise _unreadable(name, error) from None
            finally:
                os.close(fd)
            self._entry(name, "file", size)
        return seen

    def add_blob(self, name: object, value: object) -> None:
        check_name(name)
        if "/" in name:
            raise BadResult(f"The name of a blob holds a slash: {shown(name)}")
        source, size = write_blob(self._out, name, value)
        self._entry(name, source, size)

    def finish(self) -> dict[str, Any]:
        if not self._index:
            return {"absent": True}
        index = json.dumps(self._index, ensure_ascii=False).encode()
        self._out.write(index)
        return {"extras": len(index)}


def _opened(path: str, name: str) -> int:
    # Without blocking, should a pipe have come into the place of the file.
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(name, error) from None
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise BadResult(f"The output {shown(name)} is no ordinary file any more")
    return fd


def _unreadable(name: str, error: OSError) -> Exception:
    if error.errno == errno.EFBIG:
        return error  # of the output, not of the file: told as a result that is too large
    return BadResult(f"The output {shown(name)} cannot be read: {error.strerror}")
