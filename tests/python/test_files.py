"""Files shown as tables and imported: what is in them comes out again, exactly, or an error says which value and where.

Expected values are those written into the files here, by Python or by pyarrow.
"""

import datetime
import decimal
import json

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from wardian_program import run


def rows_of(file, query="T"):
    done = run("query", query, "--table", f"T={file}", "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def types_of(file):
    return {row["ColumnName"]: row["ColumnType"] for row in rows_of(file, "T | getschema")}


# --- types told from texts ----------------------------------------------------------------------------------------------

TEXTS = [
    (["1", "-2", "", "NA"], "long", [1, -2, None, None]),
    (["1", "2.0", "1e3"], "real", [1, 2, 1000]),
    (["0.5", "NaN", "NA", "0"], "real", [0.5, "NaN", None, 0]),
    (["01234", "99999"], "string", ["01234", "99999"]),
    (["9223372036854775807"], "long", [9223372036854775807]),
    (["true", "False"], "bool", [True, False]),
    (["t", "f"], "string", ["t", "f"]),
    (["2020-01-02", "2020-01-02T03:04:05.1234567Z"], "datetime", ["2020-01-02T00:00:00Z", "2020-01-02T03:04:05.1234567Z"]),
    (["31/12/2020", "01/02/2020"], "string", ["31/12/2020", "01/02/2020"]),
    (["1.02:03:04.5", "00:00:01"], "timespan", ["1.02:03:04.5000000", "00:00:01"]),
    (["Namibia", "NA"], "string", ["Namibia", "NA"]),
    (["0x1F", "2"], "string", ["0x1F", "2"]),
    (["", "NA"], "string", ["", "NA"]),
]


@pytest.mark.parametrize(("texts", "type_name", "values"), TEXTS)
def test_types_are_told_from_texts(tmp_path, texts, type_name, values):
    file = tmp_path / "texts.csv"
    file.write_text("x,n\n" + "".join(f"{text},0\n" for text in texts))
    assert types_of(file)["x"] == type_name
    assert [row["x"] for row in rows_of(file)] == values


LATE = [
    ("csv", "1.5", "long"),
    ("csv", "2020-01-02 03:04:05", "datetime"),
    ("csv", "maybe", "bool"),
    ("jsonl", "1.5", "long"),
    ("jsonl", '"x"', "long"),
]
EARLY = {"long": "1", "datetime": "2020-01-01", "bool": "true"}


def with_a_late_value(tmp_path, kind, late, type_name):
    file = tmp_path / f"late.{kind}"
    early = EARLY[type_name]
    if kind == "csv":
        file.write_text("x,n\n" + f"{early},0\n" * 30_000 + f"{late},0\n")
    else:
        file.write_text(f'{{"x": {early}}}\n' * 30_000 + f'{{"x": {late}}}\n')
    return file


@pytest.mark.parametrize(("kind", "late", "type_name"), LATE)
def test_a_late_value_is_never_cut_to_fit(tmp_path, kind, late, type_name):
    file = with_a_late_value(tmp_path, kind, late, type_name)
    assert types_of(file)["x"] == type_name
    done = run("query", "T | summarize count() by x", "--table", f"T={file}", "--format", "csv")
    if late.startswith("2020"):
        assert "2020-01-02T03:04:05Z,1" in done.stdout.splitlines()
        return
    assert done.returncode == 1
    shown = late.strip('"')
    assert f"BAD_FILE: The file cannot be read: {file}: column x: not of type {type_name}: {shown}" in done.stderr


@pytest.mark.parametrize(("kind", "late", "type_name"), LATE)
def test_an_import_looks_at_all_rows(tmp_path, kind, late, type_name):
    file = with_a_late_value(tmp_path, kind, late, type_name)
    done = run("import", file, "--table", "T", "--db", tmp_path / "db")
    assert done.returncode == 0, done.stderr
    query = "T | summarize n = count() by x = tostring(x) | where n == 1 | project x"
    found = run("query", query, "--db", tmp_path / "db", "--format", "csv")
    expected = {"2020-01-02 03:04:05": "2020-01-02T03:04:05.0000000Z"}.get(late, late.strip('"'))
    assert found.stdout.splitlines()[1] == expected


def test_a_declared_type_takes_whole_values_only(tmp_path):
    file = tmp_path / "mixed.csv"
    file.write_text("a,b\n1,x\n2.0,y\n2.5,z\n")
    done = run("import", file, "--table", "T", "--db", tmp_path / "db", "--schema", "a:long, b:string")
    assert done.returncode == 1
    assert "column a: not of type long: 2.5" in done.stderr
    assert "nothing was imported" in done.stderr
    assert not (tmp_path / "db").exists(), "a failed import leaves a database where there was none"
    parquet = tmp_path / "mixed.parquet"
    pyarrow.parquet.write_table(pa.table({"a": [1.0, 2.5]}), parquet)
    done = run("import", parquet, "--table", "T", "--db", tmp_path / "db", "--schema", "a:long")
    assert done.returncode == 1
    assert "column a: not of type long: 2.5" in done.stderr


def test_what_the_program_writes_it_reads(tmp_path):
    query = (
        "datatable(i: int, l: long, r: real, s: string, t: datetime, d: timespan, b: bool, j: dynamic)["
        '1, 2, 0.1, "a,\\"b\\"\\nc", datetime(2020-01-02 03:04:05.1234567), timespan(1.02:03:04.5678901), true,'
        'dynamic({"k":[1,2.5]}),'
        'int(null), long(null), real(nan), "", datetime(null), timespan(null), bool(null), dynamic(null)]'
    )
    for kind in ("csv", "jsonl"):
        file = tmp_path / f"answer.{kind}"
        assert run("query", query, "--format", kind, "--output", file).returncode == 0
        again = rows_of(file, "T | project l, r, s, t, d, b")
        assert again == [
            {
                "l": 2,
                "r": 0.1,
                "s": 'a,"b"\nc',
                "t": "2020-01-02T03:04:05.1234567Z",
                "d": "1.02:03:04.5678901",
                "b": True,
            },
            {"l": None, "r": "NaN", "s": "", "t": None, "d": None, "b": None},
        ]


def test_quotes_that_come_late_are_quotes(tmp_path):
    file = tmp_path / "quotes.csv"
    file.write_text("a,b\n" + "x,1\n" * 30_000 + '"late, and ""quoted""",2\n')
    assert rows_of(file, "T | where b == 2") == [{"a": 'late, and "quoted"', "b": 2}]


BROKEN = [
    ("utf16.csv", "a,b\n1,2\n".encode("utf-16"), "Save it as UTF-8"),
    ("short.csv", b"a,b\n1,2\n3\n4,5\n", "line 3 has 1 field where 2 are expected: 3"),
    ("half.jsonl", b'{"a": 1}\n{"a":', "line 2: malformed JSON"),
    ("none.parquet", b"PAR1 but no more", "none.parquet"),
    ("none.arrow", b"hello world, this is no Arrow file", "none.arrow"),
    ("half.feather", None, "Not an Arrow file"),
]


@pytest.mark.parametrize(("name", "content", "part"), BROKEN)
def test_a_broken_file_is_told_by_name(tmp_path, name, content, part):
    file = tmp_path / name
    if content is None:
        pyarrow.feather.write_feather(pa.table({"k": list(range(10_000))}), file)
        content = file.read_bytes()[:10_000]
    file.write_bytes(content)
    done = run("query", "T | summarize count()", "--table", f"T={file}")
    assert done.returncode == 1, done.stdout
    assert "error BAD_FILE" in done.stderr
    assert name in done.stderr
    assert part in done.stderr
    assert "Possible" not in done.stderr, "advice about options that a user of ours does not have"


# --- Arrow --------------------------------------------------------------------------------------------------------------


def every_arrow_type():
    day, moment = datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5, 678901)
    return pa.table(
        {
            "b": pa.array([True, None]),
            "i8": pa.array([1, None], pa.int8()),
            "u32": pa.array([4294967295, None], pa.uint32()),
            "u64": pa.array([18446744073709551615, None], pa.uint64()),
            "i64": pa.array([-1, None], pa.int64()),
            "f32": pa.array([1.5, None], pa.float32()),
            "f64": pa.array([0.1, None]),
            "dec": pa.array([decimal.Decimal("1.23"), None], pa.decimal128(10, 2)),
            "s": pa.array(["č", None]),
            "view": pa.array(["a text beyond twelve bytes", None], pa.string_view()),
            "dict": pa.array(["x", None]).dictionary_encode(),
            "day": pa.array([day, None]),
            "us": pa.array([moment, None], pa.timestamp("us")),
            "ns": pa.array([1577934245678901200, None], pa.timestamp("ns")),
            "zone": pa.array([moment.replace(tzinfo=datetime.UTC), None], pa.timestamp("us", "Europe/Prague")),
            "dur": pa.array([datetime.timedelta(days=1, seconds=1.5), None], pa.duration("us")),
            "bin": pa.array([b"\x00\xff", None]),
            "list": pa.array([[1, 2], None]),
            "struct": pa.array([{"a": 1, "b": "x"}, None]),
        }
    )


