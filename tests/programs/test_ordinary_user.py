"""Who starts Wardian, and on what: an ordinary user without namespaces, a root without its powers, a masked /proc."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest
from probe import NOBODY, PARTS, PROBE, PROGRAMS, Probe

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")

REACH_OUT = """
import signal
victim, bystander = {victim!r}, {bystander}
answer = {{
    "chmod": attempt(os.chmod, victim, 0o777),
    "utime": attempt(os.utime, victim, (1, 1)),
    "truncate": attempt(os.truncate, victim, 0),
    "empty": attempt(os.open, victim, os.O_RDONLY | os.O_TRUNC),
    "kill": attempt(os.kill, bystander, signal.SIGKILL),
    "kill group": attempt(os.kill, -bystander, signal.SIGKILL),
    "kill all": attempt(os.kill, -1, signal.SIGKILL),
    "kill self": attempt(os.kill, os.getpid(), 0),
}}
"""


@pytest.fixture
def folder():
    """Driver, parts and modules where the user can read them, with room for a file of the user's own."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="wardian-public-"))
    path.chmod(0o755)
    shutil.copy2(PROBE, path / PROBE.name)
    shutil.copytree(PARTS, path / "parts")
    (path / "modules").mkdir()
    for name in ("entry.py", "kernel.py"):
        shutil.copy(PROGRAMS / name, path / "modules")
    yield path
    shutil.rmtree(path)


def test_files_and_processes_of_the_same_user_are_out_of_reach(folder):
    victim = folder / "victim"
    victim.write_text("precious")
    os.chown(victim, NOBODY, NOBODY)
    victim.chmod(0o640)
    os.utime(victim, (1_000_000, 1_000_000))
    bystander = subprocess.Popen(["sleep", "60"], user=NOBODY, start_new_session=True)
    driver = Probe("--ready", "1", "--level", "D", user=NOBODY, python="/usr/bin/python3", folder=folder)
    try:
        outcome = driver.run(REACH_OUT.format(victim=str(victim), bystander=bystander.pid))
        assert driver.level() == "D"
        said = outcome["said"]["answer"]
        assert said.pop("kill self") == "done"
        assert set(said.values()) <= {"EPERM", "EACCES"}, said
        status = victim.stat()
        assert (victim.read_text(), status.st_mode & 0o777, status.st_mtime) == ("precious", 0o640, 1_000_000)
        assert bystander.poll() is None
    finally:
        assert driver.close() == 0
        bystander.kill()
        bystander.wait()


# Deeper than a path may be long and than there are descriptors; and folders that even their owner may not enter or change.
DEEP = """
for _ in range(1500):
    os.mkdir("deep" * 10)
    os.chdir("deep" * 10)
    open("file", "w").close()
"""
SHUT = """
os.mkdir("shut", 0)
os.makedirs("blind/below")
os.mkdir("blind/unread", 0o300)
open("blind/unread/file", "w").close()
"""


@pytest.mark.parametrize("litter", [DEEP, SHUT], ids=["deep", "shut"])
def test_scratch_without_namespaces_is_taken_away_whatever_lies_in_it(folder, litter):
    driver = Probe("--ready", "1", "--level", "D", user=NOBODY, python="/usr/bin/python3", folder=folder)
    try:
        driver.run("answer = 1")
        driver.settle(1)
        (scratch,) = pathlib.Path("/tmp").glob(f"wardian-{driver.pid}-*-scratch")
        assert driver.run(litter + "\nanswer = 'littered'")["said"] == {"answer": "littered"}
        driver.settle(1)
        assert len(list(scratch.iterdir())) == 1, "the next child's, and no other"
    finally:
        assert driver.close() == 0
    assert not scratch.exists()


@pytest.mark.parametrize("lost", ["-sys_admin", "-all"])
def test_root_without_its_powers_goes_down_the_ladder(folder, lost):
    """As in many containers; the kernel gives a root without CAP_SYS_ADMIN no mount of its own, so it is an ordinary user."""
    command = [
        "setpriv",
        f"--bounding-set={lost}",
        f"--inh-caps={lost}",
        str(folder / PROBE.name),
        "--python",
        "/usr/bin/python3",
        "--modules",
        str(folder / "modules"),
        "--parts",
        str(folder / "parts"),
    ]
    script = "answer = [os.getuid() > 0 or None, attempt(open, '/etc/shadow')]"
    order = f"run bytes={len(script)}\n{script}status\n"
    done = subprocess.run(command, input=order, capture_output=True, text=True, timeout=120)
    outcome, status = (json.loads(line) for line in done.stdout.splitlines())
    assert outcome["end"] == "replied", outcome
    assert status["level"] in "BCD"
    reply = json.loads(bytes.fromhex(outcome["reply"]))["answer"]
    assert reply[1] in ("EACCES", "ENOENT")
    if lost == "-sys_admin":
        assert reply[0] is True, "another uid than root's was to be had"


def test_a_proc_that_is_hidden_in_part_costs_the_namespaces(folder):
    """As in many containers: the kernel then refuses a fresh /proc in a user namespace. It must not be promised."""
    probe = f"{folder / PROBE.name} --python /usr/bin/python3 --modules {folder / 'modules'} --parts {folder / 'parts'}"
    for user in ("", f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups "):
        script = "answer = os.getpid()"
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs none /proc/sys && exec {user}{probe}"],
            input=f"run bytes={len(script)}\n{script}status\n",
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert '"end": "replied"' in done.stdout, done
        assert '"level": "D"' in done.stdout, done.stdout


def test_the_ladder_is_the_same_for_the_doctor():
    done = subprocess.run(
        [
            "unshare",
            "--mount",
            "sh",
            "-c",
            f"mount -t tmpfs none /proc/sys && exec {PROBE} --python {sys.executable} --doctor words",
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.startswith("Sandbox level D "), done
    assert "cannot mount /proc" in done.stdout
