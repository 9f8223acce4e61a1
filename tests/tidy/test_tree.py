"""One concept a file, named for it; a README in each folder."""

import ast
import pathlib
import re

from source_tree import ROOT, SOURCES, files, files_named, place, text

LINES_MAX = 400
CODE = (".h", ".cpp", ".c", ".py", ".cmake", ".sh", ".ts", ".tsx")
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "stuff", "shared"}
PRESCRIBED = {"sandbox_utils.py"}  # by the language's documentation, which says what scripts import
README_LINES_MIN, README_LINES_MAX = 5, 30


def test_files_are_short():
    long = [f"{place(path)}: {len(text(path).splitlines())} lines" for path in files_named(*CODE)
            if len(text(path).splitlines()) > LINES_MAX]  # fmt: skip
    assert not long, "\n" + "\n".join(long)


def test_names_say_something():
    words = lambda name: set(re.split(r"[_\-.]", name.lower()))  # noqa: E731
    vague = [place(path) for path in files() if any(words(part) & VAGUE for part in path.relative_to(ROOT).parts)
             if path.name not in PRESCRIBED]  # fmt: skip
    assert not vague, "\n" + "\n".join(vague)


def test_cpp_files_are_snake_case():
    odd = [place(path) for path in files_named(".h", ".cpp", ".c") if not re.fullmatch(r"[a-z0-9_]+", path.stem)]
    assert not odd, "\n" + "\n".join(odd)


def test_headers_are_guarded():
    bare = [place(path) for path in files_named(".h", under=SOURCES) if "#pragma once" not in text(path)]
    assert not bare, "\n" + "\n".join(bare)


def folders() -> set[pathlib.Path]:
    """Every folder that holds a file, at whatever depth; the root and those of other tools (`.ci`) aside."""
    found = {folder for path in files() for folder in path.parents if ROOT in folder.parents}
    return {folder for folder in found if not any(part.startswith(".") for part in folder.relative_to(ROOT).parts)}


def test_folders_have_a_readme():
    missing = []
    for folder in sorted(folders()):
        if (folder / "README.md").is_file():
            continue
        # The folders below one of tests/ hold cases of one kind; the nearest README above may stand for them if it names each.
        above = next(parent for parent in folder.parents if (parent / "README.md").is_file())
        named = f"`{folder.relative_to(above).as_posix()}/`" in text(above / "README.md")
        if not (named and ROOT / "tests" in above.parents):
            missing.append(f"{place(folder)}: no README.md" + ("" if named else f", and that of {place(above)} does not name it"))
    assert not missing, "\n" + "\n".join(missing)


def test_readmes_are_short():
    wrong = []
    for folder in sorted(folders()):
        path = folder / "README.md"
        if path.is_file() and not README_LINES_MIN <= (lines := len(text(path).splitlines())) <= README_LINES_MAX:
            wrong.append(f"{place(path)}: {lines} lines, want {README_LINES_MIN} to {README_LINES_MAX}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_version_is_the_same_everywhere():
    cmake = re.search(r"project\(wardian VERSION ([0-9.]+)", text(ROOT / "CMakeLists.txt"))[1]
    module = ast.parse(text(ROOT / "python" / "wardian" / "__init__.py"))
    (python,) = (node.value.value for node in module.body if isinstance(node, ast.Assign) and node.targets[0].id == "__version__")
    assert python == cmake
