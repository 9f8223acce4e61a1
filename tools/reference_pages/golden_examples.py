"""Examples for the reference: golden queries of the tests, whose answers come from outside and are compared by each run."""

from __future__ import annotations

import functools
import importlib.util
import pathlib
import re
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUERIES = ROOT / "tests" / "queries"


def golden_form():
    """The module that reads golden files, under a name that no other conftest.py has."""
    sys.path.insert(0, str(ROOT / "tests" / "python"))
    spec = importlib.util.spec_from_file_location("golden_form", QUERIES / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOLDEN = golden_form()

ROWS_MAX, WIDTH_MAX = 12, 160


@dataclass(frozen=True)
class Example:
    query: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: pathlib.Path

    @property
    def burden(self) -> int:
        """How much a reader has to take in; what calls much else says little of one name."""
        written_for_pages = self.source.parent.name == "reference"
        cells = sum(len(cell) for row in (self.header, *self.rows) for cell in row)
        calls = len(re.findall(r"\w\s*\(", without_texts(self.query)))
        odd = 500 * (not self.rows or ") []" in self.query or "python(" in self.query)
        return (0 if written_for_pages else 200) + len(self.query) + 2 * cells + 30 * calls + odd


@functools.cache
def golden_examples() -> tuple[Example, ...]:
    """All golden queries with an answer of one table that fits a page, the easiest to read first."""
    found = []
    for path in sorted(QUERIES.rglob("*.test")):
        for block in GOLDEN.read_blocks(path.read_text(encoding="utf-8").split("\n")):
            if block.head != "query" or "" in block.expected or not 1 < len(block.expected) <= ROWS_MAX + 1:
                continue
            header, *rows = (tuple(GOLDEN.split_cells(line)) for line in block.expected)
            fits = all(len(row) == len(header) and sum(map(len, row)) <= WIDTH_MAX for row in (header, *rows))
            if fits and max(map(len, block.query.split("\n"))) <= WIDTH_MAX:
                found.append(Example(block.query, header, tuple(rows), path))
    return tuple(sorted(found, key=lambda example: (example.burden, example.query)))


def without_texts(query: str) -> str:
    """The query without what stands in quotes or comments."""
    return re.sub(r"//[^\n]*|@?'(?:\\.|[^'\\\n])*'|@?\"(?:\\.|[^\"\\\n])*\"", "''", query)


def pattern_of(kind: str, name: str) -> re.Pattern[str]:
    """What a query that uses the name looks like."""
    word = re.escape(name).replace(r"\ ", r"\s+")
    if kind in ("function", "aggregate", "window function"):
        return re.compile(rf"(?<![\w.]){word}\s*\(")
    if kind == "plugin":
        return re.compile(rf"\bevaluate\b[^|]*\b{word}\s*\(")
    if kind == "operator":
        spelled = {"sort": "(?:sort|order)", "take": "(?:take|limit)"}.get(name, word)
        return re.compile(rf"(?:^|[|;(]\s*){spelled}(?![\w-])", re.MULTILINE)
    if kind == "statement":
        return re.compile(rf"(?:^|;\s*){word}(?!\w)", re.MULTILINE)
    edge = r"(?<!\w)" if name[0].isalnum() else r"(?<![!=<>~])"
    return re.compile(rf"{edge}{word}(?![\w~=])" if name[-1].isalnum() or name[-1] == "~" else rf"{edge}{word}(?![=~>])")


def example_of(kind: str, name: str) -> Example | None:
    """The golden query that shows the use of the name best."""
    pattern = pattern_of(kind, name)
    return next((example for example in golden_examples() if pattern.search(without_texts(example.query))), None)
