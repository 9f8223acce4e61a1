"""One child's life: wait for "go", confine itself, rehearse, serve one request, end."""

import collections.abc
import io
import os
import sys
import traceback
import types

CHANNEL_FD = 3
REPLY_BYTES_MAX = 64 << 10
HEADER_BYTES_MAX = 4096
DESCRIPTORS_CHECKED = 256
UNLIMITED = (1 << 64) - 1
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def settings_of(config: dict, parent: int) -> tuple:
    """What `_confine.confine` needs that is the same for every child; built once, before any fork."""
    rules = b"".join(rule.encode("utf-8", "surrogateescape") + b"\0" for rule in config["landlock_rules"])
    return (
        config["mount_namespace"],
        config["ipc_namespace"],
        config["own_proc"],
        config["drop_capabilities"],
        config["landlock_abi"],
        config["self_id"],
        rules,
        bytes.fromhex(config["filter"]),
        parent,
    )


def address_pages() -> tuple[int, int]:
    """Pages of address space and of private writable memory that this process has now; zeros where there is no /proc."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as statm:
            words = statm.read(256).split()
    except OSError:
        return 0, 0
    return int(words[0]), int(words[5])


def open_console(fd: int) -> io.TextIOWrapper:
    return open(fd, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115


def reseed() -> None:
    """Python reseeds `random` after a fork; numpy's global generator it does not, and every child would draw the same numbers."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(int.from_bytes(os.urandom(4), "little"))


def live(confine: types.ModuleType, entry: types.ModuleType, order: bytes, descriptors: list[int], settings: tuple) -> None:
    """Never returns to the zygote's loop; ends the process by `_exit`, whatever happens."""
    try:
        control, out, error = descriptors
        # The supervisor puts this process into its control groups and only then says go; its death is an end of file.
        word = confine.receive(control, HEADER_BYTES_MAX, True)
        if word is None:
            os._exit(0)
        numbers = order.split(b" ", 11)
        slot_id, address, data, file, count, tasks, cpu, scratch, inodes = (int(word) for word in numbers[2:11])
        folder = os.fsdecode(numbers[11])
        # Both limits count from what the zygote's imports occupy already.
        total_pages, data_pages = address_pages()
        address = min(address + total_pages * PAGE_BYTES, UNLIMITED)
        data = min(data + data_pages * PAGE_BYTES, UNLIMITED)
        slot = (slot_id, control, out, error, address, data, file, count, tasks, cpu, scratch, inodes, folder)
        # Landlock's rule for scratch names the folder of this very child.
        rules = settings[6] + b"w" + numbers[11] + b"\0"
        try:
            confine.confine(slot, (*settings[:6], rules, *settings[7:]))
            mask = confine.self_check(DESCRIPTORS_CHECKED)
        except OSError as failure:
            # Which number the channel has depends on how far it came; both are tried.
            for fd in (control, CHANNEL_FD):
                try:
                    confine.send(fd, f"failed {failure}".encode(), [])
                except OSError:
                    continue
                break
            os._exit(1)
        os.environ["HOME"] = os.environ["TMPDIR"] = folder
        # The zygote's own were made for files that can seek. By lines, so that a script that is killed has shown what it printed.
        sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = sys.__stdout__ = open_console(1)
        sys.stderr = sys.__stderr__ = open_console(2)
        reseed()
        if word[0] == b"go" and hasattr(entry, "rehearse"):
            entry.rehearse()
        confine.send(CHANNEL_FD, f"ready {mask}".encode(), [])
        serve(confine, entry)
    except BaseException:  # noqa: BLE001 - nothing may return into the zygote's loop
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(1)


class Dialogue:
    """Questions to the supervisor and its answers, strictly in turn."""

    def __init__(self, send: collections.abc.Callable, receive: collections.abc.Callable) -> None:
        self._send, self._receive = send, receive

    def ask(self, question: bytes) -> None:
        self._send(CHANNEL_FD, b"ask " + question, [])

    def answer(self) -> tuple[bytes, list[int]]:
        """Words and descriptors. Waits; the supervisor's end is this process' as well."""
        message = self._receive(CHANNEL_FD, HEADER_BYTES_MAX, True)
        if message is None:
            os._exit(0)
        return message


def serve(confine: types.ModuleType, entry: types.ModuleType) -> None:
    """Serve the one request. What the script did to this process by then is its own affair: the supervisor trusts none of it."""
    message = confine.receive(CHANNEL_FD, HEADER_BYTES_MAX, True)
    if message is None:
        os._exit(0)
    header, descriptors = message
    words = header.split()
    input_count, output_count = int(words[1]), int(words[2])
    request_fd, rest = descriptors[0], descriptors[1:]
    inputs, outputs = rest[:input_count], rest[input_count : input_count + output_count]
    pipes = rest[input_count + output_count :]
    request = os.pread(request_fd, os.fstat(request_fd).st_size, 0)
    os.close(request_fd)
    # Kept from before the script runs: it may replace or break anything that it can reach by name.
    send, receive, leave = confine.send, confine.receive, os._exit
    # A fourth word says that the call goes on talking: the entry is given the way to. Pipes are a debugger's.
    ways = ({"dialogue": Dialogue(send, receive)} if len(words) > 3 else {}) | ({"pipes": pipes} if pipes else {})
    reply = entry.serve(request, inputs, outputs, **ways)
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()
        except Exception:  # noqa: BLE001, S112 - the script may have replaced or closed it
            continue
    if len(reply) > REPLY_BYTES_MAX:
        leave(3)
    send(CHANNEL_FD, b"reply " + reply, [])
    # Not to die yet: taking down the memory would hold the core on which the reader of the reply has just been woken, and the
    # seals of the results wait for every core. The supervisor kills, or goes away.
    receive(CHANNEL_FD, HEADER_BYTES_MAX, True)
    leave(0)
