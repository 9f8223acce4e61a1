"""How the benchmarks talk to the program: one process, one JSON object a line each way."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[1]
PYTHON = pathlib.Path(sys.executable)
WARDIAN = pathlib.Path(os.environ.get("WARDIAN_PROGRAM", str(ROOT / ".venv/bin/wardian")))


@dataclass
class Figure:
    """One line of the report: what was measured, ours, the peer's, and whether the budget holds."""

    what: str
    ours: str
    peer: str
    budget: str
    holds: bool | None


class Program:
    """`wardian query --jsonl` for as long as the `with` lasts."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = [str(WARDIAN), "query", "--jsonl", *arguments]

    def __enter__(self) -> Program:
        self.process = subprocess.Popen(self._arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._number = 0
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def ask(self, query: str) -> list[list[Any]]:
        """The rows of the answer; a failed query ends the benchmark."""
        self.send(query)
        return self.answer()

    def send(self, query: str) -> None:
        self._number += 1
        self.process.stdin.write(json.dumps({"id": str(self._number), "query": query}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> list[list[Any]]:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the program ended: {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{answer['error']}")
        return answer["rows"]


class Table:
    """A database folder with one table T of random doubles, and the engine's file of it for the peer."""

    def __init__(self, rows: int, columns: str) -> None:
        self.rows, self.columns = rows, columns

    def __enter__(self) -> Table:
        import duckdb

        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="wardian-bench-"))
        file = self._folder / "T.parquet"
        wanted = ", ".join(f"random() AS {name}" for name in self.columns)
        duckdb.connect().sql(f"COPY (SELECT {wanted} FROM range({self.rows})) TO '{file}'")
        self.database = self._folder / "db"
        subprocess.run(
            [str(WARDIAN), "import", str(file), "--table", "T", "--db", str(self.database)], check=True, stdout=subprocess.DEVNULL
        )
        file.unlink()
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)

    @property
    def engine_file(self) -> pathlib.Path:
        return next(path for path in sorted(self.database.rglob("*")) if path.suffix in (".duckdb", ".db"))


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: list[float]) -> float:
    return statistics.median(values)
