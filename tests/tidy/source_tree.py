"""The files of the repository, as git sees them: tracked, or new and not ignored."""

import functools
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "wardian"


@functools.cache
def files() -> tuple[pathlib.Path, ...]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    # A file that was deleted but not committed is still listed.
    return tuple(sorted({ROOT / name for name in names if name and (ROOT / name).is_file()}))


def files_named(*suffixes: str, under: pathlib.Path = ROOT) -> list[pathlib.Path]:
    return [path for path in files() if path.suffix in suffixes and under in path.parents]


@functools.cache
def text(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8")


def place(path: pathlib.Path, line: int = 0) -> str:
    """`src/wardian/kql/lexer.cpp:12`, as editors and terminals open it."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))
