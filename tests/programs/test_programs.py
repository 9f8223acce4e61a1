"""Runs every hostile program confined, compares the whole outcome, then looks for what was left behind and runs an ordinary call.

At the best level this machine holds as root, without namespaces as root, and as an ordinary user (levels B or C).
"""

import os
import pathlib
import shutil
import sys
import tempfile

import pytest
from expectations import EXPECTATIONS, SETTINGS, Expected
from probe import NOBODY, PARTS, PROBE, PROGRAMS, Probe, await_end, cgroups_of, processes_of

READY = 2
GROUPS_KEPT_MAX = 16
ORDINARY = "print('hello')\nanswer = sum(range(10))"

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture(scope="module")
def public_folder():
    """Driver, parts and modules where every user can read them: the checkout may lie in a private folder."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wardian-public-"))
    folder.chmod(0o755)
    shutil.copy2(PROBE, folder / PROBE.name)
    shutil.copytree(PARTS, folder / "parts")
    (folder / "modules").mkdir()
    for name in ("entry.py", "kernel.py"):
        shutil.copy(PROGRAMS / name, folder / "modules")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module", params=["best", "user", "no-namespaces"])
def probe(request, public_folder):
    """One pool for all programs: a damaged neighbour would show."""
    user = request.param == "user"
    if user and os.geteuid() != 0:
        pytest.skip("only root can become another user")
    level = ["--level", "D"] if request.param == "no-namespaces" else []
    options = ["--ready", str(READY), "--memory", str(SETTINGS["memory"]), *level]
    python = "/usr/bin/python3" if user else sys.executable
    driver = Probe(*options, user=NOBODY if user else None, python=python, folder=public_folder)
    first = driver.run(ORDINARY)
    if first["end"] == "refused" and first["code"] == "SANDBOX_UNAVAILABLE":
        pytest.skip(f"this machine cannot: {first['message']}")
    driver.settle(READY)
    driver.strength = driver.level()
    driver.before = driver.traces()
    yield driver
    pid = driver.pid
    below = processes_of(pid)
    for path in cgroups_of(pid):
        assert len(next(os.walk(path))[1]) <= READY + GROUPS_KEPT_MAX
    assert driver.close() == 0
    assert await_end(below) == []
    assert cgroups_of(pid) == []


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_program(probe, name):
    expected = EXPECTATIONS[name].at(probe.strength)
    outcome = probe.run((PROGRAMS / f"{name}.py").read_text(), **(SETTINGS | expected.settings))
    compare(outcome, expected)
    ordinary = probe.run(ORDINARY, memory=SETTINGS["memory"])
    assert (ordinary["end"], ordinary["said"], ordinary["stdout"]) == ("replied", {"answer": 45}, "hello\n")
    assert probe.traces_like(probe.before) == probe.before


def test_an_input_on_disk_cannot_be_changed_either(probe):
    program = (PROGRAMS / "forged/rewrite_large_input.py").read_text()
    compare(probe.run(program, **(SETTINGS | {"disk": 1})), EXPECTATIONS["forged/rewrite_large_input"])


def compare(outcome: dict, expected: Expected) -> None:
    assert outcome["end"] == expected.end, outcome
    assert outcome.get("code", "") == expected.code
    assert expected.message in outcome.get("message", "")
    if expected.end == "replied" and expected.error is not None:
        assert outcome["said"].get("error") == expected.error
    elif expected.end == "replied" and expected.answer is not None:
        assert outcome["said"] == {"answer": expected.answer}
    if expected.end != "replied":
        assert outcome["reply"] == ""
    for stream in ("stdout", "stderr"):
        if getattr(expected, stream) is not None:
            assert outcome[stream] == getattr(expected, stream)
    if expected.outputs is not None:
        assert tuple(outcome["outputs"]) == expected.outputs


def test_every_program_has_a_row():
    files = {str(path.relative_to(PROGRAMS).with_suffix("")) for path in PROGRAMS.glob("[a-z]*/*.py")}
    assert files == set(EXPECTATIONS)
