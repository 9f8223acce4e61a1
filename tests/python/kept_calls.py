"""Python calls as a query keeps them, and as a user runs them again."""

from __future__ import annotations

import pathlib
import subprocess

import pyarrow as pa
from wardian_program import ROOT, run

PYTHON = ROOT / ".venv" / "bin" / "python"


def kept(folder: pathlib.Path, query: str, *words: str, status: int = 0) -> str:
    """Runs the query, which keeps its calls in `folder`; what it said on standard error."""
    ran = run("query", "--debug-python", folder, *words, query)
    assert ran.returncode == status, ran.stderr
    return ran.stderr


def run_alone(folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """`python run.py`, as a user types it, with nothing of the program around."""
    words = [str(PYTHON), "run.py"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def result(folder: pathlib.Path) -> pa.Table:
    return pa.ipc.open_file(folder / "result.arrow").read_all()
