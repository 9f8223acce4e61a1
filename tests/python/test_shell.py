"""`wardian shell` without a terminal: scripts of queries and commands from standard input."""

import json

import pytest
from wardian_program import run


@pytest.fixture
def data(tmp_path):
    (tmp_path / "t.csv").write_text("city,n\nParis,3\nRome,1\n")
    return ("--table", f"Towns={tmp_path / 't.csv'}")


def script(text: str, *words: str, **options):
    return run("shell", *words, text=text, **options)


def rows(text: str, *words: str) -> list[dict]:
    done = script(text, "--format", "jsonl", *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_queries_set_apart_by_empty_lines():
    assert rows("print a = 1\n| extend b = 2\n\n\nprint c = 3; print d = 4\n") == [{"a": 1, "b": 2}, {"c": 3}, {"d": 4}]


def test_an_empty_line_within_brackets_quotes_or_behind_a_pipe_ends_nothing():
    assert rows("print a = (1 +\n\n2)\n\nprint s = ```x\n\ny```\n\nprint 1 |\n\nproject b = 3") == [
        {"a": 3},
        {"s": "x\n\ny"},
        {"b": 3},
    ]


def test_declarations_stay_until_they_are_taken_back():
    kept = "let a = 2;\nlet f = (x: long) { x * a };\n\nlet a = 5;\n\n"
    assert rows(kept + "print f(3)\n") == [{"print_0": 15}]
    # A query's own declaration is what it means, and what leans on the other is out of sight.
    assert rows(kept + "let a = 1; print a\n") == [{"print_0": 1}]
    assert script(kept + ".forget a\nprint f(3)\n").returncode == 1
    done = script("let a = strlenn(1);\n\nprint a\n")
    assert "script:1:1:9: Unknown function: strlenn" in done.stderr and "Unknown column or variable: a" in done.stderr


def test_a_text_that_fails_is_told_by_its_line_and_the_next_one_runs():
    done = script("print 1\n\n\nprint 2\n| where x\n\nprint 3\n", "--format", "csv")
    assert done.returncode == 1
    assert done.stdout == "print_0\r\n1\r\nprint_0\r\n3\r\n" or done.stdout.split() == ["print_0", "1", "print_0", "3"]
    assert "error UNKNOWN_NAME at script:4:2:9: Unknown column or variable: x" in done.stderr
    assert "\x1b" not in done.stderr


def test_unknown_commands_and_settings_are_told_what_is_near():
    done = script(".shwo tables\n.show tabels\n.set limt 3\n.set limit many\n.forget x\n.exit now\n")
    assert done.returncode == 1
    for hint in ("Did you mean .show tables?", "Did you mean limit?", "takes a number of rows, or none", "takes no arguments"):
        assert hint in done.stderr


def test_show_commands_have_the_columns_of_the_service(data):
    assert rows(".show tables\n", *data) == [{"TableName": "Towns", "DatabaseName": "default", "Folder": "", "DocString": ""}]
    (schema,) = rows(".show table Towns cslschema\n", *data)
    assert list(schema) == ["TableName", "Schema", "DatabaseName", "Folder", "DocString"]
    assert schema["Schema"] == "city:string,n:long"
    (schema,) = rows(".show table Towns schema as json\n", *data)
    assert json.loads(schema["Schema"]) == {
        "Name": "Towns",
        "OrderedColumns": [
            {"Name": "city", "Type": "System.String", "CslType": "string"},
            {"Name": "n", "Type": "System.Int64", "CslType": "long"},
        ],
    }
    assert rows(".show table Towns | project AttributeName\n", *data) == [{"AttributeName": "city"}, {"AttributeName": "n"}]
    columns = rows(".show database schema | where isnotempty(ColumnName) | project TableName, ColumnName, ColumnType\n", *data)
    assert columns[0] == {"TableName": "Towns", "ColumnName": "city", "ColumnType": "System.String"}
    assert rows(".show databases | project DatabaseName, IsCurrent\n") == [{"DatabaseName": "default", "IsCurrent": True}]
    assert list(rows(".show version\n")[0])[:4] == ["BuildVersion", "BuildTime", "ServiceType", "ProductVersion"]


def test_an_error_behind_a_show_command_points_into_it(data):
    done = script(".show tables | where X == 1\n.show table Twons\n", *data)
    assert "script:1:1:22: Unknown column or variable: X" in done.stderr
    assert "script:2:1:13: Unknown table: Twons" in done.stderr and "Did you mean Towns?" in done.stderr


def test_queries_of_the_session_with_their_ends():
    text = "print 1\n\n.show queries | project Text, State\n"
    assert rows(text)[1:] == [{"Text": "print 1\n", "State": "Completed"}]


def test_the_last_answer_is_saved_without_running_it_again(tmp_path):
    script(f"print a = rand()\n\n.save {tmp_path}/a.csv\n.save {tmp_path}/a.json\n.save '{tmp_path}/b c.parquet'\n")
    value = (tmp_path / "a.csv").read_text().split()[1]
    assert str(json.loads((tmp_path / "a.json").read_text())["tables"][0]["rows"][0][0]) == value
    assert (tmp_path / "b c.parquet").read_bytes()[:4] == b"PAR1"
    done = script(f".save {tmp_path}/none.csv\n.html\nprint 1\n\n.save /nowhere/a.csv\n")
    assert done.returncode == 1 and not (tmp_path / "none.csv").exists()
    assert done.stderr.count("error ") == 3


def test_a_page_with_a_chart(tmp_path):
    done = script(f"range x from 1 to 9 step 1 | extend y = x * x | render linechart\n\n.html {tmp_path}/p.html\n")
    assert done.returncode == 0 and "┤" in done.stdout
    assert "vegaEmbed(" in (tmp_path / "p.html").read_text()


def test_a_limit_of_rows_is_for_the_eye_only(tmp_path):
    done = script(f".set limit 2\n.set format csv\nrange x from 1 to 5000 step 1\n\n.save {tmp_path}/all.csv\n")
    assert done.stdout.split() == ["x", "1", "2"]
    assert "first 2 rows" in done.stderr
    assert len((tmp_path / "all.csv").read_text().split()) == 5001


def test_scripts_load_scripts(tmp_path):
    (tmp_path / "a.kql").write_text("let a = 7;\n\nprint b = a\n")
    (tmp_path / "loop.kql").write_text(f".load {tmp_path}/loop.kql\n")
    assert rows(f".load {tmp_path}/a.kql\nprint c = a\n") == [{"b": 7}, {"c": 7}]
    assert "without end" in script(f".load {tmp_path}/loop.kql\n").stderr


def test_a_timeout_can_be_set():
    done = script(".set timeout 50ms\nrange x from 1 to 100000000000 step 1 | summarize sum(x)\n")
    assert done.returncode == 1 and "error TIMEOUT" in done.stderr


def test_what_scripts_print_comes_behind_the_answer():
    done = script("print x = 1 | evaluate python(typeof(*), 'print(\"hello\")\\nresult = df')\n")
    assert done.returncode == 0, done.stderr
    assert "python | hello" in done.stderr and "(1 row)" in done.stdout


def test_bytes_that_are_no_text_end_nothing():
    done = script("print '\udcff\udcfe'\n\n\x00\x01\n\n.\n\n.show\n\nprint a = 1\n", encoding="utf-8", errors="surrogateescape")
    assert done.returncode == 1 and "a" in done.stdout.split()
