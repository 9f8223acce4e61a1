"""Level B for real: an ordinary user to whom root has handed control groups.

Runs where version 1 controllers are mounted and we are root; delegation under version 2 is tested on a made-up tree (unit tests).
"""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest
from expectations import EXPECTATIONS, SETTINGS
from probe import NOBODY, PARTS, PROBE, PROGRAMS, Probe
from test_programs import compare

ROOTS = {name: pathlib.Path("/sys/fs/cgroup") / name for name in ("memory", "pids", "cpu")}

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
    pytest.mark.skipif(not all((root / "cgroup.procs").exists() for root in ROOTS.values()), reason="no version 1 controllers"),
]


@pytest.fixture
def delegated(monkeypatch):
    """A group in each hierarchy that belongs to the user, with this very test in it, so that the driver starts there."""
    folders = [root / f"delegated-{os.getpid()}" for root in ROOTS.values()]
    homes = {}
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        homes |= {name: path for name in names.split(",")}
    for folder in folders:
        folder.mkdir()
        for path in (folder, folder / "cgroup.procs", folder / "tasks"):
            os.chown(path, NOBODY, NOBODY)
        (folder / "cgroup.procs").write_text(str(os.getpid()))
    yield
    for name, root in ROOTS.items():
        home = root / homes[name].lstrip("/")
        (home / "cgroup.procs" if home.exists() else root / "cgroup.procs").write_text(str(os.getpid()))
    for folder in folders:
        assert [path for path in folder.iterdir() if path.is_dir()] == []
        folder.rmdir()


def test_level_b_holds_memory_by_the_kernel(delegated):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wardian-public-"))
    folder.chmod(0o755)
    shutil.copy2(PROBE, folder / PROBE.name)
    shutil.copytree(PARTS, folder / "parts")
    (folder / "modules").mkdir()
    for name in ("entry.py", "kernel.py"):
        shutil.copy(PROGRAMS / name, folder / "modules")
    driver = Probe("--ready", "2", user=NOBODY, python="/usr/bin/python3", folder=folder)
    try:
        first = driver.run("answer = os.getuid()")
        assert first["said"] == {"answer": 1000}, first
        assert driver.level() == "B"
        for name in (
            "memory/eat_slowly",
            "memory/eat_by_scratch",
            "processes/thread_bomb",
            "cpu/throttled",
            "processes/fork_bomb",
        ):
            expected = EXPECTATIONS[name].at("B")
            compare(driver.run((PROGRAMS / f"{name}.py").read_text(), **(SETTINGS | expected.settings)), expected)
    finally:
        assert driver.close() == 0
        shutil.rmtree(folder)
    assert (
        subprocess.run(["find", "/sys/fs/cgroup", "-name", f"wardian-{driver.pid}-*"], capture_output=True, text=True).stdout
        == ""
    )
