"""Files of separated values at their edges: every line counts, and an error names file and line.

Expected values are those written into the files here, or stated by RFC 4180 and the documentation of todatetime().
"""

import json

import numpy as np
import pyarrow as pa
import pytest
from wardian_program import run


def shown(file, query="T", *words):
    return run("query", query, "--table", f"T={file}", "--format", "jsonl", *words)


RAGGED = [
    ("a,b,c\n1,2,3\n4,5\n6,7,8\n", "line 3 has 2 fields where 3 are expected: 4,5"),
    ("a,b,c\n1,2,3\n4,5,6,7\n", "line 3 has more than 3 fields: 4,5,6,7"),
    ("a,b,c\n1,2\n3,4\n", "line 2 has 2 fields where 3 are expected: 1,2"),
    ("a,b\n1,2,3\n4,5,6\n", "line 2 has more than 2 fields: 1,2,3"),
    ("a;b\n1;2\n3\n", "line 3 has 1 field where 2 are expected: 3"),
    ("some title\na,b,c\n1,2,3\n4,5,6\n", "line 2 has more than 1 field: a,b,c"),
    ("# a comment\na,b\n1,2\n", "line 2 has more than 1 field: a,b"),
    # Lines are counted as records: a line end within quotes ends none.
    ('x,y\n"a\nb",1\n"c",2,3\n', 'line 3 has more than 2 fields: "c",2,3'),
    ("a,b,c\n" + "1,2,3\n" * 30_000 + "4,5\n", "line 30002 has 2 fields where 3 are expected: 4,5"),
    ('a,b\n1,"x\n2,3\n', "line 2 opens a quote that is never closed"),
    ("a,b\n1," + "x" * 3_000_000 + "\n", "is longer than 2000000 bytes: 1,xxx"),
    ("a,b\n" + "1,2\n" * 30_000 + "1,2\r3,4\n", "its lines end in different ways"),
    ("a,b\n1,2\r\n3,4\n", "its lines fit no layout of separated values"),
]


@pytest.mark.parametrize(("text", "told"), RAGGED)
def test_no_line_is_lost_silently(tmp_path, text, told):
    file = tmp_path / "ragged.csv"
    file.write_bytes(text.encode())
    imported = run("import", file, "--table", "T", "--db", tmp_path / "db")
    for done in (shown(file, "T | summarize count()"), imported):
        assert done.returncode == 1, done.stdout
        assert f"error BAD_FILE: The file cannot be read: {file}: " in done.stderr
        assert told in done.stderr
        assert "Possible" not in done.stderr and "CSV Error" not in done.stderr
    assert not (tmp_path / "db").exists()


