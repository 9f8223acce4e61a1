"""How long from the start of the program to its answer, when no Python is in the query?

Budget: `print 1` within 60 ms.
Method: the program is run again and again; beside it, the bare start of the Python interpreter.
Answer (2 cores, otherwise idle): 26 ms, a third of it the dynamic linker's, beside 7 for the interpreter; on a slower
machine 41 beside 12.
"""

from __future__ import annotations

import subprocess
import time

from program import PYTHON, WARDIAN, Figure, median, milliseconds


def timed(command: list[str], runs: int) -> list[float]:
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return times


def measure(quick: bool) -> list[Figure]:
    runs = 10 if quick else 40
    ours = timed([str(WARDIAN), "query", "print 1"], runs)
    theirs = timed([str(PYTHON), "-c", "pass"], runs)
    return [
        Figure(
            f"`wardian query 'print 1'`, whole process ({runs} runs)",
            f"{milliseconds(median(ours))} (best {milliseconds(min(ours))})",
            f"`python -c pass`: {milliseconds(median(theirs))}",
            "≤ 60 ms",
            median(ours) <= 0.060,
        )
    ]
