"""Golden query files: each `.test` file is a list of blocks, each block one test.

    query                     or    error CODE at LINE:COLUMN
    text of the query               text of the query
    ----                            ----
    name:type  name:type            message           (may be left out)
    cell       cell                 hint: text        (may be left out)
                                    and CODE at LINE:COLUMN
                                    message, hint: of a further error, likewise

Cells are set apart by two blanks or more. null stands for null; a text that is empty, is called null, begins or ends
with a blank, holds two blanks or a line break stands as a JSON string. Results of several statements follow one another
after an empty line.
`pytest --update-queries` writes what the program answers into the files; a person reads the diff.
"""

import functools
import json
import re

import pytest
from wardian_program import ROOT, PipeProgram, run

HEAD = re.compile(r"^(query|error ([A-Z_]+) at (\d+|None):(\d+|None))$")


def pytest_addoption(parser):
    parser.addoption("--update-queries", action="store_true", help="write the program's answers into the golden files")


def pytest_collect_file(parent, file_path):
    return GoldenFile.from_parent(parent, path=file_path) if file_path.suffix == ".test" else None


class Block:
    """One query with what is expected of it; `begin` and `end` are the lines of the expectation in the file."""

    def __init__(self, head, line, query, begin, end, expected):
        self.head, self.line, self.query = head, line, query
        self.begin, self.end, self.expected = begin, end, expected


def read_blocks(lines):
    blocks, at = [], 0
    while at < len(lines):
        if not HEAD.match(lines[at]):
            at += 1
            continue
        head_at = at
        rule = lines.index("----", at)
        end = rule + 1
        while end < len(lines) and not HEAD.match(lines[end]) and not lines[end].startswith("# "):
            end += 1
        expected = lines[rule + 1 : end]
        while expected and not expected[-1].strip():
            expected.pop()
        blocks.append(Block(lines[head_at], head_at + 1, "\n".join(lines[head_at + 1 : rule]), rule + 1,
                            rule + 1 + len(expected), expected))  # fmt: skip
        at = end
    return blocks


def cell_text(value, column_type):
    if value is None:
        return "null"
    if column_type == "bool":
        return "true" if value else "false"
    if column_type == "dynamic":
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if column_type == "real" and not isinstance(value, str):
        whole = float(value).is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(float(value))
    if column_type == "string":
        plain = value and value != "null" and value == value.strip() and not re.search(r" {2}|\n", value) and value[0] != '"'
        return value if plain else json.dumps(value, ensure_ascii=False)
    return str(value)


def split_cells(line):
    """The cells of a line. JSON may hold two blanks itself: a text, an array or a bag goes to its own end."""
    cells, rest = [], line.strip()
    while rest:
        end = json_end(rest) if rest[0] in '"[{' else None
        if end is None:
            end = re.match(r"(\S| (?! ))+", rest).end()
        cells.append(rest[:end])
        rest = rest[end:].lstrip()
    return cells or [""]


def json_end(text):
    """Where the JSON value that the text begins with ends, if that is the end of a cell."""
    try:
        end = json.JSONDecoder().raw_decode(text)[1]
    except ValueError:
        return None
    return end if text[end:].startswith("  ") or not text[end:].strip() else None


@functools.cache
def program():
    """One process answers all queries, as a client with many queries would have it."""
    return PipeProgram()


def ask_for_all(query):
    """Every table of the answer; the pipe form gives the first only."""
    done = run("query", "--format", "json", "-", text=query)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["tables"]


def pytest_sessionfinish():
    if program.cache_info().currsize:
        program().close()


class GoldenFile(pytest.File):
    def collect(self):
        for block in read_blocks(self.path.read_text(encoding="utf-8").split("\n")):
            yield GoldenQuery.from_parent(self, name=f"line{block.line}", block=block)


class GoldenQuery(pytest.Item):
    def __init__(self, block, **kwargs):
        super().__init__(**kwargs)
        self.block = block

    def runtest(self):
        got_head, got = self.answer()
        if self.config.getoption("--update-queries"):
            self.update(got_head, got)
        elif self.block.head == "query":
            assert got_head == "query", f"{got_head}\n" + "\n".join("  ".join(row) for row in got)
            want = [split_cells(line) for line in self.block.expected]
            assert [row for row in got if row] == [row for row in want if row != [""]], self.difference(got)
        else:
            assert got_head == self.block.head, self.difference(got)
            if self.block.expected:
                assert [row[0] for row in got] == self.block.expected, self.difference(got)

    def answer(self):
        """The head that the answer deserves, and its lines as lists of cells."""
        answer = program().ask(self.block.query)
        if "error" in answer:
            lines = []
            for error in answer["errors"]:
                hint = [["hint: " + error["hint"]]] if error.get("hint") else []
                head = f"{error['code']} at {error.get('line')}:{error.get('column')}"
                lines += [["and " + head], [error["message"]], *hint]
            return "error " + lines[0][0].removeprefix("and "), lines[1:]
        tables = [answer]
        if "" in self.block.expected:
            tables = [
                {"columns": [c["name"] for c in t["columns"]], "types": [c["type"] for c in t["columns"]], "rows": t["rows"]}
                for t in ask_for_all(self.block.query)
            ]
        lines = []
        for table in tables:
            if lines:
                lines.append([])
            lines.append([f"{name}:{kind}" for name, kind in zip(table["columns"], table["types"], strict=True)])
            lines += [[cell_text(v, t) for v, t in zip(row, table["types"], strict=True)] for row in table["rows"]]
        return "query", lines

    def difference(self, got):
        shown = "\n".join("  ".join(row) for row in got)
        return f"\n{self.block.query}\n--- expected\n" + "\n".join(self.block.expected) + f"\n--- got\n{shown}"

    def update(self, head, got):
        lines = self.path.read_text(encoding="utf-8").split("\n")
        block = next(b for b in read_blocks(lines) if b.query == self.block.query and b.line >= self.block.line)
        columns = max((len(row) for row in got), default=0)
        widths = [max((len(row[at]) for row in got if at < len(row)), default=0) for at in range(columns)]
        text = ["  ".join(cell.ljust(widths[at]) for at, cell in enumerate(row)).rstrip() for row in got]
        lines[block.begin : block.end] = text
        lines[block.line - 1] = head
        self.path.write_text("\n".join(lines), encoding="utf-8")

    def repr_failure(self, excinfo, style=None):
        return str(excinfo.value) if isinstance(excinfo.value, AssertionError) else super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, self.block.line - 1, f"{self.path.relative_to(ROOT)}:{self.block.line}"
