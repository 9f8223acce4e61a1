"""What the doctor says of this machine, in words and as JSON, as root and as an ordinary user."""

import ctypes
import json
import os
import platform
import struct
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


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the call's number is this machine's")
def test_without_memory_files_nothing_runs_and_the_doctor_says_so():
    done = subprocess.run(
        [str(PROBE), "--python", sys.executable, "--doctor", "json"],
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: refuse_call(319),  # noqa: PLW1509 - memfd_create
    )
    report = json.loads(done.stdout)
    assert (report["level"], report["probes"]) == ("F", [])
    assert "sealed memory files are needed and missing" in report["missing"]
    assert "level F" in report["failure"]


def test_what_a_probe_met_is_said_once():
    """Whether it held has a column of its own."""
    report = json.loads(ask("json", sys.executable).stdout)
    assert [probe["told"] for probe in report["probes"] if probe["told"].startswith("held")] == []


def refuse_call(number: int) -> None:
    """A filter that answers ENOSYS, as a kernel does that lacks the call; see seccomp(2)."""
    load, equal, refuse, allow = (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50026), (0x06, 0, 0, 0x7FFF0000)
    code = b"".join(struct.pack("HBBI", *row) for row in (load, equal, refuse, allow))
    rows = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", 4, ctypes.addressof(rows))
    libc = ctypes.CDLL(None)
    assert libc.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS
    assert libc.prctl(22, 2, ctypes.create_string_buffer(program), 0, 0) == 0  # PR_SET_SECCOMP


def private(path) -> bool:
    """Whether a folder on the way keeps others out."""
    return any(not folder.stat().st_mode & 0o001 for folder in path.parents)
