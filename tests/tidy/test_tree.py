"""One concept a file, named for it; a README in each folder."""

import ast
import pathlib
import re

from source_tree import ROOT, SOURCES, files, files_named, place, text

LINES_MAX = 500
CODE = (".h", ".cpp", ".c", ".py", ".cmake", ".sh", ".ts", ".tsx")
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "stuff", "shared"}
README_ROOTS = ("src/wardian", "tests", "bench", "tools", "examples", "requirements", "cmake", "docs/decisions")


def test_files_are_short():
    long = [f"{place(path)}: {len(text(path).splitlines())} lines" for path in files_named(*CODE)
            if len(text(path).splitlines()) > LINES_MAX]  # fmt: skip
    assert not long, "\n" + "\n".join(long)


def test_names_say_something():
    words = lambda name: set(re.split(r"[_\-.]", name.lower()))  # noqa: E731
    vague = [place(path) for path in files() if any(words(part) & VAGUE for part in path.relative_to(ROOT).parts)]
    assert not vague, "\n" + "\n".join(vague)


def test_cpp_files_are_snake_case():
    odd = [place(path) for path in files_named(".h", ".cpp", ".c") if not re.fullmatch(r"[a-z0-9_]+", path.stem)]
    assert not odd, "\n" + "\n".join(odd)


def test_headers_are_guarded():
    bare = [place(path) for path in files_named(".h", under=SOURCES) if "#pragma once" not in text(path)]
    assert not bare, "\n" + "\n".join(bare)


def test_folders_have_a_readme():
    wanted: set[pathlib.Path] = set()
    for name in README_ROOTS:
        root = ROOT / name
        for path in files():
            if root not in path.parents:
                continue
            # A folder of its own meaning is a direct child of the root; what lies deeper belongs to it.
            wanted.add(root / path.relative_to(root).parts[0] if len(path.relative_to(root).parts) > 1 else root)
    # A folder with nothing but data, such as seeds or golden queries, is described by the one above it.
    described = {folder for folder in wanted if any(p.parent == folder and p.suffix in CODE + (".txt",) for p in files())}
    missing = [place(folder) for folder in sorted(described) if not (folder / "README.md").is_file()]
    assert not missing, "\n" + "\n".join(missing)


def test_layer_readmes_are_short():
    long = []
    for path in files():
        if path.name == "README.md" and path.parent.parent == SOURCES:
            lines = [line for line in text(path).splitlines() if line.strip()]
            if not 3 <= len(lines) <= 40:
                long.append(f"{place(path)}: {len(lines)} lines, want 3 to 40")
    assert not long, "\n" + "\n".join(long)


def test_version_is_the_same_everywhere():
    cmake = re.search(r"project\(wardian VERSION ([0-9.]+)", text(ROOT / "CMakeLists.txt"))[1]
    module = ast.parse(text(ROOT / "python" / "wardian" / "__init__.py"))
    (python,) = (node.value.value for node in module.body if isinstance(node, ast.Assign) and node.targets[0].id == "__version__")
    assert python == cmake
