"""The program as the tests use it: once with words, or as one process that answers many queries."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from collections.abc import Sequence
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The conformance cases, where there are any: beside the checkout.
CASES = ROOT.parent / "shared" / "conformance" / "kql"
WARDIAN = os.environ.get("WARDIAN_PROGRAM", str(ROOT / ".venv" / "bin" / "wardian"))


def run(
    *words: Any, text: str | None = None, program: Sequence[str] = (WARDIAN,), **options: Any
) -> subprocess.CompletedProcess[str]:
    """The program with `words`, fed `text`; without `text` its standard input is empty. `program`: with words before it."""
    source = {"stdin": subprocess.DEVNULL} if text is None else {"input": text}
    settings = {"capture_output": True, "text": True, "timeout": 120, "check": False} | source | options
    return subprocess.run([*program, *map(str, words)], **settings)


class PipeProgram:
    """One `wardian query --jsonl` for many queries."""

    def __init__(self, *words: str, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [WARDIAN, "query", "--jsonl", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=env,
        )  # fmt: skip

    def ask(self, query: str) -> dict[str, Any]:
        self.process.stdin.write(json.dumps({"id": "1", "query": query}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the program ended with {self.process.wait()}"
        return json.loads(line)

    def rows(self, query: str) -> list[list[Any]]:
        answer = self.ask(query)
        assert "error" not in answer, answer["error"]
        return answer["rows"]

    def error(self, query: str) -> dict[str, Any]:
        answer = self.ask(query)
        assert "error" in answer, answer
        return answer["error"]

    def close(self) -> None:
        self.process.stdin.close()
        assert self.process.wait(timeout=30) == 0
