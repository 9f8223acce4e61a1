"""Pulls the plug: whatever happens to the engine's process, its sandboxes die and nothing stays behind."""

import os
import pathlib
import signal
import sys
import threading
import time

import pytest
from probe import Probe, await_end, cgroups_of, folders_of, processes_of

SPIN = "import time\nopen('mark', 'w').close()\nwhile True:\n    pass"


@pytest.fixture
def spill(tmp_path):
    """A folder with something in it, as an engine's spill would have."""
    folder = tmp_path / "spill"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "block").write_bytes(b"x" * 1000)
    return folder


def start(*options: str, **named) -> Probe:
    driver = Probe("--ready", "2", *options, python=sys.executable, **named)
    first = driver.run("answer = 1")
    if first["end"] == "refused":
        pytest.skip(f"this machine cannot: {first['message']}")
    driver.settle(2)
    return driver


def run_in_background(driver: Probe) -> threading.Thread:
    def call():
        try:
            driver.run(SPIN, time=60_000)
        except (RuntimeError, OSError, ValueError):
            return

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    time.sleep(0.3)
    return thread


def gone(paths, timeout_s: float = 3.0) -> bool:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if not any(pathlib.Path(path).exists() for path in paths):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("level", ["A", "C", "D"])
def test_kill_9_of_the_engine(level, spill):
    driver = start("--level", level, "--cleanup", str(spill))
    thread = run_in_background(driver)
    below, groups = processes_of(driver.pid), cgroups_of(driver.pid)
    folders = folders_of(driver.pid, driver.user)
    assert folders, "there is nothing to clean"
    assert len(below) >= 4
    os.kill(driver.pid, signal.SIGKILL)
    driver.process.wait()
    thread.join(5)
    launchers = [pid for pid, name in below.items() if name.startswith("wardian-launch")]
    assert await_end([pid for pid in below if pid not in launchers]) == []
    assert gone([*groups, *folders, spill])
    assert await_end(launchers, 3.0) == []


def test_kill_9_of_the_launcher_takes_the_sandboxes_and_the_pool_recovers(spill):
    driver = start("--cleanup", str(spill))
    before = processes_of(driver.pid)
    launcher = next(pid for pid, name in before.items() if name.startswith("wardian-launch"))
    os.kill(launcher, signal.SIGKILL)
    assert await_end(before, 2.0) == []
    again = driver.run("answer = 2", time=20_000)
    assert again["said"] == {"answer": 2}
    assert spill.exists()
    assert driver.close() == 0
    assert not spill.exists()


def test_next_start_cleans_after_engine_and_launcher_died_together(spill):
    driver = start("--cleanup", str(spill))
    before, groups = processes_of(driver.pid), cgroups_of(driver.pid)
    launcher = next(pid for pid, name in before.items() if name.startswith("wardian-launch"))
    os.kill(driver.pid, signal.SIGSTOP)  # so that it cannot start another launcher
    os.kill(launcher, signal.SIGKILL)
    os.kill(driver.pid, signal.SIGKILL)
    driver.process.wait()
    assert await_end(before, 2.0) == []
    assert spill.exists()
    successor = start()
    assert gone([*groups, spill], 1.0)
    assert successor.close() == 0


def test_a_clean_end_removes_everything(spill):
    driver = start("--cleanup", str(spill))
    before, groups = processes_of(driver.pid), cgroups_of(driver.pid)
    assert driver.close() == 0
    assert await_end(before) == []
    assert gone([*groups, spill], 0.5)


def test_cancel_is_prompt():
    driver = start()
    begin = time.monotonic()
    outcome = driver.run(SPIN, cancel=200)
    assert (outcome["end"], outcome["code"]) == ("cancelled", "CANCELLED")
    assert time.monotonic() - begin < 1.0
    driver.close()


def test_the_request_s_deadline_is_told_from_the_limit():
    driver = start()
    outcome = driver.run(SPIN, deadline=300)
    assert (outcome["end"], outcome["code"]) == ("timed_out", "TIMEOUT")
    driver.close()


def test_a_fresh_zygote_takes_over_after_its_share():
    driver = start("--forks", "10")
    for number in range(40):
        assert driver.run(f"answer = {number}")["said"] == {"answer": number}
        time.sleep(0.01)
    status = driver.order("status")
    assert status["zygotes"] >= 2
    driver.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_below_the_minimum_level_nothing_runs():
    driver = Probe("--level", "D", "--minimum", "C", python=sys.executable)
    outcome = driver.run("answer = 1")
    assert (outcome["end"], outcome["code"]) == ("refused", "SANDBOX_UNAVAILABLE")
    driver.close()


def test_an_image_that_cannot_start_says_why():
    driver = Probe("--entry", "no_such_module", python=sys.executable)
    outcome = driver.run("answer = 1")
    assert outcome["code"] == "SANDBOX_UNAVAILABLE"
    assert "No module named 'no_such_module'" in outcome["message"]
    driver.close()
