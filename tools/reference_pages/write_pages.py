#!/usr/bin/env python3
"""Write the reference: a page for each function, operator, plugin and statement, and the coverage report.

    write_pages.py [--check]

The rows are those that the binder reads (build/release/tools/reference_pages), the examples are golden queries. --check
writes nothing; it fails if a documented name is neither built nor accounted for.
"""

from __future__ import annotations

import collections
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

from golden_examples import ROOT, Example, example_of

DOCS = ROOT / "docs"
COVERAGE = DOCS / "coverage"
PROGRAM = ROOT / "build" / "release" / "tools" / "reference_pages" / "reference_pages"
FOLDERS = {"function": "functions", "aggregate": "functions", "window function": "functions", "operator": "operators",
           "scalar operator": "operators", "plugin": "operators", "statement": "operators"}  # fmt: skip
TITLES = {"function": "Scalar functions", "aggregate": "Aggregates of summarize", "window function": "Functions of the row order",
          "operator": "Operators over tables", "scalar operator": "Operators between values", "plugin": "Plugins of evaluate",
          "statement": "Statements"}  # fmt: skip
WRITTEN = "Written by `make docs` from the tables that the binder reads; do not edit."


@dataclass
class Entry:
    """One name; its forms are grouped by the sentence that they share."""

    kind: str
    name: str
    built: bool = True
    forms: dict[str, list[str]] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """The file's name: letters, digits and _ of the name, other signs spelled."""
        spelled = {"!": "not-", "~": "-tilde", "=": "-equal", "<": "-less", ">": "-greater", "%": "percent", "*": "times",
                   "+": "plus", "/": "divided", " ": "-"}  # fmt: skip
        if self.name == "-":
            return "minus.md"
        text = "".join(spelled.get(sign, sign) for sign in self.name).strip("-")
        return {"plugin": f"evaluate-{text}.md", "aggregate": f"{text}-aggregate.md"}.get(self.kind, f"{text}.md")


def entries() -> list[Entry]:
    done = subprocess.run([PROGRAM], capture_output=True, text=True, check=True)
    found: dict[tuple[str, str], Entry] = {}
    for row in map(json.loads, done.stdout.splitlines()):
        entry = found.setdefault((row["kind"], row["name"]), Entry(row["kind"], row["name"], row["built"]))
        entry.forms.setdefault(row["summary"], []).append(row["form"])
    return sorted(found.values(), key=lambda entry: (entry.kind, entry.name))


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def example_text(example: Example) -> str:
    header = [column.rpartition(":")[0] for column in example.header]
    rows = [header, ["---"] * len(header), *example.rows]
    table = "\n".join("| " + " | ".join(text if text == "---" else cell(text) for text in row) + " |" for row in rows)
    types = ", ".join(f"`{column}`" for column in example.header)
    where = example.source.relative_to(ROOT).as_posix()
    return f"## Example\n\n```kql\n{example.query}\n```\n\n{table}\n\nColumns: {types}. From `{where}`, which the tests run.\n"


def page_text(entry: Entry) -> str:
    out = f"# {cell(entry.name)}\n\n{TITLES[entry.kind]}. {WRITTEN}\n\n"
    for summary, forms in entry.forms.items():
        out += "```text\n" + "\n".join(forms) + f"\n```\n\n{summary}\n\n"
    example = example_of(entry.kind, entry.name)
    return out + (example_text(example) if example else "")


def rows_of(file: str) -> list[list[str]]:
    lines = (COVERAGE / file).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def states(built: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Of each documented name: `built`, `declined: reason`, `missing: what is known of it` or `silently missing`."""
    declined = {(kind, name): reason for kind, name, reason in rows_of("declined.tsv")}
    missing = {(kind, name) for kind, name in rows_of("missing.tsv")}
    found = {}
    for kind, name in rows_of("names.tsv"):
        # Some functions stand on a page of another kind than the one that our tables have them in.
        kinds = ("function", "aggregate", "window function") if "function" in kind or kind == "aggregate" else (kind,)
        key = (kind, name)
        if key in declined:
            found[key] = f"declined: {declined[key]}"
        elif any((each, name) in built for each in kinds):
            found[key] = "built"
        else:
            found[key] = "missing" if key in missing else "silently missing"
    return found


def report(found: dict[tuple[str, str], str], extra: list[Entry]) -> str:
    kinds = list(dict.fromkeys(kind for kind, _ in found))
    counts = {kind: collections.Counter(state.split(":")[0] for (of, _), state in found.items() if of == kind) for kind in kinds}
    out = f"# Coverage of the language\n\n{WRITTEN} What the language's documentation names, and whether it is here.\n\n"
    out += "| kind | names | built | declined | missing |\n|---|---|---|---|---|\n"
    for kind, count in counts.items():
        total = sum(count.values())
        out += f"| {kind} | {total} | {count['built']} | {count['declined']} | {count['missing'] + count['silently missing']} |\n"
    for kind in kinds:
        out += f"\n## {TITLES[kind]}\n\n| name | state |\n|---|---|\n"
        out += "".join(f"| `{cell(name)}` | {state} |\n" for (of, name), state in found.items() if of == kind)
    if extra:
        out += "\n## Beyond the documentation\n\n" + ", ".join(f"`{entry.name}`" for entry in extra) + "\n"
    return out


def write(all_entries: list[Entry], found: dict[tuple[str, str], str]) -> None:
    for folder in sorted(set(FOLDERS.values())):
        shutil.rmtree(DOCS / folder, ignore_errors=True)
        (DOCS / folder).mkdir()
        inside = [entry for entry in all_entries if FOLDERS[entry.kind] == folder and entry.built]
        index = f"# {folder.capitalize()}\n\n{WRITTEN} [How a signature is read](../kql.md#how-a-signature-is-read).\n"
        for kind in dict.fromkeys(entry.kind for entry in inside):
            links = [f"[{cell(entry.name)}]({entry.page})" for entry in inside if entry.kind == kind]
            index += f"\n## {TITLES[kind]}\n\n{' · '.join(links)}\n"
        (DOCS / folder / "README.md").write_text(index, encoding="utf-8")
        for entry in inside:
            (DOCS / folder / entry.page).write_text(page_text(entry), encoding="utf-8")
    extra = [entry for entry in all_entries if entry.built and (entry.kind, entry.name) not in found]
    (COVERAGE / "report.md").write_text(report(found, extra), encoding="utf-8")


def main() -> int:
    all_entries = entries()
    found = states({(entry.kind, entry.name) for entry in all_entries if entry.built})
    silent = [f"{kind} {name}" for (kind, name), state in found.items() if state == "silently missing"]
    for line in silent:
        print(f"neither built, nor declined, nor listed as missing: {line}")
    if "--check" not in sys.argv[1:]:
        write(all_entries, found)
        built = sum(state == "built" for state in found.values())
        print(f"docs/functions, docs/operators, docs/coverage/report.md: {built} of {len(found)} documented names are built")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