EVERY_VALUE = {
    "b": True,
    "i8": 1,
    "u32": 4294967295,
    "u64": "18446744073709551615",
    "i64": -1,
    "f32": 1.5,
    "f64": 0.1,
    "dec": "1.23",
    "s": "č",
    "view": "a text beyond twelve bytes",
    "dict": "x",
    "day": "2020-01-02T00:00:00Z",
    "us": "2020-01-02T03:04:05.678901Z",
    "ns": "2020-01-02T03:04:05.6789012Z",
    "zone": "2020-01-02T03:04:05.678901Z",
    "dur": "1.00:00:01.5000000",
    "bin": "AP8=",
    "list": [1, 2],
    "struct": {"a": 1, "b": "x"},
}
TEXT_COLUMNS = ("s", "view", "dict", "bin")


def write_stream(table, file):
    with pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)


ARROW_KINDS = {
    "file.arrow": lambda table, file: pyarrow.feather.write_feather(table, file, compression="uncompressed"),
    "lz4.feather": lambda table, file: pyarrow.feather.write_feather(table, file, compression="lz4"),
    "zstd.feather": lambda table, file: pyarrow.feather.write_feather(table, file, compression="zstd"),
    "stream.arrow": write_stream,
}


@pytest.mark.parametrize("name", ARROW_KINDS)
def test_arrow_files_of_every_type(tmp_path, name):
    file = tmp_path / name
    ARROW_KINDS[name](every_arrow_type(), str(file))
    full, empty = rows_of(file)
    assert full == EVERY_VALUE
    assert empty == {column: "" if column in TEXT_COLUMNS else None for column in EVERY_VALUE}
    assert run("import", file, "--table", "T", "--db", tmp_path / "db").returncode == 0


