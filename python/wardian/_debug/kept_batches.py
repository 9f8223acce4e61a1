"""The outer half of the conversation with a script that takes batches, for a call that was kept: hands out its batches again,
and takes the pieces of its result into one Arrow file. Beside the batch that the script has, only the piece at hand is held."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wardian._inside.convert_time import EPOCH_TICKS

# The description of a batch and its file, as descriptors that are the taker's; None after the last.
Next = Callable[[], "list[int] | None"]


def in_folder(folder: str) -> Next:
    """The batches that a folder holds, as files 1.json and 1.arrow and so on."""

    def each() -> Iterator[list[int]]:
        number = 1
        while os.path.exists(os.path.join(folder, f"{number}.json")):
            yield [os.open(os.path.join(folder, f"{number}.{kind}"), os.O_RDONLY | os.O_CLOEXEC) for kind in ("json", "arrow")]
            number += 1

    taken = each()
    return lambda: next(taken, None)


def asked_for(dialogue: Any) -> Next:
    """Those that come from outside of the sandbox."""

    def ask() -> list[int] | None:
        dialogue.ask(b"next")
        words, files = dialogue.answer()
        return files if words == b"batch" else None

    return ask


def in_type(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Times as another piece has them: in another unit, or as ticks of 100 ns, which is how they come where nanoseconds cannot
    hold them: of nanoseconds the whole ticks. Raises ArrowInvalid for what does not fit."""
    if column.type == kind or not {column.type.id, kind.id} & {pa.lib.Type_TIMESTAMP, pa.lib.Type_DURATION}:
        return column
    of_dates = pa.lib.Type_TIMESTAMP in (column.type.id, kind.id)
    first = EPOCH_TICKS["datetime" if of_dates else "timespan"]
    if column.type == pa.int64():
        counts = pc.multiply_checked(pc.subtract_checked(column, first), 100)
        return counts.cast(pa.timestamp("ns") if of_dates else pa.duration("ns")).cast(kind)
    if kind != pa.int64():
        return column.cast(kind)
    if column.type.unit == "ns":
        counts = column.cast(pa.int64())
        downwards = pc.subtract_checked(
            counts, pc.if_else(pc.less(counts, 0), 99, 0)
        )  # as the engine cuts; divide() cuts towards 0
        return pc.add_checked(pc.divide(downwards, 100), first)
    in_microseconds = column.cast(pa.timestamp("us") if of_dates else pa.duration("us")).cast(pa.int64())
    return pc.add_checked(pc.multiply_checked(in_microseconds, 10), first)


class KeptBatches:
    """What call.serve() takes as its dialogue."""

    def __init__(self, take: Next, output: int, kept: int, rows_shown: int) -> None:
        """`output`: where pieces will stand; `kept`: the file for all of them; `rows_shown`: so many rows are held in `first`."""
        self._take, self._output, self._kept, self._rows_shown = take, output, kept, rows_shown
        self._question = b""
        self._given = False
        self._writer: pa.RecordBatchFileWriter | None = None
        self.first: pa.Table | None = None
        self.rows = 0
        self.trouble: Exception | None = None  # why the file lacks pieces: never the script's to catch

    def ask(self, question: bytes) -> None:
        self._question = bytes(question)

    def answer(self) -> tuple[bytes, list[int]]:
        word, _, size = self._question.partition(b" ")
        if word == b"piece":
            try:
                if self.trouble is None:
                    self._add(int(size))
            except Exception as error:  # noqa: BLE001
                self.trouble = error
            return b"taken", []
        files = self._take()
        if files is None:
            return b"end", []
        # Of a table without rows there is its description alone, at the end.
        if not self._given and json.loads(os.pread(files[0], os.fstat(files[0]).st_size, 0))["rows"] == 0:
            self._take = lambda: None
            return b"end", files
        self._given = True
        return b"batch", files

    def _add(self, size: int) -> None:
        with pa.ipc.open_stream(os.pread(self._output, size, 0)) as stream:
            piece = stream.read_all()
        if self._writer is None:
            self._schema = piece.schema
            self._writer = pa.ipc.new_file(open(self._kept, "wb", closefd=False), piece.schema)  # noqa: SIM115 - until end()
        elif piece.schema != self._schema:
            columns = [in_type(column, field.type) for column, field in zip(piece.columns, self._schema, strict=True)]
            piece = pa.Table.from_arrays(columns, schema=self._schema)
        self._writer.write_table(piece)
        self.rows += piece.num_rows
        shown = 0 if self.first is None else self.first.num_rows
        if self.first is None or shown < self._rows_shown:
            rest = piece.slice(0, self._rows_shown - shown)
            self.first = rest if self.first is None else pa.concat_tables([self.first, rest])

    def end(self) -> None:
        """Completes the file, if there was a piece."""
        if self._writer is not None:
            self._writer.close()
