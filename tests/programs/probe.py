"""Drives `wardian-sandbox-probe`: one process, one pool, many scripts; and looks for what a run may have left behind."""

import json
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "programs"
BUILD = pathlib.Path(os.environ.get("WARDIAN_BUILD", ROOT / "build" / "release"))
PROBE = BUILD / "tests" / "unit" / "sandbox" / "wardian-sandbox-probe"
PARTS = BUILD / "python" / "wardian" / "_sandbox"
NOBODY = 65534


def processes_of(ancestor: int) -> dict[int, str]:
    """Every living process below `ancestor`, by pid."""
    parents, names = {}, {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                head, _, tail = stat.read().rpartition(")")
        except OSError:
            continue
        state, parent = tail.split()[:2]
        if state != "Z":
            parents[int(entry)], names[int(entry)] = int(parent), head.partition("(")[2]
    found = {}
    for pid in parents:
        at = pid
        while at in parents and at != ancestor:
            at = parents[at]
        if at == ancestor and pid != ancestor:
            found[pid] = names[pid]
    return found


def living(pids) -> list[int]:
    """Those of them that are neither gone nor zombies."""
    found = []
    for pid in pids:
        try:
            state = pathlib.Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(pid)
    return found


def await_end(pids, timeout_s: float = 1.0) -> list[int]:
    """Those that still live after so long."""
    end = time.monotonic() + timeout_s
    while living(pids) and time.monotonic() < end:
        time.sleep(0.01)
    return living(pids)


def cgroups_of(pid: int) -> list[str]:
    """Groups of one pool, in whatever hierarchy they lie."""
    prefix = f"wardian-{pid}-"
    # Groups come and go while we look, which os.walk takes in its stride.
    return [os.path.join(path, name) for path, names, _ in os.walk("/sys/fs/cgroup") for name in names if name.startswith(prefix)]


def folders_of(pid: int, user: int) -> list[pathlib.Path]:
    """Of one process, among temporary files: its sandboxes', and its engine's in the folder of its user."""
    # Scratch folders lie in /tmp wherever TMPDIR points.
    places = {pathlib.Path(tempfile.gettempdir()), pathlib.Path("/tmp")}
    patterns = (f"wardian-{pid}-*", f"wardian-{user}/{pid}-*", f"wardian-{user}-*/{pid}-*")
    return sorted(path for place in places for pattern in patterns for path in place.glob(pattern))


def members_of(group: str) -> list[str]:
    try:
        return pathlib.Path(group, "cgroup.procs").read_text().split()
    except OSError:  # gone meanwhile
        return []


class Probe:
    """The driver process. `user`: run as this uid, without groups."""

    def __init__(self, *options: str, user: int | None = None, python: str, folder: pathlib.Path | None = None) -> None:
        program, parts, modules = (
            (PROBE, PARTS, PROGRAMS) if folder is None else (folder / PROBE.name, folder / "parts", folder / "modules")
        )
        command = [str(program), "--python", python, "--modules", str(modules), "--parts", str(parts), *options]
        if user is not None:
            command = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", "--", *command]
        self.complaints = tempfile.TemporaryFile()  # noqa: SIM115
        self.user = os.geteuid() if user is None else user
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.complaints, cwd="/")

    @property
    def pid(self) -> int:
        return self.process.pid

    def order(self, verb: str, script: str = "", **settings: int) -> dict:
        words = " ".join(f"{name}={value}" for name, value in settings.items())
        text = script.encode()
        self.process.stdin.write(f"{verb} {words} bytes={len(text)}\n".encode() + text)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            self.complaints.seek(0)
            raise RuntimeError(f"the driver died: {self.complaints.read().decode(errors='replace')}")
        return json.loads(line)

    def run(self, script: str, **settings: int) -> dict:
        """One run; texts decoded, the reply read as JSON."""
        outcome = self.order("run", script, **settings)
        for stream in ("stdout", "stderr"):
            if stream in outcome:
                outcome[f"{stream}_bytes"] = outcome[stream]
                whole = bytes.fromhex(outcome[stream]["head"]) + bytes.fromhex(outcome[stream]["tail"])
                outcome[stream] = whole.decode(errors="replace")
        reply = bytes.fromhex(outcome.get("reply", ""))
        outcome["said"] = json.loads(reply) if reply else {}
        return outcome

    def level(self) -> str:
        return self.order("status")["level"]

    def settle(self, ready: int, timeout_s: float = 10.0) -> None:
        """Wait until the pool is full and nothing is being made or buried: until two looks agree."""
        last, end = None, time.monotonic() + timeout_s
        while time.monotonic() < end:
            now = self.traces() if self.order("status")["ready"] >= ready else None
            if now is not None and now == last:
                return
            last = now
            time.sleep(0.05)

    def traces_like(self, before: dict[str, object], timeout_s: float = 10.0) -> dict[str, object]:
        """The traces, as soon as they equal those of before; burials and refills take a moment on a busy machine."""
        end = time.monotonic() + timeout_s
        while (now := self.traces()) != before and time.monotonic() < end:
            time.sleep(0.01)
        return now

    def traces(self) -> dict[str, object]:
        """What lasts between runs; equal before and after a run that left nothing."""
        return {
            "processes": len(processes_of(self.pid)),
            "descriptors": len(os.listdir(f"/proc/{self.pid}/fd")),
            # Empty ones are kept for those who come next.
            "groups": sum(bool(members_of(below)) for path in cgroups_of(self.pid) for below, _, _ in os.walk(path)),
            "mounts": len(pathlib.Path(f"/proc/{self.pid}/mountinfo").read_text().splitlines()),
            "files": folders_of(self.pid, self.user),
        }

    def close(self) -> int:
        self.process.stdin.close()
        return self.process.wait(20)
