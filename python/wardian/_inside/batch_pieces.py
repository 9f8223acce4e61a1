"""The result of a script that takes batches: piece after piece, each an Arrow stream of its own in the one output file."""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa

from wardian._inside.batch_frames import Batches
from wardian._inside.frame_out import Descriptor, ReadyFrame

# Small pieces are put together up to here: each costs a message and a check outside.
_ROWS_MIN = 1 << 16
_BYTES_MIN = 4 << 20


class Pieces:
    """Takes pieces in order and hands them over."""

    def __init__(self, fd: int, columns: list[dict[str, Any]], batches: Batches) -> None:
        self._fd, self._columns, self._batches = fd, columns, batches
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = self._waiting_bytes = 0
        self.rows = 0

    def add(self, value: Any, name: str) -> None:
        """Whatever holds a table. Raises as ReadyFrame does, with `name` for the piece."""
        ready = ReadyFrame(value, self._columns, name, self._batches.inputs())
        if ready.rows == 0:
            return
        batch = pa.RecordBatch.from_arrays(ready.arrays, schema=pa.schema(ready.fields))
        self.rows += batch.num_rows
        if self._waiting and not self._waiting[0].schema.equals(batch.schema):
            self.flush()
        if batch.num_rows >= _ROWS_MIN or batch.nbytes >= _BYTES_MIN:
            self.flush()
            self._write(batch)
            return
        # A copy: the script may write into its frame once it was taken.
        self._waiting.append(pa.ipc.read_record_batch(batch.serialize(), batch.schema))
        self._waiting_rows += batch.num_rows
        self._waiting_bytes += batch.nbytes
        if self._waiting_rows >= _ROWS_MIN or self._waiting_bytes >= _BYTES_MIN:
            self.flush()

    def flush(self) -> None:
        """Hands over what waits."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self._waiting_rows = self._waiting_bytes = 0
        self._write(waiting[0] if len(waiting) == 1 else pa.Table.from_batches(waiting).combine_chunks().to_batches()[0])

    def _write(self, batch: pa.RecordBatch) -> None:
        self._batches.settle()
        os.lseek(self._fd, 0, os.SEEK_SET)
        sink = Descriptor(self._fd)
        with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), batch.schema) as stream:
            stream.write_batch(batch)
        self._batches.hand_over(sink.tell())
