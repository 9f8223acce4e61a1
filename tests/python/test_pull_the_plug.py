"""kill -9 and Ctrl-C in the middle of a query with Python: nothing lives on, nothing is left, the data is whole."""

import contextlib
import functools
import os
import pathlib
import signal
import subprocess
import time

import pytest
from wardian_program import WARDIAN

# Beyond the engine's memory, so that it spills, then a script that never ends.
QUERY = """
T | extend a = hash_sha256(tostring(x)), b = hash_sha256(tostring(x + 1)) | sort by a asc
| extend n = row_number() | where n % 100000 == 0
| evaluate python(typeof(*), "open('mark', 'w').close()\\nwhile True: pass")
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plug")
    numbers = folder / "numbers.csv"
    with numbers.open("w") as out:
        out.write("x\n")
        out.writelines(f"{x}\n" for x in range(1_500_000))
    subprocess.run([WARDIAN, "import", numbers, "--table", "T", "--db", folder / "db"], check=True, stdout=subprocess.DEVNULL)
    return folder / "db"


def descendants(pid: int) -> dict[int, str]:
    """Names of all processes below `pid`, by pid."""
    found, queue = {}, [pid]
    while queue:
        for children in pathlib.Path(f"/proc/{queue.pop()}/task").glob("*/children"):
            listed = []
            with contextlib.suppress(OSError):
                listed = [int(child) for child in children.read_text().split()]
            for child in listed:
                with contextlib.suppress(OSError):  # one that ends just now hides none of the others
                    found[child] = pathlib.Path(f"/proc/{child}/comm").read_text().strip()
                    queue.append(child)
    return found


def alive(pids) -> list[int]:
    living = []
    for pid in pids:
        with contextlib.suppress(OSError):
            if pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                living.append(pid)
    return living


def running_threads(pid: int) -> list[str]:
    """States of the threads that are not stopped."""
    states = [
        thread.joinpath("stat").read_text().rpartition(")")[2].split()[0]
        for thread in pathlib.Path(f"/proc/{pid}/task").iterdir()
    ]
    return [state for state in states if state != "T"]


def stop(pids) -> None:
    """Returns once none of them can do anything more, so that the death of one is answered by none of the others."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    for pid in pids:
        assert gone_within(5.0, functools.partial(running_threads, pid)) == []


def gone_within(seconds: float, left) -> list:
    end = time.monotonic() + seconds
    while (rest := left()) and time.monotonic() < end:
        time.sleep(0.01)
    return rest


def groups(pid: int) -> list[str]:
    return [
        os.path.join(path, name)
        for path, names, _ in os.walk("/sys/fs/cgroup")
        for name in names
        if name.startswith(f"wardian-{pid}-")
    ]


def wait_until_spinning(process: subprocess.Popen, temporary: pathlib.Path) -> None:
    spilled, end = False, time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        spilled = spilled or any(path.is_file() for path in temporary.glob("wardian-*/*/engine/*"))
        # The script spins once a child of the zygote burns processor time.
        if any(cpu_seconds(pid) > 1.0 for pid, name in descendants(process.pid).items() if name.startswith("python")):
            break
        time.sleep(0.02)
    assert process.poll() is None, process.communicate()[1]
    assert spilled, "the engine did not spill: the test shows nothing"


@pytest.fixture
def running(database, tmp_path):
    """The program, with its script spinning in a sandbox; its processes and where it spills."""
    process = subprocess.Popen(
        [WARDIAN, "query", QUERY, "--db", database, "--memory", "120MB", "--sandbox-time", "1h"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    try:
        wait_until_spinning(process, tmp_path)
        yield process, descendants(process.pid), tmp_path
    finally:
        process.kill()
        process.communicate()


def cpu_seconds(pid: int) -> float:
    with contextlib.suppress(OSError, IndexError):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def assert_database_opens(database):
    done = subprocess.run([WARDIAN, "query", "T | count", "--db", database, "--format", "csv"], capture_output=True, text=True)
    assert done.stdout.splitlines()[1] == "1500000", done.stderr


def test_kill_9_leaves_nothing(running, database):
    process, below, temporary = running
    assert len(below) >= 3, below
    process.kill()
    process.wait()
    # The launcher outlives the program to clean up; all else dies with it.
    others = [pid for pid, name in below.items() if not name.startswith("wardian-launch")]
    assert gone_within(1.0, lambda: alive(others)) == []
    assert gone_within(5.0, lambda: alive(below)) == []
    assert groups(process.pid) == []
    assert [path for path in temporary.glob("wardian-*/*") if path.name.startswith(f"{process.pid}-")] == []
    assert_database_opens(database)


def test_the_next_start_cleans_where_the_launcher_died_too(running, database):
    process, below, temporary = running
    launchers = [pid for pid, name in below.items() if name.startswith("wardian-launch")]
    assert launchers, below
    # At once: a program that outlives its launcher, or a launcher its program, by a moment begins to clean.
    stop([process.pid, *launchers])
    for pid in [*launchers, process.pid]:
        os.kill(pid, signal.SIGKILL)
    process.wait()
    assert gone_within(1.0, lambda: alive(below)) == []
    left = [path for path in temporary.glob("wardian-*/*") if path.name.startswith(f"{process.pid}-")]
    assert left, "there was nothing to clean"
    environment = os.environ | {"TMPDIR": str(temporary)}
    text = "print x = 1 | evaluate python(typeof(*), 'result = df')"
    subprocess.run([WARDIAN, "query", text], check=True, stdout=subprocess.DEVNULL, env=environment)
    assert not any(path.exists() for path in left)
    assert groups(process.pid) == []
    assert_database_opens(database)


def test_ctrl_c_kills_the_sandbox_and_ends_the_query(running, database):
    process, below, temporary = running
    pythons = [pid for pid, name in below.items() if name.startswith("python") and cpu_seconds(pid) > 0.5]
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    # The promises are 0.2 s and 1 s; a loaded machine gets more before this counts as broken.
    assert gone_within(2.0, lambda: alive(pythons)) == []
    _, errors = process.communicate(timeout=10)
    assert time.monotonic() - begin < 5
    assert process.returncode == 130
    assert "CANCELLED" in errors
    assert [path for path in temporary.glob("wardian-*/*") if path.name.startswith(f"{process.pid}-")] == []
    assert_database_opens(database)
