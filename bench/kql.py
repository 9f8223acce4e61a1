"""How fast are queries beside the same thing hand-written in DuckDB's SQL, and beside chDB, ClickHouse's dialect of KQL?

30 queries over 10 million rows: scans, filters, groups, joins, distinct counts, percentiles, top, make-series, string search,
dynamic paths, parse. Budget: geometric mean at most 1.1 times the peer's time, none above 1.5. chDB is asked the same text, where
its dialect has what the query needs; no query has a budget beside it, all together do.
Method: the same rows in a database folder of ours and in a DuckDB file with DuckDB's own types, each read by one warm process,
with as many threads; runs of the two alternate, the best of each is compared; the answers are compared as well.
Answer (2 cores, otherwise idle, --quick): geometric mean 0.67; most 0.93 to 1.12, filter by time 1.33, `top` 1.29, `parse` 1.17;
distinct counts 0.33, percentiles 0.52 to 0.56, `has` 0.27, regular expressions 0.04 and dynamic paths 0.03 over repeated texts.
Beside chDB, which takes 23 of the 30: geometric mean 0.42, percentile by key 1.69, `top` 1.24.
"""

from __future__ import annotations

import datetime
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from kql_queries import PAIRS, ROWS, Pair, rows
from program import ROOT, WARDIAN, Figure, Program, milliseconds

MEAN_MAX, EACH_MAX = 1.1, 1.5
CHDB = ROOT / ".deps" / "chdb"


class Tables:
    """The rows as table T of a database folder, and of a DuckDB file for the peer."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __enter__(self) -> Tables:
        import duckdb

        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="wardian-bench-"))
        self.file = file = self._folder / "T.parquet"
        self.peer = duckdb.connect(str(self._folder / "peer.duckdb"))
        self.peer.execute(f"COPY ({rows(self._count)}) TO '{file}'")
        self.peer.execute(f"CREATE TABLE T AS SELECT * FROM '{file}'")  # noqa: S608 - a path of ours
        self.database = self._folder / "db"
        subprocess.run([WARDIAN, "import", file, "--table", "T", "--db", self.database], check=True, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *_: object) -> None:
        self.peer.close()
        shutil.rmtree(self._folder)


class Chdb:
    """chDB with the same rows, in a process of its own; without the library every query is one that it cannot answer."""

    def __init__(self, tables: Tables) -> None:
        self._tables, self.here = tables, CHDB.is_dir()

    def __enter__(self) -> Chdb:
        if self.here:
            words = [sys.executable, pathlib.Path(__file__).parent / "chdb_peer.py", self._tables.file.parent / "chdb"]
            environment = os.environ | {"PYTHONPATH": str(CHDB)}
            self._process = subprocess.Popen(
                [*words, self._tables.file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
            )
            self._process.stdout.readline()
        return self

    def __exit__(self, *_: object) -> None:
        if self.here:
            self._process.stdin.close()
            self._process.wait(timeout=60)

    def ask(self, query: str) -> dict:
        """Either `rows` or an `error`, and `seconds`."""
        if not self.here:
            return {"error": "not there: run tools/bootstrap chdb", "seconds": math.inf}
        self._process.stdin.write(json.dumps(query) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def plain(value: object) -> object:
    """A cell as both sides can give it: numbers as float, times as text to the second."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    text = str(value)
    return f"{text[:10]}T{text[11:19]}" if len(text) >= 20 and text[4] == "-" and text[10] in "T " else text


def in_order(rows: list) -> list[list[object]]:
    """By texts first: numbers may differ in their last digits."""
    plain_rows = [[plain(cell) for cell in row] for row in rows]
    key = lambda row: ([str(c) for c in row if not isinstance(c, float)], [c for c in row if isinstance(c, float)])  # noqa: E731
    return sorted(plain_rows, key=key)


def agree(pair: Pair, ours: list, theirs: list) -> bool:
    tolerance = 1e-6 if pair.exact else 0.5
    mine, other = in_order(ours), in_order(theirs)
    if len(mine) != len(other):
        return False
    return all(
        math.isclose(a, b, rel_tol=tolerance) if isinstance(a, float) and isinstance(b, float) else a == b
        for left, right in zip(mine, other, strict=True)
        for a, b in zip(left, right, strict=True)
    )


def beside(seconds: float, peer: float) -> str:
    return f"{milliseconds(peer)}, ratio {seconds / peer:.2f}"


def geometric_mean(ratios: list[float]) -> float:
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else math.nan


def measure(quick: bool) -> list[Figure]:
    figures, ratios, chdb_ratios = [], [], []
    with Tables(ROWS) as tables, Program("--db", str(tables.database)) as program, Chdb(tables) as chdb:
        for pair in PAIRS:
            ours, theirs, third = math.inf, math.inf, math.inf
            for _ in range(2 if quick else 5):
                begin = time.perf_counter()
                their_rows = tables.peer.execute(pair.sql).fetchall()
                between = time.perf_counter()
                our_rows = program.ask(pair.kql)
                end = time.perf_counter()
                answer = chdb.ask(pair.kql)
                ours, theirs, third = min(ours, end - between), min(theirs, between - begin), min(third, answer["seconds"])
            assert agree(pair, our_rows, their_rows), (pair.name, our_rows[:3], their_rows[:3])
            ratios.append(ours / theirs)
            if "error" in answer:
                word = answer["error"].split("DB::Exception: ")[-1].splitlines()[0][:80]
            else:
                word = beside(ours, third) + ("" if agree(pair, our_rows, answer["rows"]) else ", with another answer")
                chdb_ratios.append(ours / third)
            peer = f"DuckDB's SQL: {beside(ours, theirs)}; chDB: {word}"
            figures.append(Figure(pair.name, milliseconds(ours), peer, f"≤ {EACH_MAX} ×", ratios[-1] <= EACH_MAX))
    for count, peer, mean in (
        (len(ratios), "DuckDB's SQL", geometric_mean(ratios)),
        (len(chdb_ratios), "chDB", geometric_mean(chdb_ratios)),
    ):
        name = f"{count} queries over {ROWS:,} rows"
        holds = mean <= MEAN_MAX if count else None
        figures.append(Figure(name, f"geometric mean {mean:.2f}", peer, f"≤ {MEAN_MAX} ×", holds))
    return figures
