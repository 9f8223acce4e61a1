"""A folder of src/wardian is a layer: it includes and links lower layers only."""

import pathlib
import re
from collections.abc import Iterator

from source_tree import SOURCES, files_named, place, text

RANK = {
    "base": 0,
    "columnar": 1, "kernels": 1, "process": 1,
    "geo": 2, "sandbox": 2, "engine": 2, "sqltree": 2, "algorithm": 2, "learn": 2, "xdf": 2,
    "image": 3, "pyrun": 3, "catalog": 3, "plan": 3,
    "kql": 4, "tsql": 4,
    "session": 5,
    "experiment": 6,
    "server": 7,
    "cli": 8,
}  # fmt: skip

INCLUDE = re.compile(r'\s*#\s*include\s*["<]wardian/(\w+)/')
LAYER_CALL = re.compile(r"wardian_layer\((\w+)(.*?)\)", re.DOTALL)
ENGINE_INCLUDE = re.compile(r'\s*#\s*include\s*[<"]duckdb')
ARROW_INCLUDE = re.compile(r'\s*#\s*include\s*[<"](arrow|parquet)/')


def layer_of(path: pathlib.Path) -> str:
    return path.relative_to(SOURCES).parts[0]


def lines_of(*suffixes: str) -> Iterator[tuple[pathlib.Path, int, str]]:
    for path in files_named(*suffixes, under=SOURCES):
        for number, line in enumerate(text(path).splitlines(), start=1):
            yield path, number, line


def upward_includes() -> Iterator[str]:
    for path, number, line in lines_of(".h", ".cpp", ".c"):
        found = INCLUDE.match(line)
        if found and len(path.relative_to(SOURCES).parts) > 1:
            here, there = layer_of(path), found[1]
            if there != here and RANK.get(there, 99) >= RANK[here]:
                yield f"{place(path, number)}: {here} may not include {there}"


def test_every_folder_has_a_rank():
    folders = {layer_of(path) for path in files_named(".h", ".cpp", ".c", under=SOURCES)}
    assert sorted(folders - set(RANK)) == []


def test_includes_point_to_lower_layers():
    found = list(upward_includes())
    assert not found, "\n" + "\n".join(found)


def test_linked_layers_are_lower():
    wrong = []
    for path in files_named(".txt", under=SOURCES):
        for name, arguments in LAYER_CALL.findall(text(path)):
            depends = re.search(r"DEPENDS\s+(.*?)(?:LIBRARIES|SOURCES|$)", arguments, re.DOTALL)
            for lower in depends[1].split() if depends else []:
                if lower in RANK and RANK[lower] >= RANK[name]:
                    wrong.append(f"{place(path)}: {name} may not depend on {lower}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_only_the_engine_includes_duckdb():
    wrong = [place(p, n) for p, n, line in lines_of(".h", ".cpp", ".c") if ENGINE_INCLUDE.match(line) and layer_of(p) != "engine"]
    assert not wrong, "\n" + "\n".join(wrong)


def test_no_header_includes_arrow():
    # An Arrow header costs four seconds in each file that sees it.
    wrong = [place(path, number) for path, number, line in lines_of(".h") if ARROW_INCLUDE.match(line)]
    assert not wrong, "\n" + "\n".join(wrong)