@pytest.mark.parametrize("write", [ARROW_KINDS["lz4.feather"], write_stream])
def test_arrow_batches_keep_their_order(tmp_path, write):
    table = pa.table({"k": pa.array(range(300_000)), "s": pa.array([f"row {k % 7}" for k in range(300_000)]).dictionary_encode()})
    file = tmp_path / "many.arrow"
    write(pa.Table.from_batches(table.to_batches(max_chunksize=5_000)), str(file))
    assert rows_of(file, "T | serialize n = row_number() | where n != k + 1 | count") == [{"Count": 0}]
    assert rows_of(file, "T | summarize sum(k), dcount(s)") == [{"sum_k": 44999850000, "dcount_s": 7}]
    assert rows_of(file, "T | count") == [{"Count": 300_000}]


def test_arrow_files_without_rows_and_with_doubled_names(tmp_path):
    file = tmp_path / "none.arrow"
    write_stream(every_arrow_type().slice(0, 0), str(file))
    assert rows_of(file, "T | count") == [{"Count": 0}]
    doubled = tmp_path / "doubled.arrow"
    write_stream(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["x", "x"]), str(doubled))
    assert list(rows_of(doubled)[0].values()) == [1, 2]


# --- answers in files ---------------------------------------------------------------------------------------------------


def test_a_failed_query_leaves_the_output_file_as_it_was(tmp_path):
    file = tmp_path / "answer.csv"
    file.write_text("precious\n")
    failed = run("query", "range x from 1 to 100000 step 1 | extend y = 1 | evaluate python(typeof(*), '1/0')", "--output", file)
    assert failed.returncode == 1
    assert file.read_text() == "precious\n"
    assert run("query", "print x = 1", "--format", "csv", "--output", file).returncode == 0
    assert file.read_text() == "x\n1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["answer.csv"]
