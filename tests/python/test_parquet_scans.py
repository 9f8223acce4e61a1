"""Filters and columns reach the scan of a Parquet file: `explain` shows them, and groups of rows that cannot fit are not read."""

import json
import statistics
import time

import pytest
from wardian_program import PipeProgram, run

# Twenty groups of rows, in the order of day and number; a day has 86,400 rows.
ROWS = 2_400_000
MADE = f"""\
range number from 0 to {ROWS - 1} step 1
| extend day = datetime(2024-01-01) + number * 1s, shop = strcat("shop ", 1000 + number / 1000), amount = number * 0.5,
    tag = iff(number % 2 == 0, "", "x"), note = strcat("note ", number % 97)"""


@pytest.fixture(name="sales", scope="module")
def fixture_sales(tmp_path_factory):
    file = tmp_path_factory.mktemp("parquet") / "sales.parquet"
    done = run("query", "--format", "parquet", "--output", file, MADE)
    assert done.returncode == 0, done.stderr
    return file


def scans(file, query: str) -> list[str]:
    """The lines of `explain` about the file."""
    done = run("explain", "--table", f"Sales={file}", query)
    assert done.returncode == 0, done.stderr
    return done.stdout.partition("\n-- files\n")[2].splitlines()


# The filter, the columns that are read beside those of the filter, and what the scan is given.
FILTERS = [
    ("number == 5", ["number=5"]),
    ("number between (10 .. 20)", ["number>=10", "number<=20"]),
    ("number in (1, 2, 3)", ["number"]),
    ("amount > 100", ["amount>100"]),
    ("day >= datetime(2024-01-10)", ["day>='2024-01-10 00:00:00'"]),
    ("day < datetime(2024-01-10 12:30)", ["day<'2024-01-10 12:30:00"]),
    ("day == datetime(2024-01-10)", ["day>='2024-01-10 00:00:00'", "day<'2024-01-10 00:00:00.0000001'"]),
    ("day between (datetime(2024-01-10) .. 1h)", ["day>='2024-01-10 00:00:00'", "day<'2024-01-10 01:00:00.0000001'"]),
    ("datetime(2024-01-10) < day and number > 3", ["day>='2024-01-10 00:00:00'", "number>3"]),
    ('shop == "shop 1007"', ["shop='shop 1007'"]),
    ('shop in ("shop 1001", "shop 1002")', ["shop"]),
    ('shop has "1007"', ["shop"]),
    ('shop contains "07"', ["shop"]),
    ('shop startswith "shop 10"', ["shop"]),
    ("isnotempty(tag)", ["tag"]),
]


@pytest.mark.parametrize(("condition", "told"), FILTERS)
def test_a_filter_is_on_the_scan(sales, condition, told):
    (line,) = scans(sales, f"Sales | where {condition} | summarize sum(amount)")
    columns, _, filters = line.removeprefix("columns: ").partition("; filters: ")
    assert all(each == "amount" or each in condition for each in columns.split(", ")), "no column that is not asked for"
    assert all(each in filters for each in told), line


def test_a_filter_behind_other_operators_is_on_the_scan(sales):
    query = "Sales | project at = day, amount, shop | where shop != 'x' | extend double = amount * 2 | sort by amount"
    query += " | where at > datetime(2024-01-20)"
    (line,) = scans(sales, query + " | summarize sum(double)")
    assert "day>='2024-01-20 00:00:00'" in line and line.startswith("columns: day, amount;")


def test_a_filter_that_others_depend_on_stays_above(sales):
    """prev() sees the row before, also where the filter drops that."""
    query = (
        "Sales | where number < 100000 | sort by number asc | extend before = prev(number) | where day >= datetime(2024-01-02)"
    )
    (line,) = scans(sales, query + " | summarize min(before)")
    assert "day>=" not in line
    answer = json.loads(run("query", "--format", "json", "--table", f"Sales={sales}", query + " | summarize min(before)").stdout)
    assert answer["tables"][0]["rows"] == [[86399]]


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("day >= datetime(2024-01-28)", ROWS - 27 * 86_400),
        ("day > datetime(2024-01-28)", ROWS - 27 * 86_400 - 1),
        ("day <= datetime(2024-01-02)", 86_401),
        ("day < datetime(2024-01-02)", 86_400),
        ("day between (datetime(2024-01-10) .. 1h)", 3_601),
        ("day == datetime(2024-01-10 00:00:01)", 1),
        ("day < datetime(1500-01-01) or day > datetime(9999-01-01)", 0),
        ("day > datetime(1500-01-01) and day < datetime(9999-01-01)", ROWS),
        ('shop in ("shop 1001", "shop 1002")', 2_000),
        ('shop == "shop 1001" or shop == ""', 1_000),
    ],
)
def test_the_rows_are_the_same(sales, condition, rows):
    answer = json.loads(
        run("query", "--format", "json", "--table", f"Sales={sales}", f"Sales | where {condition} | count").stdout
    )
    assert answer["tables"][0]["rows"] == [[rows]]


def test_groups_of_rows_are_passed_over(sales):
    """One hour of a file in the order of time takes a fraction of the time that the whole takes."""
    program = PipeProgram("--table", f"Sales={sales}")

    def milliseconds(condition: str) -> float:
        times = []
        for _ in range(7):
            begin = time.perf_counter()
            program.rows(f"Sales | where {condition} | summarize sum(amount), dcount(note), max(strlen(shop))")
            times.append((time.perf_counter() - begin) * 1000)
        return statistics.median(times)

    whole = milliseconds("day >= datetime(2024-01-01)")
    hour = milliseconds("day between (datetime(2024-01-10) .. 1h)")
    assert hour < whole / 3, f"{hour:.1f} ms of {whole:.1f} ms"
