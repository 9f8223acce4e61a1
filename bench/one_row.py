"""How long does `evaluate python` on one row take, in a closed loop of a minute through one process?

Budget: p50 ≤ 8 ms and p99 ≤ 40 ms, or the p50 at least 100 times faster than a cold, confined
`python -c "import numpy, pandas"` of the same run.
Method: `wardian query --jsonl` with the default pool; each query is sent when the answer to the one before has come.
Answer (2 cores, otherwise idle), by how long the machine's bare interpreter takes to start:
    15 to 20 ms    p50 8.2 to 8.9 ms, p99 36 to 39, 105 to 108 times faster than the cold interpreter (0.88 to 0.97 s)
    11             p50 8.4 to 8.8, p99 26, 49 to 51 times (0.43 s)
     7             p50 5.5, p99 17, 54 times (0.3 s)
The lower two are older than what made p50 8.5 of 17 on the first: decision 0007 has the steps.
A call costs more than twice its p50 in processor time, a fifth of it pages copied after the fork: a closed loop on two busy cores
waits for them. The pool fills in steps, so that p99 is where a step falls.
"""

from __future__ import annotations

import subprocess
import time

from program import PYTHON, Figure, Program, median, milliseconds, percentile

QUERY = "print x = 1 | evaluate python(typeof(*, y: long), 'df[\"y\"] = df.x + 41\\nresult = df') | summarize total = sum(y)"
CONFINED = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount", "--net", "--ipc", "--uts"]
SECONDS, SECONDS_QUICK = 60, 8


def cold_python() -> tuple[float, str]:
    """Seconds for a cold interpreter with numpy and pandas, confined as far as this machine lets `unshare`."""
    command = [str(PYTHON), "-c", "import numpy, pandas"]
    confined = subprocess.run([*CONFINED, "true"], capture_output=True).returncode == 0
    times = []
    for _ in range(7):
        begin = time.perf_counter()
        subprocess.run(([*CONFINED] if confined else []) + command, check=True)
        times.append(time.perf_counter() - begin)
    return median(times), "confined" if confined else "not confined: no user namespaces"


def measure(quick: bool) -> list[Figure]:
    cold, how = cold_python()
    times: list[float] = []
    with Program() as program:
        for _ in range(5):  # the pool starts with the first
            assert program.ask(QUERY) == [[42]]
        end = time.perf_counter() + (SECONDS_QUICK if quick else SECONDS)
        while (begin := time.perf_counter()) < end:
            program.ask(QUERY)
            times.append(time.perf_counter() - begin)
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    peer = f"cold python ({how}): {milliseconds(cold)}, {cold / p50:.0f} ×"
    return [
        Figure(
            f"evaluate python on one row, {len(times)} in a closed loop",
            f"p50 {milliseconds(p50)}, p99 {milliseconds(p99)}",
            peer,
            "p50 ≤ 8 ms and p99 ≤ 40 ms, or ≥ 100 × faster",
            (p50 <= 0.008 and p99 <= 0.040) or cold / p50 >= 100,
        )
    ]
