"""Every source file is compiled: a CMakeLists.txt beside or above it names it, or a pattern there matches it."""

import fnmatch
import pathlib
import re

from source_tree import ROOT, files_named, place, text

COMPILED = ("src/wardian", "tests/unit", "tests/fuzz", "bench")


def is_listed(path: pathlib.Path) -> bool:
    folder = path.parent
    while folder != ROOT:
        lists = folder / "CMakeLists.txt"
        if lists.is_file():
            relative = path.relative_to(folder).as_posix()
            words = re.findall(r"[^\s()\"]+", re.sub(r"#.*", "", text(lists)))
            words = [re.sub(r"^\$\{CMAKE_CURRENT_SOURCE_DIR\}/", "", word) for word in words]
            if any(fnmatch.fnmatchcase(relative, word) for word in words if word != "*"):
                return True
        folder = folder.parent
    return False


def test_every_source_is_compiled():
    sources = [path for root in COMPILED for path in files_named(".cpp", ".c", under=ROOT / root)]
    unlisted = [place(path) for path in sources if not is_listed(path)]
    assert not unlisted, "\n" + "\n".join(unlisted)