WHOLE = [
    ("a,b\r\n1,2\r\n3,4\r\n", [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
    ("\n\na,b\n1,2\n", [{"a": 1, "b": 2}]),
    ("a|b\n1|2\n", [{"a": 1, "b": 2}]),
    ("a,b\n1,2", [{"a": 1, "b": 2}]),
]


@pytest.mark.parametrize(("text", "rows"), WHOLE)
def test_other_line_ends_and_signs_are_read(tmp_path, text, rows):
    file = tmp_path / "whole.csv"
    file.write_bytes(text.encode())
    done = shown(file)
    assert [json.loads(line) for line in done.stdout.splitlines()] == rows, done.stderr


# A date is read as todatetime() reads it, month first, and told from texts only where it begins with the year.
def test_dates_agree_with_todatetime(tmp_path):
    file = tmp_path / "dates.csv"
    file.write_text("d\n01/02/2020\n03/04/2020\n")
    told = shown(file, "T | extend t = todatetime(d) | project d, t | take 1")
    assert json.loads(told.stdout) == {"d": "01/02/2020", "t": "2020-01-02T00:00:00Z"}
    assert run("import", file, "--table", "D", "--db", tmp_path / "db", "--schema", "d:datetime").returncode == 0
    kept = run("query", "D | sort by d asc", "--db", tmp_path / "db", "--format", "csv")
    assert kept.stdout.splitlines() == ["d", "2020-01-02T00:00:00Z", "2020-03-04T00:00:00Z"]


LONG_NUMBERS = [
    (["9223372036854775807", "-9223372036854775808"], "long", [9223372036854775807, -9223372036854775808]),
    (["9223372036854775808", "1"], "decimal", ["9223372036854775808", "1"]),
    (["1.5", "9223372036854775807"], "decimal", ["1.5", "9223372036854775807"]),
    (["12345678901234567890123456789", "1"], "string", ["12345678901234567890123456789", "1"]),
    (["3.14159265358979323846", "1"], "real", [3.141592653589793, 1]),
    (["9007199254740992", "1.5"], "real", [9007199254740992, 1.5]),  # 2^53, which a real holds
    (["9007199254740993", "1.5"], "decimal", ["9007199254740993", "1.5"]),
    (["01234567890123456789", "1"], "string", ["01234567890123456789", "1"]),
]


@pytest.mark.parametrize(("texts", "kind", "values"), LONG_NUMBERS)
def test_long_whole_numbers_keep_their_digits(tmp_path, texts, kind, values):
    file = tmp_path / "numbers.csv"
    file.write_text("x,n\n" + "".join(f"{text},0\n" for text in texts))
    rows = [json.loads(line) for line in shown(file, "T | extend t = gettype(x)").stdout.splitlines()]
    assert [row["x"] for row in rows] == values
    assert {row["t"] for row in rows} == {kind}


def test_a_declared_decimal_is_not_rounded(tmp_path):
    file = tmp_path / "decimals.csv"
    file.write_text("x,n\n0.12345678901234567000,1\n0.123456789012345678,2\n")
    done = run("import", file, "--table", "T", "--db", tmp_path / "db", "--schema", "x:decimal")
    assert "column x: not of type decimal: 0.123456789012345678" in done.stderr


# --- several files -------------------------------------------------------------------------------------------------------


def test_files_of_one_import_have_the_same_columns(tmp_path):
    (tmp_path / "one.csv").write_text("a,b\n1,2\n")
    (tmp_path / "two.csv").write_text("b,a\n3,4\n")
    (tmp_path / "more.csv").write_text("a,b,c\n5,6,7\n")
    done = run("import", "one.csv", "more.csv", "--table", "T", "--db", "db", cwd=tmp_path)
    assert done.returncode == 1
    assert "error UNKNOWN_NAME: The table has no column 'c', which the file has: more.csv" in done.stderr
    assert not (tmp_path / "db").exists()
    assert run("import", "one.csv", "two.csv", "--table", "T", "--db", "db", cwd=tmp_path).stdout == "T: 2 rows\n"
    append = run("import", "more.csv", "--table", "T", "--db", "db", "--append", cwd=tmp_path)
    assert append.returncode == 1 and "no column 'c'" in append.stderr
    chosen = run("import", "more.csv", "--table", "T", "--db", "db", "--append", "--schema", "a:long, b:long", cwd=tmp_path)
    assert chosen.stdout == "T: 1 row\n", chosen.stderr


# --- JSON and Arrow in our words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a":1}\n{"a":1,"a":2}\n', 'line 2: an object has the key "a" twice'),
        ('{"a":1}\n{"a":}\n', "line 2: malformed JSON at byte 6: unexpected character"),
        ('{"a":1,"A":2}\n', "keys that differ only by case: a and A"),
        ('{"a":}\n', "line 1: malformed JSON at byte 6: unexpected character"),
    ],
)
def test_wrong_json_is_told_by_line(tmp_path, text, told):
    file = tmp_path / "wrong.jsonl"
    file.write_text(text)
    done = shown(file)
    assert done.returncode == 1
    assert f"error BAD_FILE: The file cannot be read: {file}: {told}\n" in done.stderr


def test_a_key_may_end_in_a_number(tmp_path):
    file = tmp_path / "keys.jsonl"
    file.write_text('{"a":1,"A_1":2}\n')
    assert json.loads(shown(file).stdout) == {"a": 1, "A_1": 2}


def test_half_floats_are_refused_by_column(tmp_path):
    file = tmp_path / "half.arrow"
    table = pa.table({"n": [1], "h": pa.array(np.array([1.5], dtype="float16"))})
    with pa.ipc.new_file(file, table.schema) as out:
        out.write_table(table)
    assert f"{file}: column h holds half floats, which are not read\n" in shown(file).stderr
