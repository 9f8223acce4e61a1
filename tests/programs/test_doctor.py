"""What the doctor says of this machine, in words and as JSON, as root and as an ordinary user."""

import json
import os
import subprocess
import sys

import pytest
from probe import NOBODY, PROBE

PROBES = {
    "host_file",
    "outside_write",
    "connect",
    "fork",
    "execute",
    "other_process",
    "namespace",
    "kernel_machinery",
    "memory",
    "time",
}


def ask(form: str, python: str, user: int | None = None) -> subprocess.CompletedProcess:
    command = [str(PROBE), "--python", python, "--doctor", form]
    if user is not None:
        command = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", "--", *command]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("user", [None, NOBODY])
def test_json(user):
    if user is not None and (os.geteuid() != 0 or not os.access(PROBE, os.X_OK) or private(PROBE)):
        pytest.skip("needs root and a build that everybody can read")
    done = ask("json", sys.executable if user is None else "/usr/bin/python3", user)
    report = json.loads(done.stdout)
    assert report["level"] in "ABCDEF"
    assert (done.returncode == 0) == report["sound"]
    names = {finding["name"] for finding in report["findings"]}
    assert {"kernel", "user_namespace", "cgroup", "landlock_abi", "seccomp", "io_uring_disabled", "image_noexec"} <= names
    if report["failure"]:
        assert report["missing"]
        return
    assert {probe["name"] for probe in report["probes"]} == PROBES
    assert [probe for probe in report["probes"] if not probe["held"]] == []
    assert report["slot_time_us"] > 0
    assert (report["level"] == "A") == (report["lost"] == [])


def test_words():
    done = ask("words", sys.executable)
    assert done.stdout.startswith("Sandbox level ")
    assert "Escape probes" in done.stdout


def private(path) -> bool:
    """Whether a folder on the way keeps others out."""
    return any(not folder.stat().st_mode & 0o001 for folder in path.parents)
