"""How long from the text of a query with fifty operators to its SQL?

`explain --jsonl` parses, binds and lowers, and runs nothing; the round trip through the pipe and the text of the answer count
as well. The budget: 5 ms, in the middle of many.

28 November 2026, two shared cores at a load of 4: 0.7 ms in the middle of 400, nine of ten within 0.8 ms.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Iterator

from program import WARDIAN, Figure

STEPS = (
    'where amount > {n} and shop has "north" and item !contains "x{n}"',
    "extend price{n} = round(amount / pieces, 2), day{n} = startofday(ago({n}d)), long{n} = strcat(tolower(shop), '-', item)",
    "summarize amount = sum(amount), pieces = max(pieces), item = take_any(item) by shop, at = bin(at, {n}m)",
    "where at between (datetime(2024-01-01) .. {n}d) or isnotempty(shop)",
    "extend kind = case(pieces > {n}, 'much', pieces > 1, 'some', 'none'), share = iff(amount == 0, 0.0, pieces / amount)",
    "join kind=leftouter (Sales | where pieces > {n} | project shop, other{n} = item) on shop",
    "project shop, item, at, amount = amount + {n}, pieces, kind = toupper(item)",
    "where shop in ('a', 'b', 'c{n}') or item matches regex '[a-z]+{n}'",
    "extend tags = bag_pack('n', {n}, 'shop', shop), code = extract('([0-9]+)', 1, item)",
    "sort by at desc, amount asc",
)
TABLE = (
    "let Sales = datatable(at: datetime, shop: string, item: string, amount: real, pieces: long)"
    "[datetime(2024-01-01), 'north', 'tea', 1.5, 2];\nSales\n"
)


def query(operators: int) -> str:
    """A pipeline of so many operators, each kind in turn."""
    return TABLE + "\n".join("| " + STEPS[at % len(STEPS)].replace("{n}", str(at + 1)) for at in range(operators))


def measure(quick: bool) -> Iterator[Figure]:
    """The middle and the slowest tenth of many round trips."""
    process = subprocess.Popen([WARDIAN, "explain", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def times(text: str, count: int) -> list[float]:
        line, seen = json.dumps({"id": 1, "query": text}) + "\n", []
        for _ in range(count):
            begin = time.perf_counter()
            process.stdin.write(line)
            process.stdin.flush()
            answer = process.stdout.readline()
            seen.append((time.perf_counter() - begin) * 1000)
            assert '"stages"' in answer, answer
        return sorted(seen)

    text, short = query(50), "print 1"
    times(text, 20)
    whole = times(text, 100 if quick else 400)
    trip = statistics.median(times(short, 100))
    process.stdin.close()
    process.wait()
    middle, slow = statistics.median(whole), whole[len(whole) * 9 // 10]
    yield Figure(
        f"from text to SQL: a query of 50 operators, {len(text.encode()):,} bytes",
        f"{middle:.2f} ms, nine of ten within {slow:.2f} ms",
        f"`print 1` on the same way: {trip:.2f} ms",
        "5 ms in the middle",
        middle <= 5,
    )
