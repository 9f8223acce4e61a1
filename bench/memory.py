"""Memory of a program and all processes below it, and how high it went."""

from __future__ import annotations

import contextlib
import pathlib
import threading
from collections.abc import Callable


def descendants(pid: int) -> list[int]:
    """The process itself first."""
    found = [pid]
    for parent in found:
        for task in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # it just ended
                found.extend(int(child) for child in task.read_text().split())
    return found


def field_kib(file: str, name: str) -> int:
    """Of a file with lines `name: number kB`; 0 where it is not there, or not any more."""
    try:
        lines = pathlib.Path(file).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name + ":")), 0)


def shares_kib(pid: int, name: str) -> int:
    """The proportional share of pages of all these processes: of all kinds (`Pss`), or of one (`Pss_Anon`)."""
    return sum(field_kib(f"/proc/{each}/smaps_rollup", name) for each in descendants(pid))


def shared_kib() -> int:
    """The machine's shared memory, in which every page of a memory file counts once, mapped or not."""
    return field_kib("/proc/meminfo", "Shmem")


class Watch:
    """Looks at a figure on a thread, again and again, for as long as the `with` lasts."""

    def __init__(self, look_kib: Callable[[], int], every_s: float) -> None:
        self.peak_kib = 0
        self._look_kib, self._every_s = look_kib, every_s
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def _sample(self) -> None:
        while not self._done.wait(self._every_s):
            self.peak_kib = max(self.peak_kib, self._look_kib())

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
