"""Batches of a table as DataFrames, asked for one after another.

Each batch is read into memory of its own, which goes when the script lets go of its frame: a map would have to be undone.
Measured on 100,000 rows of four doubles, reading takes no longer, as the allocator gives the same pages again and again; and
where the script writes to them an eighth, as no page needs to be copied first.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from wardian._inside.frame_in import InputColumn, InputFrame
from wardian._inside.given import data_frame_of


class _ReadPiece:
    """`size` bytes of the file from `offset`, read."""

    __slots__ = ("_bytes", "size")

    def __init__(self, fd: int, offset: int, size: int) -> None:
        self.size = size
        self._bytes = np.empty(size, dtype=np.uint8)
        view, at = memoryview(self._bytes), 0
        os.lseek(fd, offset, os.SEEK_SET)  # preadv(2) is another call than the sandbox knows, where Python has a newer one
        while at < size:
            got = os.readv(fd, [view[at:]])
            if got == 0:
                raise EOFError("a batch ends within a column")
            at += got

    def buffer(self) -> Any:
        return self._bytes

    def array(self, dtype: Any, count: int) -> np.ndarray:
        return np.frombuffer(self._bytes, dtype=dtype, count=count)

    def again(self) -> _ReadPiece:
        """The same bytes in memory of their own."""
        other = object.__new__(_ReadPiece)
        other.size, other._bytes = self.size, self._bytes.copy()
        return other


class _BatchColumn(InputColumn):
    piece_type = _ReadPiece

    def unchanged_in(self, values: Any) -> bool:
        """The batch is not kept outside, so the result cannot point there."""
        return False

    def lend_objects(self, objects: np.ndarray) -> np.ndarray:
        """Objects lost no digits, but those of times beyond nanoseconds."""
        return super().lend_objects(objects) if self.far else objects


class _BatchFrame(InputFrame):
    column_type = _BatchColumn


class Batches:
    """The iterator that a script is given. Every batch is a DataFrame of its own, with an index from 0."""

    def __init__(self, dialogue: Any, dtypes: str | None) -> None:
        self._dialogue = dialogue
        self._dtypes = dtypes
        self._lock = threading.Lock()
        self._open = False  # a question whose answer was not read yet
        self._ended = False
        self._empty: pd.DataFrame | None = None
        self._last: _BatchFrame | None = None
        self.count = 0

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return self

    def __next__(self) -> pd.DataFrame:
        with self._lock:
            if self._ended:
                raise StopIteration
            self._last = None  # its memory may be needed for the next
            self._settle()
            self._dialogue.ask(b"next")
            words, files = self._dialogue.answer()
            if words == b"end":
                self._ended = True
                if files:
                    self._empty = data_frame_of(self._frame(files), self._dtypes)
                raise StopIteration
            self.count += 1
            frame = self._frame(files)
            given = data_frame_of(frame, self._dtypes)
            # Digits that the result may get back: nothing else is needed of a batch from here on.
            if any(column.lost_digits for column in frame.columns):
                self._last = frame
            return given

    def __repr__(self) -> str:
        return f"<batches: {self.count} given{', no more' if self._ended else ''}>"

    def empty(self) -> pd.DataFrame | None:
        """Of a table without rows: its columns. Known at the end."""
        return self._empty

    def inputs(self) -> list[InputFrame]:
        """The last batch, where the result may need to look something up in it."""
        return [] if self._last is None else [self._last]

    def hand_over(self, size: int) -> None:
        """Says that a piece of so many bytes stands in the output, which is not to be touched until `settle`."""
        with self._lock:
            self._dialogue.ask(b"piece %d" % size)
            self._open = True

    def settle(self) -> None:
        """Waits until the last piece was taken."""
        with self._lock:
            self._settle()

    def _settle(self) -> None:
        if self._open:
            self._dialogue.answer()
            self._open = False

    @staticmethod
    def _frame(files: list[int]) -> _BatchFrame:
        try:
            description = json.loads(os.pread(files[0], os.fstat(files[0]).st_size, 0))
            return _BatchFrame(files[1:], description)
        finally:
            for file in files:
                os.close(file)
