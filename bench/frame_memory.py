"""How much memory is in use while a frame of 5 million rows crosses into Python and back?

Budget: anonymous and shared pages of engine and child together, memory files counted once, within 3 × the frame.
Method: while the query runs, every few milliseconds the anonymous pages of the program and all its descendants are added
up by proportional share, and to them the machine's shared memory, which counts every page of a memory file once, mapped or
not. The peak is reported above what the idle program (table cached, pool ready) held before.
Answer (2 cores): 1.5 times the frame, up to 2.2 on a busy machine: the frame itself, the new column and pandas' copy of it, and
the column on its way back. Columns that come back unchanged take no memory.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import threading

from program import Figure, Program, Table

ROWS = 5_000_000
COLUMNS = "abcd"
QUERY = "T | evaluate python(typeof(*, y: real), \"df['y'] = df.a + df.b\\nresult = df\") | summarize total = sum(y)"
MIB = 1024.0  # of KiB


def descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # it just ended
                found.extend(int(child) for child in task.read_text().split())
    return found


def field(text: str, name: str) -> int:
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name + ":")), 0)


def anonymous_kib(pid: int) -> int:
    try:
        return field(pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(), "Pss_Anon")
    except OSError:  # it just ended
        return 0


def in_use_kib(pid: int) -> int:
    shared = field(pathlib.Path("/proc/meminfo").read_text(), "Shmem")
    return shared + sum(anonymous_kib(each) for each in descendants(pid))


class Watch:
    """Samples memory on a thread for as long as the `with` lasts."""

    def __init__(self, pid: int) -> None:
        self.peak_kib = 0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def _sample(self) -> None:
        while not self._done.wait(0.002):
            self.peak_kib = max(self.peak_kib, in_use_kib(self._pid))

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


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
            idle = in_use_kib(program.process.pid)
            with Watch(program.process.pid) as watch:
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
