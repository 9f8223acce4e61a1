"""What each program must meet: the whole outcome, one row a program, and where a weaker level honestly holds less.

Levels are those of docs/sandbox.md. `differs` gives the outcome below full strength, by the letters of the levels that share it.
"""

from dataclasses import dataclass, field

MIB = 1 << 20


@dataclass(frozen=True)
class Expected:
    """How a run ends and what it leaves. `answer` counts for a reply; `error` is the script's own exception instead."""

    end: str = "replied"
    answer: object = None
    error: str | None = None
    code: str = ""
    message: str = ""  # what the error's message must hold, where there is one
    stdout: str | None = ""  # None: not compared
    stderr: str | None = ""
    outputs: tuple[int, ...] | None = (0,)  # sizes; None: not compared
    settings: dict[str, int] = field(default_factory=dict)
    differs: dict[str, "Expected"] = field(default_factory=dict)

    def at(self, level: str) -> "Expected":
        for letters, other in self.differs.items():
            if level in letters:
                return other
        return self


# What every program gets unless its row says otherwise. Time is ample, for a busy machine; those that never end get little.
SETTINGS = {"memory": 128 * MIB, "time": 30_000, "inputs": 1, "outputs": 1}
SHORT = {"time": 700}

TIMED_OUT = Expected("timed_out", code="TIME_LIMIT", settings=SHORT)
MEMORY_ERROR = Expected(error="MemoryError")
# Without control groups no file may be larger than the call's memory.
TOO_LARGE = "OSError: [Errno 27] File too large"
CRASHED = Expected("signalled", code="CRASHED")
FOREIGN = Expected("forbidden", code="CRASHED")
NO_RESULT = Expected("exited", code="NO_RESULT")
TAMPERED = Expected("protocol_broken", code="BAD_RESULT")
REFUSED = Expected(answer=["EPERM"])


def answers(value: object, **more: object) -> Expected:
    return Expected(answer=value, **more)


