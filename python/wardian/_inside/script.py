"""A script's text as code, and its failures as a traceback in the script's own lines."""

from __future__ import annotations

import ast
import builtins
import contextlib
import errno
import io
import linecache
import sys
import textwrap
import traceback
import types
from collections.abc import Iterator
from typing import Any

from wardian._inside.failures import shown

NAME = "<script>"
_REPORT_BYTES_MAX = 40_000
_CAUSES_MAX = 16
_names: dict[str, Any] = {}  # the globals of the script that runs


class Failure(Exception):
    """The script raised: `summary` is the exception in one line, `line` where the script stood, `report` the traceback,
    `code` the name of our error code."""

    def __init__(self, summary: str, line: int | None, report: str, code: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.line = line
        self.report = report
        self.code = code


def compile_script(text: str) -> types.CodeType:
    """Code whose line numbers are those of the literal.

    Scripts stand within queries, so they are often indented as a whole, or from their second line on. The first kind is
    put under an `if 1:` (their strings stay as they are), the second loses the common indentation of the other lines.
    """
    text = text.replace("\r\n", "\n").replace("\0", "")
    # Lines as Python parts them, which is at fewer characters than str.splitlines.
    linecache.cache[NAME] = (len(text), None, io.StringIO(text, newline=None).readlines(), NAME)
    first = next((line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
    if first[:1] in (" ", "\t"):
        if not _parses_under_if(text):
            return compile(textwrap.dedent(text), NAME, "exec", dont_inherit=True)
        tree = ast.increment_lineno(ast.parse("if 1:\n" + text, NAME), -1)
        return compile(_without_if(tree), NAME, "exec", dont_inherit=True)
    try:
        if "__future__" in text:
            return compile(_without_if(ast.parse(text, NAME)), NAME, "exec", dont_inherit=True)
        return compile(text, NAME, "exec", dont_inherit=True)
    except IndentationError:
        head, _, rest = text.partition("\n")
        if rest[:1] not in (" ", "\t") or head.rstrip().endswith(":"):
            raise
        return compile(head + "\n" + textwrap.dedent(rest), NAME, "exec", dont_inherit=True)


def _without_if(tree: ast.Module) -> ast.Module:
    """The module without a leading `if 1:` around its beginning, where `from __future__` may not stand."""
    first = tree.body[0] if tree.body else None
    if isinstance(first, ast.If) and isinstance(first.test, ast.Constant) and first.test.value and not first.orelse:
        tree.body[:1] = first.body
    return tree


def _parses_under_if(text: str) -> bool:
    try:
        ast.parse("if 1:\n" + text)
    except SyntaxError:
        return False
    return True


def run(text: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Runs the script with `variables` as its globals; returns its globals. Raises Failure."""
    names = main_module(variables)
    try:
        exec(compile_script(text), names)
    except BaseException as raised:
        raise _failure(raised) from None
    finally:
        _flush()
    return names


def main_module(variables: dict[str, Any]) -> dict[str, Any]:
    """The globals of a new `__main__` that has these variables."""
    module = types.ModuleType("__main__")
    module.__dict__.update(variables)
    module.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = module
    global _names  # noqa: PLW0603 - of this process, which serves one call
    _names = module.__dict__
    return module.__dict__


def is_of_script(frame: types.FrameType) -> bool:
    """Whether it runs code of this very script: functions out of a blob have the same file's name, and lines of another text."""
    return frame.f_code.co_filename == NAME and frame.f_globals is _names


@contextlib.contextmanager
def failures_told() -> Iterator[None]:
    """Around code of the script's: what it raises becomes a Failure."""
    try:
        yield
    except BaseException as raised:
        raise _failure(raised) from None
    finally:
        _flush()


def _headline(text: str, at_the_end: bool) -> str:
    """The line of an exception's text that names it: the first (and what follows, if it says no more than the name), but of a
    syntax error the last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if at_the_end or len(lines) < 2:
        return lines[-1] if lines else ""
    return " ".join(lines[:2]) if lines[0].endswith(":") else lines[0]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(BaseException):  # a script may have closed or replaced them
            stream.flush()


def _failure(raised: BaseException) -> Failure:
    # The frames above the script's first are ours.
    frames = raised.__traceback__
    while frames is not None and not is_of_script(frames.tb_frame):
        frames = frames.tb_next
    line = None
    step = frames
    while step is not None:
        if is_of_script(step.tb_frame):
            line = step.tb_lineno
        step = step.tb_next
    if isinstance(raised, SyntaxError) and raised.filename == NAME and frames is None:
        line = raised.lineno
    told = traceback.TracebackException(type(raised), raised, frames, compact=True)
    _name_others(told.stack, frames)
    try:
        report = "".join(told.format())
        summary = _headline("".join(traceback.format_exception_only(type(raised), raised)), isinstance(raised, SyntaxError))
    except BaseException:
        report = summary = type(raised).__name__
    encoded = report.encode("utf-8", "replace")
    if len(encoded) > _REPORT_BYTES_MAX:
        half = _REPORT_BYTES_MAX // 2
        report = encoded[:half].decode("utf-8", "ignore") + "\n  …\n" + encoded[-half:].decode("utf-8", "ignore")
    if isinstance(raised, SystemExit):
        # Whatever was given to exit stands there: a whole frame, or what cannot even be shown.
        given = "" if raised.code is None else f" ({shown(raised.code)})"
        summary = f"SystemExit: the script called exit{given} before it ended, so its results do not count"
    return Failure(summary[:2000], line, report, _code(raised))


def _name_others(stack: traceback.StackSummary, step: types.TracebackType | None) -> None:
    """Frames of other scripts, which only look like lines of this one."""
    for place, frame in enumerate(stack):
        if step is None:
            return
        if frame.filename == NAME and not is_of_script(step.tb_frame):
            stack[place] = traceback.FrameSummary("<another script>", frame.lineno, frame.name, lookup_line=False, line="")
        step = step.tb_next


def _code(raised: BaseException) -> str:
    if isinstance(raised, MemoryError):
        return "memory_limit"
    # A library may have wrapped what it met; scratch is all that a script can fill.
    for _ in range(_CAUSES_MAX):
        if isinstance(raised, OSError) and raised.errno in (errno.ENOSPC, errno.EDQUOT):
            return "scratch_limit"
        raised = raised.__cause__ or (None if raised.__suppress_context__ else raised.__context__)
        if raised is None:
            break
    return "script_error"
