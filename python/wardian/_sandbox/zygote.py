"""The zygote: an image's interpreter with its imports done, which makes one-shot children on demand.

Run as a program, never imported: `python -s -S -B zygote.py`. Descriptor 3 is the supervisor's socket, 4 the configuration,
5 an empty file for heap and code where the machine has large pages for one.
It holds no secret and reads nothing else. Each child confines itself before it sees a request; see `child.py`.
"""

import collections.abc
import contextlib
import gc
import importlib
import importlib.machinery
import importlib.util
import json
import os
import select
import sys
import types

CONTROL_FD = 3
CONFIG_FD = 4
HEAP_FD = 5
MESSAGE_BYTES_MAX = 4096
# Threads that may exist before a fork, by name: they hold no lock that a child needs, or reset it in a fork handler.
KNOWN_THREADS = ("jemalloc_bg_thd",)
# Moving memory takes as long as ten forks, which are cheaper afterwards; a program that asks one question has no use for it.
FORKS_UNTIL_EASED = 24


def load_extension(folder: str, name: str) -> types.ModuleType:
    """Load a compiled module by its place, so that no package of the same name can stand in for it."""
    path = os.path.join(folder, f"{name}.abi3.so")
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def read_config() -> dict:
    """Read the configuration's memory file whole, and close it."""
    size = os.fstat(CONFIG_FD).st_size
    parts, place = [], 0
    while place < size:
        part = os.pread(CONFIG_FD, size - place, place)
        parts.append(part)
        place += len(part)
    os.close(CONFIG_FD)
    return json.loads(b"".join(parts))


def prepare_packages(config: dict) -> None:
    """Set the search path; an empty package stands in for `wardian`, whose own start-up may load the engine."""
    sys.prefix = sys.exec_prefix = config["prefix"]
    sys.path[:] = config["module_paths"] + config["search_path"]
    # Ours first: an image may have another Wardian among its packages, or none.
    folders = [os.path.dirname(config["folder"])] + [os.path.join(path, "wardian") for path in sys.path]
    package = types.ModuleType("wardian")
    package.__path__ = [folder for folder in folders if os.path.isdir(folder)]
    sys.modules["wardian"] = package


def unknown_threads() -> list[str]:
    """Names of threads that must not exist when a process forks."""
    names = []
    own = str(os.getpid())
    try:
        tasks = os.listdir("/proc/self/task")
    except OSError:  # no /proc inside: nothing to count
        return names
    for task in tasks:
        if task == own:
            continue
        try:
            with open(f"/proc/self/task/{task}/comm", encoding="utf-8", errors="replace") as comm:
                name = comm.read().strip()
        except OSError:
            continue
        if not name.startswith(KNOWN_THREADS):
            names.append(name)
    return names


def ease_forks(confine: types.ModuleType, entry: types.ModuleType) -> None:
    """Put what a fork would copy into files (see heap_file.c, library_files.c), where this process is alone with its memory."""
    large = HEAP_FD
    try:
        os.fstat(large)
    except OSError:  # the machine has no large pages for one
        large = -1
    knows_code = large >= 0 and hasattr(entry, "practise") and eased(confine.forget_code) and eased(entry.practise)
    try:
        if len(os.listdir("/proc/self/task")) > 1:
            return
    except OSError:  # no /proc: nobody knows
        return
    eased(move_libraries, confine, large if knows_code else -1)
    if large >= 0:
        eased(move_heap, confine)


def eased(step: collections.abc.Callable, *arguments: object) -> bool:
    """Take a step without which nothing is lost but speed."""
    try:
        step(*arguments)
    except Exception as failure:  # noqa: BLE001 - of the entry's as well
        print(f"forks stay slower: {type(failure).__name__}: {failure}", file=sys.stderr)
        return False
    return True


def move_libraries(confine: types.ModuleType, large: int) -> None:
    file = os.memfd_create("libraries", os.MFD_CLOEXEC)
    try:
        confine.move_libraries(file, large)
    finally:
        os.close(file)


def move_heap(confine: types.ModuleType) -> None:
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        heap = next((line.split("-")[0] for line in maps if line.endswith("[heap]\n")), "0")
    confine.move_heap(HEAP_FD, int(heap, 16))
    os.close(HEAP_FD)


def reap(confine: types.ModuleType, watcher: select.poll, slots_by_pidfd: dict[int, tuple[int, int]], pidfd: int) -> None:
    """Tell the supervisor how a child ended and what it used."""
    slot, pid = slots_by_pidfd.pop(pidfd)
    watcher.unregister(pidfd)
    os.close(pidfd)
    _, status, usage = os.wait4(pid, 0)
    cpu_us = int((usage.ru_utime + usage.ru_stime) * 1e6)
    confine.send(CONTROL_FD, f"reaped {slot} {status} {cpu_us} {usage.ru_maxrss * 1024}".encode(), [])


def main() -> None:
    """Import, warm up, then fork when told to, until the supervisor goes away."""
    os.environ.pop("PYTHONHASHSEED", None)  # has done its work: the order of sets is the same in every run
    config = read_config()
    here = config["folder"]
    confine = load_extension(here, "_confine")
    sys.path.insert(0, here)
    confine.own_heap()
    import child  # beside this file

    prepare_packages(config)
    entry = importlib.import_module(config["entry_module"])
    if hasattr(entry, "warm_up"):
        entry.warm_up()
    strangers = unknown_threads()
    if strangers:
        raise RuntimeError(f"warm_up left threads behind, which a fork would lose: {', '.join(strangers)}")
    settings = child.settings_of(config, 0 if config["pid_namespace"] else os.getpid())
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - lives as long as the process
    gc.collect()
    gc.freeze()
    if "learn_placement" in config:
        sys.path.insert(0, here)
        import learn_placement  # beside this file

        learn_placement.in_zygote(confine, entry, settings, config["learn_placement"])
    confine.send(CONTROL_FD, f"warm {confine.end_placement()}".encode(), [])

    with contextlib.suppress(OSError):
        # Children inherit it: one that wakes up, to be made or to die, does not push aside a thread that answers a query.
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    forks_until_eased = FORKS_UNTIL_EASED
    watcher = select.poll()
    watcher.register(CONTROL_FD, select.POLLIN)
    slots_by_pidfd: dict[int, tuple[int, int]] = {}
    while True:
        for fd, _ in watcher.poll():
            if fd != CONTROL_FD:
                reap(confine, watcher, slots_by_pidfd, fd)
                continue
            message = confine.receive(CONTROL_FD, MESSAGE_BYTES_MAX, True)
            if message is None:
                os._exit(0)
            order, descriptors = message
            pid = confine.fork_child(config["pid_namespace"])
            if pid == 0:
                child.live(confine, entry, order, descriptors, settings)
                os._exit(0)
            slot = int(order.split()[1])
            pidfd = os.pidfd_open(pid)
            slots_by_pidfd[pidfd] = (slot, pid)
            watcher.register(pidfd, select.POLLIN)
            for descriptor in descriptors:
                os.close(descriptor)
            confine.send(CONTROL_FD, f"forked {slot}".encode(), [pidfd])
            forks_until_eased -= 1
            if forks_until_eased == 0:
                ease_forks(confine, entry)


if __name__ == "__main__":
    main()
