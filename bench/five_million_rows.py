"""What does the sandbox cost beside DuckDB and pandas in one unsandboxed process?

5 million rows × 4 doubles out of a stored table, a column added in Python, its sum taken by the engine.
Budget: at most 1.5 times the peer's time.
Method: the same DuckDB file for both, each warm; runs of the two alternate, and the medians are compared.
Answer (2 cores, otherwise idle, 13 runs each): 0.75 to 0.90 (82 ms beside 91). Of those: 35 to write the frame from the engine's
threads, 12 to add, 25 to see that four columns are unchanged, 3 to write the fifth, 5 to read it back.
"""

from __future__ import annotations

import time

from program import Figure, Program, Table, median, milliseconds

ROWS = 5_000_000
SCRIPT = "df['y'] = df.a + df.b\\nresult = df"
QUERY = f'T | evaluate python(typeof(*, y: real), "{SCRIPT}") | summarize total = sum(y)'


class Peer:
    """The same work by the `duckdb` and `pandas` packages in this process."""

    def __init__(self, file: str) -> None:
        import duckdb

        self._connection = duckdb.connect(file, read_only=True)

    def run(self) -> float:
        df = self._connection.sql("SELECT * FROM T").df()
        df["y"] = df.a + df.b
        return self._connection.sql("SELECT sum(y) FROM df").fetchone()[0]


def measure(quick: bool) -> list[Figure]:
    ours: list[float] = []
    theirs: list[float] = []
    with Table(ROWS, "abcd") as table, Program("--db", str(table.database)) as program:
        peer = Peer(str(table.engine_file))
        for round_number in range(5 if quick else 15):
            begin = time.perf_counter()
            expected = peer.run()
            between = time.perf_counter()
            ((total,),) = program.ask(QUERY)
            end = time.perf_counter()
            assert abs(total - expected) < 1e-3, (total, expected)
            if round_number >= 2:  # both warm
                theirs.append(between - begin)
                ours.append(end - between)
    ratio = median(ours) / median(theirs)
    return [
        Figure(
            f"{ROWS:,} rows × 4 into Python, a column added, its sum ({len(ours)} runs each)",
            f"{milliseconds(median(ours))} (best {milliseconds(min(ours))})",
            f"DuckDB + pandas in process: {milliseconds(median(theirs))} (best {milliseconds(min(theirs))}), ratio {ratio:.2f}",
            "≤ 1.5 ×",
            ratio <= 1.5,
        )
    ]
