"""Fixtures of many files here: the program as one process for the queries of a file, a database folder, images."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest
from image_store import empty, environment, images, markers, new, old  # noqa: F401 - fixtures, each made once for all files
from wardian_program import CASES, PipeProgram, run

collect_ignore = [] if CASES.is_dir() else ["test_functions_library.py"]


@pytest.fixture(scope="module")
def wardian(request: pytest.FixtureRequest) -> Iterator[PipeProgram]:
    """Started with the PROGRAM_WORDS of the file, where it has any."""
    program = PipeProgram(*getattr(request.module, "PROGRAM_WORDS", ()))
    yield program
    program.close()


@pytest.fixture
def database(tmp_path: pathlib.Path) -> pathlib.Path:
    """With a table T of one row, x = 1."""
    (tmp_path / "one.csv").write_text("x\n1\n")
    assert run("import", tmp_path / "one.csv", "--table", "T", "--db", tmp_path / "db").returncode == 0
    return tmp_path / "db"
