"""The program as a person and a script meet it: arguments, errors with their places, files, folders, signals."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest
from wardian_program import WARDIAN, run


def query(text, *words):
    return run("query", text, *words)


# --- wrong queries: each a stable code at the right place ------------------------------------------------------------

WRONG_QUERIES = [
    ("print x =", "SYNTAX", "1:10"),
    ("print (1", "SYNTAX", "1:9"),
    ('print "a', "UNCLOSED", "1:9"),
    ("print strlenn('x')", "UNKNOWN_FUNCTION", "1:7"),
    ("print x = y", "UNKNOWN_NAME", "1:11"),
    ("Nowhere", "UNKNOWN_TABLE", "1:1"),
    ("print x = 1 | wher x > 1", "UNKNOWN_OPERATOR", "1:15"),
    ("print x = 1 | where x", "TYPE_MISMATCH", "1:21"),
    ("print x = 1 | where y > 1", "UNKNOWN_NAME", "1:21"),
    ("print x = 1 | extend y = strlen(x, 2)", "ARGUMENT_COUNT", "1:26"),
    ('print 1 + "a"', "TYPE_MISMATCH", "1:9"),
    ("print x = 1 | project-away z", "UNKNOWN_NAME", "1:28"),
    ("datatable(a: long, b: string) [1]", "ARGUMENT_COUNT", "1:32"),
    ("datatable(a: longg) [1]", "UNKNOWN_TYPE", "1:14"),
    ("print x = datetime(2020-13-45)", "BAD_LITERAL", "1:20"),
    ("print x = long(abc)", "BAD_LITERAL", "1:16"),
    ("let f = (a: long) { a + 1 }; print f()", "ARGUMENT_COUNT", "1:36"),
    ("print a = 1 | join kind=sideways (print a = 1) on a", "BAD_ARGUMENT", "1:25"),
    ("print a = 1 | summarize sum(a) by", "SYNTAX", "1:34"),
    ("print x = 1\n| extend y = nope", "UNKNOWN_NAME", "2:14"),
    ("print x = 1 | take many", "UNKNOWN_NAME", "1:20"),
    ("print x = 1 | evaluate nothing()", "UNKNOWN_FUNCTION", "1:24"),
]


@pytest.mark.parametrize(("text", "code", "place"), WRONG_QUERIES)
def test_wrong_query_is_refused_at_its_place(text, code, place):
    done = query(text)
    assert done.returncode == 1, done.stdout
    first = done.stderr.splitlines()[0]
    assert first.startswith(f"error {code} at query:{place}: "), done.stderr
    assert "^" in done.stderr


def test_error_shows_line_caret_and_hint():
    done = query('print a = 1,\n      b = strlenn("x")')
    assert done.stderr == (
        "error UNKNOWN_FUNCTION at query:2:11: Unknown function: strlenn\n"
        "   |\n"
        ' 2 |       b = strlenn("x")\n'
        "   |           ^^^^^^^\n"
        "hint: Did you mean strlen?\n"
    )


def test_exit_status_of_wrong_usage():
    assert run("query").returncode == 2
    assert run("query", "print 1", "--format", "xml").returncode == 2
    assert run("query", "print 1", "--timeout", "soon").returncode == 2
    assert run("query", "print 1", "--sandbox-memory", "lots").returncode == 2
    assert run("nonsense").returncode == 2
    assert run("--version").returncode == 0


# --- formats ----------------------------------------------------------------------------------------------------------


def test_formats_agree():
    text = 'print n = 1, t = datetime(2020-01-02), s = "a,b", d = dynamic({"k": [1]}), z = long(null)'
    table = json.loads(query(text, "--format", "json").stdout)["tables"][0]
    assert table["rows"] == [[1, "2020-01-02T00:00:00Z", "a,b", {"k": [1]}, None]]
    assert [c["type"] for c in table["columns"]] == ["long", "datetime", "string", "dynamic", "long"]
    line = json.loads(query(text, "--format", "jsonl").stdout)
    assert line == {"n": 1, "t": "2020-01-02T00:00:00Z", "s": "a,b", "d": {"k": [1]}, "z": None}
    assert query(text, "--format", "csv").stdout.splitlines()[1] == '1,2020-01-02T00:00:00Z,"a,b","{""k"":[1]}",'


def test_output_to_a_full_disk_is_told():
    done = query("range x from 1 to 200000 step 1", "--format", "csv", "--output", "/dev/full")
    assert done.returncode == 1
    assert "DISK_FULL" in done.stderr


def test_parameters_reach_the_query():
    done = query("declare query_parameters(n: long, s: string = 'd'); print n + 1, s", "--param", "n=41", "--format", "csv")
    assert done.stdout.splitlines()[1] == "42,d", done.stderr


@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        ("n:long", "n=many", "parameter n is no long: many"),
        ("n:datetime", "n=31.12.20x", "parameter n is no datetime"),
        ("name:string = 'd'", "nam=x", "Did you mean name?"),
        ("n:long", None, "gives no value for the parameter n"),
    ],
)
def test_wrong_parameters_are_told(declared, given, message):
    words = [] if given is None else ["--param", given]
    done = query(f"declare query_parameters({declared}); print 1", *words)
    assert done.returncode == 1
    assert "BAD_ARGUMENT" in done.stderr and message in done.stderr


def test_a_chart_that_cannot_be_drawn_shows_its_rows():
    done = query("datatable(a:string, b:string)['x', 'y'] | render timechart")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2:] == ["x  y", "(1 row)"]


# --- pipe forms -------------------------------------------------------------------------------------------------------


def test_lines_are_answered_one_by_one_and_failures_end_nothing():
    with subprocess.Popen([WARDIAN, "query", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for number, (text, ok) in enumerate([("print 1", True), ("print nope", False), ("{", False), ("print 2", True)]):
            process.stdin.write(json.dumps({"id": number, "query": text}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())  # must come before the next line is sent
            assert answer["id"] == number
            assert ("rows" in answer) == ok
        process.stdin.write("this is no JSON\n")
        process.stdin.flush()
        assert "error" in json.loads(process.stdout.readline())
        process.stdin.close()
        assert process.wait(timeout=120) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_waiting_pipe(number):
    with subprocess.Popen([WARDIAN, "query", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write('{"id": 1, "query": "print 1"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(number)
        assert process.wait(timeout=120) == 130


def test_a_line_without_end_is_bounded():
    text = '{"id": 1, "query": "' + "x" * (65 << 20) + '"}\n{"id": 2, "query": "print 2"}'
    first, second = map(json.loads, run("query", "--jsonl", text=text).stdout.splitlines())
    assert first["error"]["code"] == "TEXT_TOO_LONG" and second["rows"] == [[2]]


def test_parse_lines_take_queries_and_commands():
    lines = [{"id": "a", "query": "T | where x > 1"}, {"id": "b", "query": ".show tables"}, {"id": "c", "query": "T | where"}]
    done = run("parse", "--jsonl", text="".join(json.dumps(line) + "\n" for line in lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("ok", False) for answer in answers] == [True, True, False]
    assert answers[2]["error"]["line"] == 1


# --- files and folders ------------------------------------------------------------------------------------------------


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("name,age,born\nAda,36,1815-12-10\nLinus,NA,1969-12-28\nÅse,7,2019-05-05\n", encoding="utf-8")
    return file


def test_a_file_is_shown_as_a_table(people):
    done = query(
        "people | where isnull(age) or age < 10 | project name | sort by name asc",
        "--table",
        f"people={people}",
        "--format",
        "csv",
    )
    assert done.stdout.splitlines() == ["name", "Linus", "Åse"], done.stderr


def test_options_take_one_value_each_so_the_query_may_come_last(people):
    done = run(
        "query",
        "--format",
        "csv",
        "--table",
        f"people={people}",
        "--param",
        "least=10",
        "declare query_parameters(least: long); people | where age > least | project name",
    )
    assert done.stdout.splitlines() == ["name", "Ada"], done.stderr


def test_import_then_query(people, tmp_path):
    folder = tmp_path / "db"
    done = run("import", people, "--table", "People", "--db", folder)
    assert (done.returncode, done.stdout) == (0, "People: 3 rows\n"), done.stderr
    schema = query("People | getschema | project ColumnName, ColumnType", "--db", folder, "--format", "csv").stdout.splitlines()
    assert schema[1:] == ["name,string", "age,long", "born,datetime"]
    again = run("import", people, "--table", "People", "--db", folder)
    assert again.returncode == 1
    assert "TABLE_EXISTS" in again.stderr
    assert run("import", people, "--table", "People", "--db", folder, "--append").returncode == 0
    assert query("People | count", "--db", folder, "--format", "csv").stdout.splitlines()[1] == "6"
    assert run("import", people, "--table", "People", "--db", folder, "--replace").returncode == 0
    assert query("People | count", "--db", folder, "--format", "csv").stdout.splitlines()[1] == "3"


def test_schema_overrides_inference(people, tmp_path):
    folder = tmp_path / "db"
    done = run("import", people, "--table", "P", "--db", folder, "--schema", "name:string, age:real")
    assert done.returncode == 0, done.stderr
    schema = query("P | getschema | project ColumnName, ColumnType", "--db", folder, "--format", "csv").stdout.splitlines()
    assert schema[1:] == ["name,string", "age,real"]


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["nowhere.csv"], "FILE_NOT_FOUND", 1),
        (["empty.csv"], "BAD_FILE", 1),
        (["picture.png"], "BAD_FILE", 1),
        (["not.parquet"], "BAD_FILE", 1),
        (["people.csv", "--schema", "name:string, wage:long"], "UNKNOWN_NAME", 1),
        (["people.csv", "--schema", "name:long"], "BAD_FILE", 1),
        (["people.csv", "--schema", "name:longg"], None, 2),
        (["people.csv", "other.csv"], None, 1),
    ],
)
def test_a_bad_import_leaves_nothing(people, tmp_path, words, code, status):
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "not.parquet").write_bytes(b"PAR1 but no more")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    folder = tmp_path / "db"
    assert run("import", people, "--table", "Kept", "--db", folder).returncode == 0
    done = run("import", *words, "--table", "T", "--db", folder, cwd=tmp_path)
    assert done.returncode == status, done.stdout + done.stderr
    if code:
        assert f"error {code}" in done.stderr
    assert query("Kept | count", "--db", folder, "--format", "csv").stdout.splitlines()[1] == "3"
    assert query("T | count", "--db", folder).returncode == 1, "the table of a failed import exists"


def test_missing_and_broken_databases(tmp_path):
    assert "FILE_NOT_FOUND" in query("print 1", "--db", tmp_path / "none").stderr
    (tmp_path / "default.duckdb").write_bytes(b"no database at all, but long enough to look at" * 100)
    assert "BAD_DATABASE" in query("print 1", "--db", tmp_path).stderr


def test_a_second_writer_is_told_who_holds_the_database(people, tmp_path):
    folder = tmp_path / "db"
    assert run("import", people, "--table", "A", "--db", folder).returncode == 0
    big = tmp_path / "big.csv"
    with big.open("w") as out:
        out.write("a,b,c\n")
        for number in range(1_500_000):
            out.write(f"{number},{number * 7},text number {number}\n")
    words = ["import", big, "--table", "Big", "--db", folder, "--schema", "a:long, b:long, c:string"]
    writer = subprocess.Popen([WARDIAN, *words], stdout=subprocess.DEVNULL)
    try:
        stop_while_it_locks(writer, folder / "default.duckdb")
        for words in (["import", people, "--table", "B"], ["query", "A | count"]):
            refused = run(*words, "--db", folder)
            assert refused.returncode == 1, refused.stdout
            # Who holds it, and nothing about options of another program.
            assert re.search(rf"error DATABASE_BUSY: .* another process: \S+ \(PID {writer.pid}\): \S+\n", refused.stderr)
            assert "readonly" not in refused.stderr
    finally:
        writer.send_signal(signal.SIGCONT)
        assert writer.wait(timeout=120) == 0
    assert query("Big | count", "--db", folder, "--format", "csv").stdout.splitlines()[1] == "1500000"


def stop_while_it_locks(process, file):
    """Stops a process where it has a lock on the file, or it might be done before others begin."""
    while process.poll() is None:
        process.send_signal(signal.SIGSTOP)
        inode = f":{file.stat().st_ino} "
        # Of a line: its number, kind, mandatory or not, read or write, process, device and inode, from, to.
        locks = [line.split()[4] for line in pathlib.Path("/proc/locks").read_text().splitlines() if inode in line]
        if str(process.pid) in locks:
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.002)
    raise AssertionError("it was done before anybody saw it hold the file")


# --- signals ----------------------------------------------------------------------------------------------------------

ENDLESS = "range x from 1 to 100000000000 step 1 | summarize sum(x * 3 % 7)"


def test_ctrl_c_ends_the_query_within_a_second():
    process = subprocess.Popen([WARDIAN, "query", ENDLESS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    # The promise is 1 s; what would end by itself only after hours has ended, however slow the machine.
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "CANCELLED" in errors


def test_timeout_ends_the_query():
    done = query(ENDLESS, "--timeout", "300ms")
    assert done.returncode == 1
    assert "TIMEOUT" in done.stderr


def test_a_killed_import_leaves_the_database_as_it_was(people, tmp_path):
    folder = tmp_path / "db"
    assert run("import", people, "--table", "Kept", "--db", folder).returncode == 0
    big = tmp_path / "big.csv"
    with big.open("w") as out:
        out.write("a,b\n")
        for number in range(1_500_000):
            out.write(f"{number},{number * 7}\n")
    process = subprocess.Popen([WARDIAN, "import", str(big), "--table", "Half", "--db", str(folder)], stdout=subprocess.DEVNULL)
    time.sleep(0.6)
    process.kill()
    process.wait(timeout=120)
    assert query("Kept | count", "--db", folder, "--format", "csv").stdout.splitlines()[1] == "3"
    assert query("Half | count", "--db", folder).returncode == 1
    assert run("import", people, "--table", "Next", "--db", folder).returncode == 0


# --- descriptors that the caller closed ------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", ["<&-", "<&- 2>&-"])
def test_closed_descriptors_do_no_harm(closed):
    text = "print x = 1 | evaluate python(typeof(*, y:long), 'result = df.assign(y=df.x + 1)')"
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" query --format csv "$1" {closed}', str(WARDIAN), text],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["x,y", "1,2"]), done


def test_an_answer_without_a_place_to_go_is_an_error():
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" query "print x = 1" <&- >&-', str(WARDIAN)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "Cannot write the answer" in done.stderr


def test_a_squatted_folder_for_temporary_files_is_passed_over(tmp_path):
    """Whoever comes first takes /tmp/wardian-<uid>; that must neither stop nor endanger anybody."""
    (tmp_path / f"wardian-{os.geteuid()}").symlink_to("/etc")
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([WARDIAN, "query", "print x = 1"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [f"wardian-{os.geteuid()}"], "nothing is left behind"
