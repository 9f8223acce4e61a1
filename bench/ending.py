"""How soon does a query end when somebody ends it?

Budget: after Ctrl-C the sandboxes are dead within 0.2 s and the program within 1 s; a second after `kill -9` no process is left.
Method: a script that spins, ended once it burns processor time, again and again; the processes below the program are looked at
every millisecond. Beside it, SIGKILL to an interpreter that spins: what the kernel alone takes.
Answer (2 cores, otherwise idle, 20 times each): after Ctrl-C the script is dead in 8 ms and the program in 15 (worst 19 and
26), after `kill -9` nothing is left in 11 (worst 12); the peer takes 0.8.
"""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import time

from program import PYTHON, WARDIAN, Figure, median, milliseconds

SPIN = "print x=1 | evaluate python(typeof(*), 'while True: pass')"
SECONDS_MAX = 10.0


def children(pid: int) -> list[int]:
    found, queue = [], [pid]
    while queue:
        try:
            text = "".join(path.read_text() for path in pathlib.Path(f"/proc/{queue.pop()}/task").glob("*/children"))
        except OSError:
            continue
        found += map(int, text.split())
        queue += map(int, text.split())
    return found


def alive(pid: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processor_seconds(pid: int) -> float:
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spinning(process: subprocess.Popen) -> list[int]:
    """All processes of the program, the one that spins first."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        family = children(process.pid)
        # Importing pandas takes the zygote a second or so, and nothing of it is a child's.
        leaves = [pid for pid in family if not children(pid) and processor_seconds(pid) > 0.2]
        if leaves:
            return leaves[-1:] + [pid for pid in family if pid != leaves[-1]]
        time.sleep(0.02)
    raise RuntimeError("no script spins")


def seconds_to_end(number: int) -> tuple[float, float, float]:
    """From the signal: until the script is dead, until the program has ended, until none of its processes lives."""
    process = subprocess.Popen([str(WARDIAN), "query", SPIN], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    family = spinning(process)
    begin = time.perf_counter()
    process.send_signal(number)
    script = program = None
    while time.perf_counter() - begin < SECONDS_MAX:
        now = time.perf_counter() - begin
        if script is None and not alive(family[0]):
            script = now
        if program is None and process.poll() is not None:
            program = now
        if script and program and not any(map(alive, family)):
            return script, program, now
        time.sleep(0.001)
    raise RuntimeError(f"{SECONDS_MAX} s after signal {number} some process lives: {[pid for pid in family if alive(pid)]}")


def kernel_alone() -> float:
    process = subprocess.Popen([str(PYTHON), "-c", "while True: pass"])
    time.sleep(0.1)
    begin = time.perf_counter()
    process.kill()
    process.wait()
    return time.perf_counter() - begin


def measure(quick: bool) -> list[Figure]:
    runs = 3 if quick else 20
    interrupted = [seconds_to_end(signal.SIGINT) for _ in range(runs)]
    killed = [seconds_to_end(signal.SIGKILL) for _ in range(runs)]
    peer = f"an interpreter under SIGKILL: {milliseconds(median([kernel_alone() for _ in range(runs)]))}"
    scripts, programs, _ = zip(*interrupted, strict=True)
    left = [last for _, _, last in killed]
    return [
        Figure(
            f"Ctrl-C while a script spins ({runs} times): until the script is dead, until the program has ended",
            f"{milliseconds(median(scripts))} (worst {milliseconds(max(scripts))}), "
            f"{milliseconds(median(programs))} (worst {milliseconds(max(programs))})",
            peer,
            "≤ 200 ms, ≤ 1 s",
            max(scripts) <= 0.2 and max(programs) <= 1.0,
        ),
        Figure(
            f"kill -9 while a script spins ({runs} times): until no process is left",
            f"{milliseconds(median(left))} (worst {milliseconds(max(left))})",
            peer,
            "≤ 1 s",
            max(left) <= 1.0,
        ),
    ]
