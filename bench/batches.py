"""What do forty million rows cost through a script that takes batches, in memory and in time?

Budget: engine, zygote and children together under 1 GiB, from the program's start to its end. Beside it, in the same run: rows
per second of PySpark's mapInPandas, the same function over the same Parquet file, one query each, neither start counted.
Method: 40 million rows of a long and two doubles, batches of 100,000 rows; a column is added and all four come back; the engine
(or Spark) then takes its sum and counts. The engine may use 256 MiB for itself (--memory). Every few milliseconds the
proportional share of all pages (smaps_rollup: Pss) of the program and its descendants is added up, and to it what the machine's
shared memory has grown by, which holds memory files whether they are mapped or not: pages of theirs that are mapped count
twice. The peak of the call's control group stands beside it. Spark runs on as many threads as there are cores, its workers in
our own Python environment; its memory is that of its processes, likewise.
Answer (two cores of a virtual machine, PySpark 4.3, twice three runs): 9.8 and 19 M rows/s with 329 and 195 MiB; PySpark 2.4 and
3.6 M rows/s with 1.3 and 1.1 GiB: 4.1 and 5.3 times.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import tempfile
import time

from memory import Watch, shared_kib, shares_kib
from program import ROOT, Figure, Program, median

ROWS = 40_000_000
BATCH_ROWS = 100_000
MIB = 1024.0  # of KiB
EVERY_S = 0.01
SCRIPT = "def process(batches):\\n    for df in batches:\\n        df['y'] = df.a * 2 + df.b\\n        yield df"
QUERY = (
    f'T | evaluate hint.batches={BATCH_ROWS} python(typeof(*, y: real), "{SCRIPT}") '
    "| summarize n = count(), total = sum(y), last = max(x)"
)
SPARK = ROOT / ".deps" / "spark"


def group_peak_kib(pid: int) -> int:
    """The highest of the program's control groups for calls, by the kernel's own count."""
    peak = 0
    for name in ("memory.max_usage_in_bytes", "memory.peak"):
        for path in pathlib.Path("/sys/fs/cgroup").glob(f"**/wardian-{pid}-*/**/{name}"):
            try:
                peak = max(peak, int(path.read_text()) // 1024)
            except OSError:  # it just ended
                continue
    return peak


def write_data(file: pathlib.Path, rows: int) -> None:
    import duckdb

    duckdb.connect().sql(
        f"COPY (SELECT range AS x, random() AS a, random() AS b FROM range({rows})) TO '{file}' (ROW_GROUP_SIZE 122880)"
    )


def run_ours(file: pathlib.Path) -> tuple[float, int, int, list]:
    """Seconds, peak and the group's peak in KiB, and the answer."""
    shared_before = shared_kib()
    with Program("--table", f"T={file}", "--memory", "256MiB") as program:
        pid = program.process.pid
        watch = Watch(lambda: shares_kib(pid, "Pss") + max(0, shared_kib() - shared_before), EVERY_S)
        with watch, Watch(lambda: group_peak_kib(pid), every_s=0.2) as group:
            program.ask("print x = 1 | evaluate python(typeof(*), 'result = df')")
            begin = time.perf_counter()
            (row,) = program.ask(QUERY)
            seconds = time.perf_counter() - begin
    return seconds, watch.peak_kib, group.peak_kib, row


def run_spark(file: pathlib.Path) -> tuple[float, int, list]:
    """Seconds of the query, peak in KiB, and the answer."""
    program = pathlib.Path(__file__).parent / "spark_peer.py"
    environment = os.environ | {"PYTHONPATH": str(SPARK), "PYSPARK_PYTHON": str(ROOT / ".venv/bin/python")}
    process = subprocess.Popen(
        [environment["PYSPARK_PYTHON"], str(program), str(file), str(BATCH_ROWS)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    with Watch(lambda: shares_kib(process.pid, "Pss"), EVERY_S) as watch:
        said, complaints = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"Spark ended with {process.returncode}: {complaints[-2000:]}")
    seconds, n, total, last = said.splitlines()[-1].split()
    return float(seconds), watch.peak_kib, [int(n), float(total), int(last)]


def rate(rows: int, seconds: float) -> str:
    return f"{rows / seconds / 1e6:.2f} M rows/s"


def measure(quick: bool) -> list[Figure]:
    if os.geteuid() != 0:
        return [Figure("40 M rows by batches", "not measured: children show their memory to root only", "", "< 1 GiB", None)]
    rows = ROWS // 10 if quick else ROWS
    with tempfile.TemporaryDirectory(prefix="wardian-bench-") as folder:
        file = pathlib.Path(folder) / "T.parquet"
        write_data(file, rows)
        ours = [run_ours(file) for _ in range(1 if quick else 3)]
        peer = "PySpark's mapInPandas: not measured: run tools/bootstrap spark"
        if SPARK.is_dir():
            seconds, spark_peak, answer = run_spark(file)
            assert [answer[0], answer[2]] == [ours[0][3][0], ours[0][3][2]] and abs(answer[1] / ours[0][3][1] - 1) < 1e-9
            ratio = seconds / median([one[0] for one in ours])
            peer = f"PySpark's mapInPandas: {rate(rows, seconds)}, {spark_peak / MIB:.0f} MiB, ratio {ratio:.2f}"
    seconds_ours = median([one[0] for one in ours])
    peak, group = max(one[1] for one in ours), max(one[2] for one in ours)
    return [
        Figure(
            f"{rows:,} rows × 3 by batches of {BATCH_ROWS:,}, × 4 back ({len(ours)} runs; memory: the highest)",
            f"{rate(rows, seconds_ours)}, {peak / MIB:.0f} MiB (the script's group: {group / MIB:.0f} MiB)",
            peer,
            "< 1 GiB",
            peak < 1024 * MIB,
        )
    ]
