"""Plays the engine to a script that takes batches, run here without a sandbox: hands out batches, takes pieces."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from inside_call import Written, _inside, column_spec, declared, request_of


class Played:
    """The outer half: hands out batches of one table, takes pieces. Keeps to the protocol's order, and demands it."""

    def __init__(
        self,
        columns: dict[str, tuple[str, list[Any]]],
        batch_rows: int,
        output: int,
        again: int = 1,
        at_each: Callable[[], None] = lambda: None,
    ) -> None:
        self.columns, self.batch_rows, self.output = columns, batch_rows, output
        self.again = again  # so often the table is given, one after another
        self.at_each = at_each  # called before a batch is handed out
        self.rows = len(next(iter(columns.values()))[1])
        self.at = 0
        self.pieces: list[pa.Table] = []
        self.questions: list[bytes] = []
        self._open: bytes | None = None

    def ask(self, question: bytes) -> None:
        assert self._open is None, "a question before the last one was answered"
        self.questions.append(question)
        self._open = question

    def answer(self) -> tuple[bytes, list[int]]:
        question, self._open = self._open, None
        assert question is not None, "an answer without a question"
        word, _, size = question.partition(b" ")
        if word == b"piece":
            data = os.pread(self.output, int(size), 0)
            assert len(data) == int(size)
            self.pieces.append(pa.ipc.open_stream(data).read_all())
            return b"taken", []
        assert question == b"next"
        if self.at >= self.rows and self.again > 1:
            self.again, self.at = self.again - 1, 0
        if self.at >= self.rows:
            return b"end", [] if self.rows else self._batch(0)
        self.at_each()
        return b"batch", self._batch(self.batch_rows)

    def _batch(self, rows: int) -> list[int]:
        begin, self.at = self.at, min(self.rows, self.at + rows)
        file = Written()
        columns = [column_spec(file, name, kind, values[begin : self.at]) for name, (kind, values) in self.columns.items()]
        description = os.memfd_create("batch")
        os.write(description, json.dumps({"rows": self.at - begin, "bodies": [0], "columns": columns}).encode())
        return [description, file.fd]


def call(
    script: str,
    schema: str,
    columns: dict[str, tuple[str, list[Any]]] | None = None,
    batch_rows: int = 4,
    kargs: Any = None,
    extras: bool = False,
    **more: Any,
) -> tuple[dict[str, Any], Played]:
    """The reply, and what was played. `extras`: what the script leaves beside its frame is asked for as well."""
    wanted = [{"variable": "result", "kind": "frame", "columns": declared(schema)}] + [{"kind": "extras"}] * extras
    request = request_of(script, wanted, kargs, batches={"variable": "df", "memory": 1 << 30})
    outputs = [os.memfd_create("result") for _ in wanted]
    played = Played(columns if columns is not None else {"x": ("long", list(range(1, 11)))}, batch_rows, outputs[0], **more)
    try:
        reply = json.loads(_inside.serve(json.dumps(request).encode(), [], outputs, played))
    finally:
        for output in outputs:
            os.close(output)
    return reply, played


def values(played: Played, column: str = "x") -> list[Any]:
    return [value for piece in played.pieces for value in piece.column(column).to_pylist()]