EXPECTATIONS: dict[str, Expected] = {
    # Files. Without namespaces (D, E) scratch is a folder on disk; without Landlock (E) the host's readable files are readable.
    "files/read_secrets": answers([]),
    "files/list_root": answers("EACCES", differs={"E": answers("done")}),
    "files/write_outside": answers([]),
    "files/change_image": answers([]),
    "files/symlink_out": answers([]),
    "files/hard_link_out": answers("EXDEV", differs={"DE": answers("EPERM")}),
    "files/dot_dot": answers("EACCES", differs={"E": answers("done")}),
    "files/proc_root": answers(False),
    "files/other_processes": answers(
        ["1"], differs={"D": Expected(error="PermissionError: [Errno 13] Permission denied: '/proc'")}
    ),
    "files/host_environment": answers([]),
    "files/kernel_tables": answers([]),
    "files/device_nodes": answers(["EPERM", "EPERM"]),
    "files/fill_scratch": answers("ENOSPC", differs={"DE": answers("done")}),
    "files/many_files": answers("ENOSPC", differs={"DE": answers("done")}),
    "files/sparse_giant": answers("EFBIG"),
    "files/scratch_is_fresh": answers([]),
    "files/tmp_works": answers("text"),
    # Where no mount tree stands between, modes and times are refused altogether: Landlock knows no rule for them.
    "files/modes_and_times": answers(["done", "done", "done"], differs={"DE": answers(["EPERM", "EPERM", "EPERM"])}),
    "files/executable_scratch": answers(["done", "EPERM"]),
    # The streams, the channel, and this call's one input and one output.
    "files/open_descriptors": answers([0, 1, 2, 3, 5, 6]),
    "files/mount_calls": REFUSED,
    # Network.
    "network/sockets": REFUSED,
    "network/connect_out": answers("EPERM"),
    "network/lookup": answers("gaierror"),
    "network/url": answers("URLError"),
    "network/socket_pair": answers("EPERM"),
    "network/control_channel_tricks": REFUSED,
    "network/interfaces": answers("EPERM"),
    # Processes. As pid 1 of a namespace (A to C) a process is deaf to its own signals.
    "processes/fork": answers(["EPERM", "EPERM", "EPERM"]),
    "processes/fork_bomb": answers("EPERM"),
    "processes/spawn": answers(["EPERM", "EPERM", "EPERM"]),
    "processes/shell": answers(True),
    "processes/multiprocessing": answers("EPERM"),
    "processes/thread_bomb": answers(["RuntimeError", True], settings={"tasks": 20}),
    "processes/threads_work": answers(285),
    # Where only private mappings are bounded, stacks of the usual 8 MiB would not fit.
    "processes/fifty_threads": answers(50),
    "processes/kill_all": answers(["ESRCH", "ESRCH", "done"], differs={"DE": answers(["EPERM", "EPERM", "EPERM"])}),
    "processes/kill_self": answers("alive", differs={"D": TIMED_OUT}),
    "processes/look_into_others": REFUSED,
    "processes/namespaces": answers(["EPERM", "EPERM", "EPERM", "ENOSYS"]),
    "processes/become_someone": REFUSED,
    "processes/undo_limits": answers([True, [0, 0]]),
    "processes/undo_confinement": REFUSED,
    "processes/change_priority": REFUSED,
    # Memory. Without control groups (C to E) only private pages are bounded, by a clean MemoryError.
    "memory/eat_slowly": Expected("over_memory", code="MEMORY_LIMIT", differs={"CDE": MEMORY_ERROR}),
    "memory/eat_by_objects": Expected("over_memory", code="MEMORY_LIMIT", differs={"CDE": answers(True)}),
    "memory/eat_at_once": MEMORY_ERROR,
    "memory/eat_by_mmap": Expected("over_memory", code="MEMORY_LIMIT", differs={"CDE": answers("done")}),
    "memory/eat_by_scratch": Expected(
        "over_memory",
        code="MEMORY_LIMIT",
        settings={"scratch": 1 << 30},
        differs={"CDE": Expected(error=TOO_LARGE, settings={"scratch": 1 << 30})},
    ),
    "memory/eat_by_output": Expected(
        "over_memory", code="MEMORY_LIMIT", outputs=None, differs={"CDE": Expected(error=TOO_LARGE, outputs=(128 * MIB,))}
    ),
    "memory/eat_in_threads": Expected(
        "over_memory", code="MEMORY_LIMIT", stderr=None, differs={"CDE": answers(None, stderr=None)}
    ),
    "memory/swallow_errors": Expected("over_memory", code="MEMORY_LIMIT", differs={"CDE": TIMED_OUT}),
    "memory/lock_pages": REFUSED,
    "memory/huge_pages": REFUSED,
    "memory/merge_pages": REFUSED,
    "memory/deep_recursion": answers("RecursionError"),
    "memory/native_stack_overflow": CRASHED,
    "memory/null_pointer": CRASHED,
    # Time.
    "cpu/spin": TIMED_OUT,
    "cpu/sleep": TIMED_OUT,
    "cpu/swallow_everything": TIMED_OUT,
    "cpu/ignore_signals": TIMED_OUT,
    "cpu/in_native_code": TIMED_OUT,
    "cpu/spin_in_threads": TIMED_OUT,
    "cpu/spend_budget": Expected("over_cpu", code="CPU_LIMIT", settings={"cpu-seconds": 1, "cpu": 100}),
    "cpu/throttled": answers(True, settings={"cpu": 25}, differs={"CDE": answers(None)}),
    "cpu/at_exit": answers("prompt"),
    "cpu/in_finalizer": answers("prompt"),
    "cpu/threads_left_running": answers("prompt"),
    "cpu/slow_error_text": TIMED_OUT,
    # Shared objects of the kernel.
    "ipc/system_v": REFUSED,
    "ipc/posix_queues": answers(["EPERM", True]),
    "ipc/keyrings": REFUSED,
    "ipc/named_pipe": answers("EPERM"),
    "ipc/terminal": REFUSED,
    "ipc/file_leases": REFUSED,
    # System calls.
    "calls/foreign_architecture": FOREIGN,
    "calls/x32": FOREIGN,
    "calls/unknown_number": answers(["ENOSYS", "ENOSYS"]),
    "calls/kernel_machinery": REFUSED,
    "calls/host_settings": REFUSED,
    "calls/attributes": answers([]),
    "calls/every_number": answers([]),
    # Dialogues: the run asks, the test's driver answers so many questions.
    "dialogue/ordinary_talk": answers([["heard", ["one"]], ["heard", ["two"]], ["heard", ["three"]]], settings={"answers": 3}),
    "dialogue/slow_answer": answers("heard", settings={"answers": 1, "answers-after": 1500, "time": 1000}),
    "dialogue/ask_twice": Expected(
        "protocol_broken", code="BAD_RESULT", message="before the last one", settings={"answers": 9, "answers-after": 60_000}
    ),
    "dialogue/ask_for_ever": Expected(
        "refused_by_dialogue", code="BAD_RESULT", message="no more answers", settings={"answers": 1000}
    ),
    "dialogue/never_read": Expected(
        "protocol_broken", code="BAD_RESULT", message="not read", settings={"answers": 1_000_000_000}
    ),
    "dialogue/oversized_question": Expected("protocol_broken", code="BAD_RESULT", message="bound", settings={"answers": 9}),
    "dialogue/unasked_question": TAMPERED,
    "dialogue/write_answer": answers(["EPERM", "EPERM", "file"], settings={"answers": 1}),
    "dialogue/close_channel": Expected("protocol_broken", code="BAD_RESULT", settings={"answers": 1, "answers-after": 60_000}),
    "dialogue/spin_after_answer": Expected(
        "timed_out", code="TIME_LIMIT", message="without asking for more", settings=SHORT | {"answers": 3}
    ),
    "dialogue/reply_without_waiting": answers("done", settings={"answers": 1, "answers-after": 60_000}),
    # Results that are none, and consoles that will not stop.
    "forged/exit_without_result": NO_RESULT,
    "forged/exit_status": NO_RESULT,
    "forged/abort": CRASHED,
    "forged/abort_plainly": Expected("signalled", code="CRASHED", message="SIGABRT"),
    "forged/close_channel": TAMPERED,
    "forged/junk_message": TAMPERED,
    "forged/oversized_message": TAMPERED,
    "forged/descriptor_flood": answers("flooded"),
    "forged/first_answer_counts": answers("first"),
    "forged/huge_reply": NO_RESULT,
    "forged/write_input": answers(["EPERM", "EPERM", "EPERM", "EPERM", "input"]),
    # The driver seals the output after the run, which fails while anyone can still write.
    "forged/output_writer_survives": answers("written", outputs=(4096,)),
    "forged/rewrite_large_input": answers([], settings={"large": 1}),
    "forged/large_output_writer_survives": answers("written", outputs=(4096,), settings={"large": 1}),
    # Bytes that were never written would be the engine's to pay for.
    "forged/sparse_output": Expected("protocol_broken", code="BAD_RESULT", message="67108864 bytes has holes"),
    "forged/seal_output": answers("EPERM"),
    "forged/giant_output": answers("EFBIG"),
    "forged/replace_wrapper": answers("replaced"),
    "forged/console_flood": answers("flooded", stdout=None),
    "forged/error_flood": Expected("timed_out", code="TIME_LIMIT", stderr=None, settings=SHORT),
    "forged/binary_console": answers("written", stdout=None),
    "forged/close_console": answers("silent"),
    "forged/read_input_stream": answers(""),
}
