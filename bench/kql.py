"""How fast are queries beside the same thing hand-written in DuckDB's SQL?

30 queries over 10 million rows: scans, filters, groups, joins, distinct counts, percentiles, top, make-series, string search,
dynamic paths, parse. Budget: geometric mean at most 1.1 times the peer's time, none above 1.5.
Method: the same rows in a database folder of ours and in a DuckDB file with DuckDB's own types, each read by one warm process,
with as many threads; runs of the two alternate, the best of each is compared; the answers are compared as well.
Answer (2 cores, otherwise idle, --quick): geometric mean 0.70; most 0.95 to 1.15, `top` 1.32, `parse` 1.28, filter by time 1.28;
distinct counts 0.35 to 0.42, percentiles 0.54 to 0.64, regular expressions 0.04 and dynamic paths 0.03 over texts that repeat.
"""

from __future__ import annotations

import datetime
import math
import pathlib
import shutil
import subprocess
import tempfile
import time

from kql_queries import PAIRS, ROWS, Pair, rows
from program import WARDIAN, Figure, Program, milliseconds

MEAN_MAX, EACH_MAX = 1.1, 1.5


class Tables:
    """The rows as table T of a database folder, and of a DuckDB file for the peer."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __enter__(self) -> Tables:
        import duckdb

        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="wardian-bench-"))
        file = self._folder / "T.parquet"
        self.peer = duckdb.connect(str(self._folder / "peer.duckdb"))
        self.peer.execute(f"COPY ({rows(self._count)}) TO '{file}'")
        self.peer.execute(f"CREATE TABLE T AS SELECT * FROM '{file}'")  # noqa: S608 - a path of ours
        self.database = self._folder / "db"
        subprocess.run([WARDIAN, "import", file, "--table", "T", "--db", self.database], check=True, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *_: object) -> None:
        self.peer.close()
        shutil.rmtree(self._folder)


def plain(value: object) -> object:
    """A cell as both sides can give it: numbers as float, times as text to the second."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    text = str(value)
    return text[:19] if len(text) >= 20 and text[4] == "-" and text[10] == "T" else text


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


def measure(quick: bool) -> list[Figure]:
    figures, ratios = [], []
    with Tables(ROWS) as tables, Program("--db", str(tables.database)) as program:
        for pair in PAIRS:
            best = [math.inf, math.inf]
            for _ in range(2 if quick else 5):
                begin = time.perf_counter()
                theirs = tables.peer.execute(pair.sql).fetchall()
                between = time.perf_counter()
                ours = program.ask(pair.kql)
                end = time.perf_counter()
                best = [min(best[0], end - between), min(best[1], between - begin)]
            assert agree(pair, ours, theirs), (pair.name, ours[:3], theirs[:3])
            ratios.append(best[0] / best[1])
            figures.append(
                Figure(
                    pair.name,
                    milliseconds(best[0]),
                    f"DuckDB's SQL: {milliseconds(best[1])}, ratio {ratios[-1]:.2f}",
                    f"≤ {EACH_MAX} ×",
                    ratios[-1] <= EACH_MAX,
                )  # fmt: skip
            )
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    return [
        *figures,
        Figure(
            f"{len(PAIRS)} queries over {ROWS:,} rows",
            f"geometric mean {mean:.2f}",
            "DuckDB's SQL",
            f"≤ {MEAN_MAX} ×",
            mean <= MEAN_MAX,
        ),
    ]
