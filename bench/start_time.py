"""How long from the start of the program to its answer, when no Python is in the query?

Budget: `print 1` within 60 ms.
Method: the program is run again and again, until the last line of its answer has come and until it has ended; beside it, the bare
start of the Python interpreter.
Answer (2 cores, otherwise idle) on a machine whose interpreter takes 15 to 20 ms: 41 ms to the answer, 46 in all. It was 57 to 61
before the engine's library was bound to itself (decision 0013) and queries without tables did without a transaction. Then the
whole process took 26 on a machine with 7 for the interpreter, 41 on one with 12.
"""

from __future__ import annotations

import subprocess
import time

from program import PYTHON, WARDIAN, Figure, median, milliseconds

LAST_LINE = b"(1 row)\n"


def timed(command: list[str], runs: int, last_line: bytes) -> tuple[list[float], list[float]]:
    """Seconds until the last line of the output, and until the end of the process, of each run."""
    answered, ended = [], []
    for _ in range(runs):
        begin = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
            for line in program.stdout:
                if line == last_line:
                    answered.append(time.perf_counter() - begin)
            assert program.wait() == 0
        ended.append(time.perf_counter() - begin)
    assert len(answered) == (runs if last_line else 0)
    return answered, ended


def measure(quick: bool) -> list[Figure]:
    runs = 10 if quick else 40
    answered, ended = timed([str(WARDIAN), "query", "print 1"], runs, LAST_LINE)
    _, theirs = timed([str(PYTHON), "-c", "pass"], runs, b"")
    return [
        Figure(
            f"`wardian query 'print 1'`, from its start to its answer ({runs} runs)",
            f"{milliseconds(median(answered))} (best {milliseconds(min(answered))}); whole process {milliseconds(median(ended))}",
            f"`python -c pass`: {milliseconds(median(theirs))}",
            "≤ 60 ms",
            median(answered) <= 0.060,
        )
    ]
