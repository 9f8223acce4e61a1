"""Files that a query names itself in `externaldata`, which a request must be allowed.

Expected values are those written into the files here. Source of the formats: Kusto's page "Data formats supported for ingestion".
"""

import json

import pytest
from wardian_program import run

ALLOW = "--allow-external-files"


def rows_of(query, *words):
    done = run("query", query, "--format", "jsonl", ALLOW, *words)
    assert done.returncode == 0, done.stderr
    return [list(json.loads(line).values()) for line in done.stdout.splitlines()]


def complaint(query, *words):
    done = run("query", query, *words)
    assert done.returncode == 1 and not done.stdout, done
    return done.stderr


@pytest.mark.parametrize(
    ("name", "text", "properties"),
    [
        ("data.csv", "7,x\n8,y\n", ""),
        ("data.csv", "a,b\n7,x\n8,y\n", "with (format='csv', ignoreFirstRecord=true)"),
        ("data.tsv", "7\tx\n8\ty\n", ""),
        ("data.txt", "7|x\n8|y\n", "with (format='psv')"),
        ("data.txt", "7;x\n8;y\n", "with (format='scsv')"),
        ("data.txt", "7\x01x\n8\x01y\n", "with (format='sohsv')"),
        ("data.json", '{"b": "x", "a": 7}\n{"a": 8, "b": "y"}\n', ""),
        ("data.json", '{"a": 7, "b": "x"}\n{"a": 8, "b": "y"}\n', "with (format='multijson')"),
    ],
)
def test_a_file_of_each_format(tmp_path, name, text, properties):
    (tmp_path / name).write_text(text)
    query = f"externaldata(a:long, b:string)['{tmp_path / name}'] {properties} | sort by a asc"
    assert rows_of(query) == [[7, "x"], [8, "y"]]
    assert rows_of(query.replace("['", "['file://")) == [[7, "x"], [8, "y"]]


def test_files_as_an_external_table(tmp_path):
    (tmp_path / "data.csv").write_text("a,b\n7,x\n8,y\n")
    (tmp_path / "more.csv").write_text("a,b\n9,z\n")
    files = f"@'{tmp_path / 'data.csv'}', @'{tmp_path / 'more.csv'}'"
    query = f"inline_external_table (a:long, b:string) kind=storage dataformat=csv ({files}) with (ignoreFirstRecord=true)"
    assert rows_of(f"{query} | where a > 7 | sort by a asc") == [[8, "y"], [9, "z"]]
    assert "ACCESS_DENIED" in complaint(query)


def test_lines_and_whole_files(tmp_path):
    file = tmp_path / "poem.txt"
    file.write_text("one, two\nthree 'four'\n")
    assert rows_of(f"externaldata(line:string)['{file}'] with (format='txt')") == [["one, two"], ["three 'four'"]]
    assert rows_of(f"externaldata(text:string)['{file}'] with (format='raw')") == [["one, two\nthree 'four'\n"]]


def test_several_files_stand_one_after_another(tmp_path):
    files = []
    for number in (1, 2, 3):
        files.append(str(tmp_path / f"part{number}.csv"))
        (tmp_path / f"part{number}.csv").write_text(f"{number}\n")
    assert rows_of(f"externaldata(n:int) [{', '.join(map(repr, files))}] | summarize sum(n), count()") == [[6, 3]]


def test_a_text_that_is_no_value_is_null(tmp_path):
    """Source: the same as for what is ingested without a mapping: a field that cannot be parsed is null."""
    (tmp_path / "data.csv").write_text("x,1\n2,2\n")
    for type_name, second in [("long", 2), ("real", 2), ("datetime", None), ("guid", None)]:
        query = f"externaldata(a:{type_name}, b:long)['{tmp_path / 'data.csv'}'] | sort by b asc"
        assert rows_of(query) == [[None, 1], [second, 2]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("externaldata(a:long)['{file}'] with (format='cvs')", ["BAD_ARGUMENT", "Did you mean csv?"]),
        ("externaldata(a:long)['{file}'] with (formt='csv')", ["BAD_ARGUMENT", "Did you mean format?"]),
        ("externaldata(a:long)['{file}.gone']", ["FILE_NOT_FOUND", ".gone", "1:1"]),
        ("externaldata(a:long)['https://example.com/x.csv']", ["ACCESS_DENIED", "local"]),
    ],
)
def test_wrong_names_and_files(tmp_path, query, words):
    file = tmp_path / "data.csv"
    file.write_text("1\n")
    said = complaint(query.replace("{file}", str(file)), ALLOW)
    assert all(word in said for word in words), said
