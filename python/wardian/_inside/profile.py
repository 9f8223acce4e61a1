"""Where the time and the memory of one call went, for `wardian profile`.

Only the script's own lines are counted, and what they call is part of them. From Python 3.12 on the interpreter is asked for the
events of the script's code alone, before that for those of every call, which costs library code a little.
"""

from __future__ import annotations

import importlib._bootstrap
import os
import sys
import threading
import types
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

from wardian._inside import script

# A reply has its bound, and holds the outputs' columns as well.
_LINES_MAX = 400
_IMPORTS_MAX = 40
_NAME_LENGTH_MAX = 100
# Memory is looked at after what took so long; shorter steps are looked at together, every so many.
_LOOK_NS = 50_000
_LOOK_STEPS = 256
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# Called for each module that is not there yet, by whichever way it is imported; nothing else is told of all of them.
_IMPORT = importlib._bootstrap._find_and_load.__code__


class _Thread(threading.local):
    """Where one thread stands: the lines of its frames of the script, innermost last, and the packages being imported."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self.since = 0
        self.packages: list[str] = []
        self.import_since = 0


class Profile:
    """What one call has cost so far. Made when the call begins."""

    def __init__(self) -> None:
        self._begun = perf_counter_ns()
        self._inputs = self._script = 0
        self._script_ended = self._begun
        self._lines: dict[int, list[int]] = {}  # line → hits, nanoseconds, bytes
        self._imports: dict[str, int] = {}
        self._thread = _Thread()
        self._steps = self._memory = 0
        try:
            self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # memory stays unknown
            self._statm = -1

    def counted(self, run: Callable[[], Any]) -> Any:
        """What `run` returns, which runs the script."""
        begun = perf_counter_ns()
        self._inputs = begun - self._begun
        self._memory = self._own_pages()
        stop = self._monitor() if hasattr(sys, "monitoring") else self._trace()
        try:
            return run()
        finally:
            stop()
            self._script_ended = perf_counter_ns()
            self._script = self._script_ended - begun

    def told(self) -> dict[str, Any]:
        """All of it, for the reply."""
        if not self._script:  # the call ended before its script
            self._inputs, self._script_ended = perf_counter_ns() - self._begun, perf_counter_ns()
        lines = sorted(self._lines.items(), key=lambda entry: entry[1][1], reverse=True)
        imports = sorted(self._imports.items(), key=lambda entry: entry[1], reverse=True)
        return {
            "inputs": self._inputs,
            "script": self._script,
            "outputs": perf_counter_ns() - self._script_ended,
            "lines": [[line, *cost] for line, cost in lines[:_LINES_MAX]],
            "lines_left_out": max(0, len(lines) - _LINES_MAX),
            "imports": [[name[:_NAME_LENGTH_MAX], time] for name, time in imports[:_IMPORTS_MAX]],
            "imports_total": sum(self._imports.values()),
        }

    # What happens, in whichever way it is heard of.

    def _enter(self) -> None:
        thread = self._thread
        self._charge(thread)
        thread.lines.append(0)
        thread.since = perf_counter_ns()

    def _reach(self, line: int) -> None:
        thread = self._thread
        if not thread.lines:  # entered before anybody counted
            thread.lines.append(0)
        self._charge(thread)
        thread.lines[-1] = line
        cost = self._lines.get(line)
        if cost is None:
            cost = self._lines[line] = [0, 0, 0]
        cost[0] += 1
        thread.since = perf_counter_ns()

    def _leave(self) -> None:
        thread = self._thread
        self._charge(thread)
        if thread.lines:
            thread.lines.pop()
        thread.since = perf_counter_ns()

    def _charge(self, thread: _Thread) -> None:
        """The time since the last event, and what memory has grown by, to the line that the thread stood on."""
        if not thread.lines:
            return
        spent = perf_counter_ns() - thread.since
        cost = self._lines.get(thread.lines[-1])
        if cost is None:
            return
        cost[1] += spent
        self._steps += 1
        if spent >= _LOOK_NS or self._steps >= _LOOK_STEPS:
            self._steps = 0
            pages = self._own_pages()
            cost[2] += (pages - self._memory) * _PAGE_BYTES
            self._memory = pages

    def _own_pages(self) -> int:
        """Memory that is this process' alone: not what it reads of its input's file."""
        if self._statm < 0:
            return 0
        try:
            words = os.pread(self._statm, 128, 0).split(None, 3)
        except OSError:  # the script has closed it
            return self._memory
        return int(words[1]) - int(words[2])

    def _begin_import(self, name: object) -> None:
        thread, now = self._thread, perf_counter_ns()
        if thread.packages:
            self._spend(thread.packages[-1], now - thread.import_since)
        thread.packages.append(str(name).partition(".")[0])
        thread.import_since = perf_counter_ns()

    def _end_import(self) -> None:
        thread, now = self._thread, perf_counter_ns()
        if thread.packages:
            self._spend(thread.packages.pop(), now - thread.import_since)
        thread.import_since = perf_counter_ns()

    def _spend(self, package: str, time: int) -> None:
        self._imports[package] = self._imports.get(package, 0) + time

    # Up to Python 3.11.

    def _trace(self) -> Callable[[], None]:
        def in_script(frame: types.FrameType, event: str, _argument: object) -> Any:
            if event == "line":
                self._reach(frame.f_lineno)
            elif event == "return":
                self._leave()
            return in_script

        def in_import(_frame: types.FrameType, event: str, _argument: object) -> Any:
            if event == "return":
                self._end_import()
            return in_import

        def anywhere(frame: types.FrameType, event: str, _argument: object) -> Any:
            code = frame.f_code
            if script.is_of_script(frame):
                self._enter()
                return in_script
            if code is _IMPORT:
                frame.f_trace_lines = False
                self._begin_import(frame.f_locals["name"])
                return in_import
            return None

        def stop() -> None:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]

        threading.settrace(anywhere)
        sys.settrace(anywhere)
        return stop

    # From Python 3.12 on.

    def _monitor(self) -> Callable[[], None]:
        monitoring = sys.monitoring
        events = monitoring.events
        tool = next((number for number in (monitoring.PROFILER_ID, 3, 4) if monitoring.get_tool(number) is None), None)
        if tool is None:
            return lambda: None
        monitoring.use_tool_id(tool, "wardian")
        ours: set[types.CodeType] = set()
        original = script.compile_script

        def begin(code: types.CodeType, _offset: int) -> None:
            if code is _IMPORT:
                self._begin_import(sys._getframe(1).f_locals["name"])
            else:
                self._enter()

        def end(code: types.CodeType, _offset: int, _value: object) -> None:
            if code is _IMPORT:
                self._end_import()
            else:
                self._leave()

        def unwind(code: types.CodeType, offset: int, exception: object) -> None:
            if code is _IMPORT or code in ours:
                end(code, offset, exception)

        def throw(code: types.CodeType, _offset: int, _exception: object) -> None:
            if code in ours:
                self._enter()

        def watch(code: types.CodeType) -> None:
            ours.add(code)
            monitoring.set_local_events(
                tool, code, events.PY_START | events.PY_RESUME | events.LINE | events.PY_RETURN | events.PY_YIELD
            )
            for constant in code.co_consts:
                if isinstance(constant, types.CodeType):
                    watch(constant)

        def compiled(text: str) -> types.CodeType:
            code = original(text)
            watch(code)
            return code

        def stop() -> None:
            script.compile_script = original
            monitoring.set_events(tool, 0)
            for code in (*ours, _IMPORT):
                monitoring.set_local_events(tool, code, 0)
            monitoring.free_tool_id(tool)

        script.compile_script = compiled
        monitoring.register_callback(tool, events.PY_START, begin)
        monitoring.register_callback(tool, events.PY_RESUME, begin)
        monitoring.register_callback(tool, events.PY_THROW, throw)
        monitoring.register_callback(tool, events.LINE, lambda _code, line: self._reach(line))
        monitoring.register_callback(tool, events.PY_RETURN, end)
        monitoring.register_callback(tool, events.PY_YIELD, end)
        monitoring.register_callback(tool, events.PY_UNWIND, unwind)
        monitoring.set_events(tool, events.PY_UNWIND | events.PY_THROW)
        monitoring.set_local_events(tool, _IMPORT, events.PY_START | events.PY_RETURN)
        return stop
