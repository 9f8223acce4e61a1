"""Filters and columns reach the scan of a Parquet file: `explain` shows them, and groups of rows that cannot fit are not read."""

import json

import pyarrow.parquet as pq
import pytest
from wardian_program import run

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


def test_groups_of_rows_that_cannot_fit_are_not_read(sales, tmp_path):
    """Their bytes are overwritten: an hour is still answered, the whole is not."""
    query = "Sales | where {} | summarize count(), sum(amount), dcount(note)"
    hour = query.format("day between (datetime(2024-01-10) .. 1h)")
    first = 9 * 86_400  # of the rows of that hour, both ends among them
    expected = [3_601, sum(range(first, first + 3_601)) * 0.5, 97]
    broken = tmp_path / "broken.parquet"
    written = bytearray(sales.read_bytes())
    with pq.ParquetFile(sales) as file:
        groups = [file.metadata.row_group(at) for at in range(file.metadata.num_row_groups)]
    row, overwritten = 0, 0
    for group in groups:
        begin, row = row, row + group.num_rows
        if begin <= first + 3_600 and row > first:
            continue
        for at in range(group.num_columns):
            column = group.column(at)
            offset = column.dictionary_page_offset or column.data_page_offset
            written[offset : offset + column.total_compressed_size] = b"\xff" * column.total_compressed_size
        overwritten += 1
    assert overwritten >= len(groups) - 2 > 0
    broken.write_bytes(written)
    for file in (sales, broken):
        answer = json.loads(run("query", "--format", "json", "--table", f"Sales={file}", hour).stdout)
        assert answer["tables"][0]["rows"] == [expected], file
    assert run("query", "--table", f"Sales={broken}", query.format("number >= 0")).returncode == 1
