"""How much memory is in use while a frame of 5 million rows crosses into Python and back?

Budget: anonymous and shared pages of engine and child together, memory files counted once, within 3 × the frame.
Method: while the query runs, every few milliseconds the anonymous pages of the program and all its descendants are added
up by proportional share, and to them the machine's shared memory, which counts every page of a memory file once, mapped or
not. The peak is reported above what the idle program (table cached, pool ready) held before.
Answer (2 cores): 1.5 times the frame, up to 2.2 on a busy machine: the frame itself, the new column and pandas' copy of it, and
the column on its way back. Columns that come back unchanged take no memory.
"""

from __future__ import annotations

import os

from memory import Watch, shared_kib, shares_kib
from program import Figure, Program, Table

ROWS = 5_000_000
COLUMNS = "abcd"
QUERY = "T | evaluate python(typeof(*, y: real), \"df['y'] = df.a + df.b\\nresult = df\") | summarize total = sum(y)"
MIB = 1024.0  # of KiB


def in_use_kib(pid: int) -> int:
    return shared_kib() + shares_kib(pid, "Pss_Anon")


def measure(quick: bool) -> list[Figure]:
    if os.geteuid() != 0:
        return [
            Figure(
                "memory while 5 M rows cross",
                "not measured: the sandbox's children show their memory to root only",
                "",
                "≤ 3 ×",
                None,
            )
        ]
    peaks, frame_kib = [], ROWS * 8 * len(COLUMNS) / 1024
    with Table(ROWS, COLUMNS) as table, Program("--db", str(table.database)) as program:
        program.ask(QUERY)
        for _ in range(2 if quick else 5):
            pid = program.process.pid
            idle = in_use_kib(pid)
            with Watch(lambda pid=pid: in_use_kib(pid), every_s=0.002) as watch:
                program.ask(QUERY)
            peaks.append(watch.peak_kib - idle)
    peak = max(peaks)
    return [
        Figure(
            f"memory while {ROWS:,} rows × {len(COLUMNS)} cross ({len(peaks)} runs, the highest)",
            f"{peak / MIB:.0f} MiB",
            f"the frame: {frame_kib / MIB:.0f} MiB, ratio {peak / frame_kib:.2f}",
            "≤ 3 ×",
            peak <= 3 * frame_kib,
        )
    ]
