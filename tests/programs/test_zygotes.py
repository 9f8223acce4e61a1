"""Zygotes that hang, die, or keep dying; and children that die while they wait. No script is to blame for any of it."""

import os
import pathlib
import signal
import sys
import tempfile
import threading
import time

import pytest
from probe import Probe, await_end, processes_of

SUM = "answer = sum(range(10))"


def start(*options: str, ready: int = 1) -> Probe:
    driver = Probe("--ready", str(ready), *options, python=sys.executable)
    first = driver.run("answer = 1")
    if first["end"] == "refused" and first["code"] == "SANDBOX_UNAVAILABLE":
        pytest.skip(first["message"])
    driver.settle(ready)
    return driver


def parent_of(pid: int) -> int:
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def zygotes_of(driver: Probe) -> list[int]:
    below = processes_of(driver.pid)
    launchers = [pid for pid, name in below.items() if name.startswith("wardian-launch")]
    return [pid for pid in below if parent_of(pid) in launchers]


def children_of(driver: Probe) -> list[int]:
    zygotes = zygotes_of(driver)
    return [pid for pid in processes_of(driver.pid) if parent_of(pid) in zygotes]


def test_a_zygote_that_dies_under_a_script_is_not_the_scripts_fault():
    driver = start()
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(driver.run("import time; time.sleep(60)", time=60_000)))
    thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    os.kill(zygotes_of(driver)[0], signal.SIGKILL)
    thread.join(10)
    assert time.monotonic() - began < 5
    assert (outcomes[0]["end"], outcomes[0]["code"]) == ("lost", "SANDBOX_UNAVAILABLE")
    assert driver.run(SUM)["said"] == {"answer": 45}
    assert driver.close() == 0


def test_a_zygote_that_hangs_is_replaced():
    driver = start("--fork-time", "1000")
    (hung,) = zygotes_of(driver)
    os.kill(hung, signal.SIGSTOP)
    for _ in range(3):  # the ready child, and those that need a fork
        assert driver.run(SUM)["said"] == {"answer": 45}
    assert driver.order("status")["zygotes"] == 2
    assert await_end([hung], 3.0) == []
    assert driver.close() == 0


def test_zygotes_that_keep_dying_are_not_started_for_ever():
    driver = start()
    for _ in range(3):
        zygotes = []
        end = time.monotonic() + 20
        while not zygotes and time.monotonic() < end:  # the next one is warm once a child of it runs
            if driver.order("status")["ready"] > 0:
                zygotes = zygotes_of(driver)
            time.sleep(0.01)
        os.kill(zygotes[0], signal.SIGKILL)
        assert await_end(zygotes[:1], 3.0) == []
        while driver.order("status")["ready"] > 0:
            time.sleep(0.01)
    time.sleep(1.5)  # longer than a launch takes
    refused = driver.run(SUM)
    assert (refused["end"], refused["code"]) == ("refused", "SANDBOX_UNAVAILABLE")
    assert "keep dying" in refused["message"]
    assert driver.order("status")["zygotes"] == 3
    assert driver.close() == 0


def test_a_child_that_died_while_it_waited_is_not_handed_out():
    driver = start(ready=3)
    waiting = children_of(driver)
    for child in waiting:
        os.kill(child, signal.SIGKILL)
    assert await_end(waiting, 5.0) == []
    outcome = driver.run(SUM)
    assert (outcome["end"], outcome["said"]) == ("replied", {"answer": 45})
    driver.settle(3)
    assert len(children_of(driver)) == 3
    assert driver.close() == 0


def test_a_fresh_zygote_takes_over_after_its_time():
    driver = start("--zygote-time", "1000")
    end = time.monotonic() + 30
    while driver.order("status")["zygotes"] < 2 and time.monotonic() < end:
        assert driver.run(SUM)["said"] == {"answer": 45}
    assert driver.order("status")["zygotes"] >= 2
    assert driver.run(SUM)["said"] == {"answer": 45}
    assert driver.close() == 0


def test_a_fresh_zygote_takes_over_after_a_crash():
    """Siblings share their addresses: who crashes may be guessing them."""
    driver = start("--crash-time", "0")
    for _ in range(3):
        assert driver.run(SUM)["said"] == {"answer": 45}
    assert driver.order("status")["zygotes"] == 1, "being killed after its answer is how every child ends"
    assert driver.run("import ctypes; ctypes.string_at(0)")["end"] == "signalled"
    end = time.monotonic() + 30
    while driver.order("status")["zygotes"] < 2 and time.monotonic() < end:
        assert driver.run(SUM)["said"] == {"answer": 45}
    assert driver.order("status")["zygotes"] == 2
    assert driver.close() == 0


def test_imports_may_complain_at_length():
    """More than a pipe holds: nobody may wait for ever for it to be read."""
    with tempfile.TemporaryDirectory(prefix="wardian-public-") as folder:
        os.chmod(folder, 0o755)
        pathlib.Path(folder, "loud.py").write_text(
            "import sys\nsys.stderr.write('x' * 300_000 + '\\n')\ndef serve(*call): return b'{\"answer\": 1}'\n"
        )
        driver = Probe("--ready", "1", "--entry", "loud", "--modules", folder, python=sys.executable)
        outcome = driver.run("")
        if outcome["end"] == "refused" and "the least allowed" in outcome["message"]:
            pytest.skip(outcome["message"])
        assert outcome["said"] == {"answer": 1}, outcome
        assert driver.close() == 0


def test_after_many_forks_what_they_would_copy_lies_in_files():
    driver = start()
    (zygote,) = zygotes_of(driver)
    for _ in range(40):
        assert driver.run(SUM)["said"] == {"answer": 45}
    with open(f"/proc/{zygote}/maps", encoding="utf-8", errors="replace") as maps:
        rows = [line.split(None, 5) for line in maps]
    modes = {(row[1], row[5].strip()) for row in rows if len(row) > 5}
    libraries = {name for _, name in modes if ".so" in name}
    assert libraries
    assert [name for mode, name in modes if name in libraries and "w" in mode] == []
    assert [name for mode, name in modes if "w" in mode and "x" in mode] == []
    moved = {mode for mode, name in modes if name.startswith("/memfd:libraries")}
    assert moved == {"rw-p", "r--p"}, "what the dynamic linker closed stays closed"
    # In a mount of the launcher's for large pages, where the machine has one, lie heap and code.
    large = {mode for mode, name in modes if name.startswith("/#")}
    assert large in (set(), {"rw-p", "r-xp"})
    assert driver.run("import ctypes, math\nanswer = ctypes.CDLL(None).abs(-4) + math.isqrt(25)")["said"] == {"answer": 9}
    assert driver.close() == 0


def test_an_entry_that_cannot_practise_serves_all_the_same():
    with tempfile.TemporaryDirectory(prefix="wardian-public-") as folder:
        os.chmod(folder, 0o755)
        pathlib.Path(folder, "clumsy.py").write_text(
            "def practise(): raise RuntimeError('no')\ndef serve(*call): return b'{\"answer\": 1}'\n"
        )
        driver = Probe("--ready", "1", "--entry", "clumsy", "--modules", folder, python=sys.executable)
        outcome = driver.run("")
        if outcome["end"] == "refused" and "the least allowed" in outcome["message"]:
            pytest.skip(outcome["message"])
        for _ in range(40):
            assert driver.run("")["said"] == {"answer": 1}
        assert driver.order("status")["zygotes"] == 1
        assert driver.close() == 0
