"""Find out which objects a call writes to, so that the zygote can place them side by side; see `placement.h`.

Run once after an installation, by its interpreter: `python -I learn_placement.py`. Takes some seconds and 1.3 GB of memory; where
that fails, forks are slower and nothing else. Writes `<entry module>.placement` beside this file.
"""

import json
import os
import subprocess
import sys
import tempfile
import types

ENTRY_MODULE = "wardian._inside"
MARK = b"wardian place 1\n"


class Channel:
    """Stands for the extension in a child that learns: lets it live its life, without walls, and ends it after the reply."""

    def __init__(self, confine: types.ModuleType, entry: types.ModuleType, path: str) -> None:
        self._confine, self._entry, self._path = confine, entry, path
        self._received = 0

    def receive(self, _fd: int, _size_max: int, _blocking: bool) -> tuple[bytes, list[int]]:
        """The message that a child waits for: that it may go, its one request, its end."""
        self._received += 1
        if self._received == 1:
            return b"go", []
        if self._received == 2:
            request, inputs, outputs = self._entry.example()
            return b"call %d %d" % (len(inputs), len(outputs)), [request, *inputs, *outputs]
        keys = self._confine.learnt_placement()
        with open(self._path, "wb") as file:
            file.write(keys)
        os._exit(0)

    def send(self, _fd: int, _data: bytes, _descriptors: list[int]) -> None:
        """Nobody listens."""

    def confine(self, _slot: tuple, _settings: tuple) -> None:
        """No walls: the page map must be readable."""

    def self_check(self, _descriptors_max: int) -> int:
        """No walls hold."""
        return 0


def in_zygote(confine: types.ModuleType, entry: types.ModuleType, settings: tuple, path: str) -> None:
    """Write the keys of what a child writes to into the file `path`, and end."""
    import child  # beside this file

    confine.end_learning()
    pid = confine.fork_child(False)
    if pid == 0:
        # As the supervisor numbers them: slot, three limits of memory and files, four more, the scratch folder.
        order = b"fork 0 1 1073741824 1073741824 1073741824 64 64 60 67108864 1000 " + os.fsencode(os.environ["TMPDIR"])
        child.live(Channel(confine, entry, path), entry, order, [0, 1, 2], settings)
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status))


def start_zygote(here: str, scratch: str, config: dict, environment: dict, control: int) -> subprocess.Popen:
    """A zygote of this interpreter, as the supervisor starts one but without walls, with more `config` and `environment`.

    For the interpreter counts what it does with them. Uses descriptors 3 and 4 of this process.
    """
    config = {
        "folder": here,
        "prefix": sys.prefix,
        "module_paths": [],
        "search_path": [path for path in sys.path if path and path != here],
        "entry_module": ENTRY_MODULE,
        "mount_namespace": 1,
        "ipc_namespace": 1,
        "own_proc": 1,
        "drop_capabilities": 1,
        "landlock_abi": 7,
        "self_id": 0,
        "landlock_rules": [
            "x/usr",
            f"x{sys.prefix}",
            "n/dev/null",
            "r/dev/zero",
            "r/dev/random",
            "r/dev/urandom",
            "r/proc",
            "r/etc",
        ],
        "filter": "00" * 2000,
        "pid_namespace": 1,
    } | config
    environment = {
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "HOME": scratch,
        "TMPDIR": scratch,
        "MPLBACKEND": "Agg",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "LD_PRELOAD": os.path.join(here, "_confine.abi3.so"),
    } | environment
    file = os.memfd_create("config")
    os.write(file, json.dumps(config).encode())
    os.dup2(control, 3)
    os.dup2(file, 4)
    program = [os.path.realpath(sys.executable), "-s", "-S", "-B", os.path.join(here, "zygote.py")]
    return subprocess.Popen(program, env=environment, pass_fds=(3, 4))


def learn(here: str, scratch: str) -> bytes:
    """The keys that a zygote of this interpreter learns."""
    result = os.path.join(scratch, "keys")
    nobody = os.open(os.devnull, os.O_RDWR)
    zygote = start_zygote(here, scratch, {"learn_placement": result}, {"WARDIAN_LEARN_PLACEMENT": "1"}, nobody)
    if zygote.wait() != 0:
        raise RuntimeError(f"the interpreter ended with status {zygote.returncode}")
    with open(result, "rb") as keys:
        return keys.read()


def main() -> None:
    """Learn, and put the file where the supervisor looks, whole or not at all."""
    here = os.path.dirname(os.path.realpath(__file__))
    with tempfile.TemporaryDirectory() as scratch:
        keys = learn(here, scratch)
    path = os.path.join(here, f"{ENTRY_MODULE}.placement")
    with open(f"{path}.new", "wb") as file:
        file.write(MARK + keys)
        os.fchmod(file.fileno(), 0o644)  # the sandbox's own user reads it
    os.replace(f"{path}.new", path)
    print(f"{len(keys) // 8} objects that a call writes to")


if __name__ == "__main__":
    main()
