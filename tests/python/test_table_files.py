"""Answers as Arrow and Parquet files: what is in them, for this program and for others.

Expected values are those of the queries' own literals; how each type lies in a file is what docs/decisions/0021 states.
"""

import datetime
import decimal
import math
import os
import pathlib
import pty
import signal
import subprocess
import sys
import time

import duckdb
import polars
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from wardian_program import WARDIAN, run

GUID = "74be27de-1e4e-49d9-b579-fe0b331d3642"
# Every type with both ends of its range and a null, NaN and infinity too: more than pandas keeps apart.
ALL_ENDS = f"""datatable(b:bool, i:int, l:long, r:real, d:decimal, s:string, t:datetime, p:timespan, j:dynamic, g:guid) [
    true, int(-2147483648), long(9223372036854775807), real(nan), decimal(12345678901234567.12345678901234567), "č, \\"\\n",
    datetime(2020-01-02 03:04:05.1234567), timespan(-1.02:03:04.5678901), dynamic({{"k": [1, 2.5, null]}}), guid({GUID}),
    bool(null), int(null), long(null), real(null), decimal(null), "", datetime(null), timespan(null), dynamic(null), guid(null),
    false, int(2147483647), long(-9223372036854775808), real(-inf), decimal(-0.5), "x", datetime(1969-12-31 23:59:59.9999999),
    timespan(00:00:00.0000001), dynamic("text"), guid(00000000-0000-0000-0000-000000000000)]"""
MOMENT = datetime.datetime(2020, 1, 2, 3, 4, 5, 123456)

FILES = ["answer.parquet", "answer.arrow", "answer.arrows", "answer.feather"]


def written(folder, name, query, *words):
    file = folder / name
    done = run("query", query, "--output", file, *words)
    assert done.returncode == 0, done.stderr
    return file


def arrow_table(file):
    if file.suffix == ".parquet":
        return pyarrow.parquet.read_table(file)
    with pa.OSFile(str(file)) as source:
        return (pa.ipc.open_stream if file.suffix == ".arrows" else pa.ipc.open_file)(source).read_all()


def answer(query, *words):
    done = run("query", query, "--format", "json", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.replace('"name":"T"', "")


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_is_read_again(tmp_path, name):
    # Each column alone, and then together with the ends of its type's range.
    ends = """union (T), (print b = true, i = int(1), l = 2, r = real(+inf), d = decimal(0), s = "", t = datetime(0001-01-01),
        p = timespan(-10675199.02:48:05.4775808), j = dynamic([]), g = guid(null)), (print
        t = datetime(9999-12-31 23:59:59.9999999), p = timespan(10675199.02:48:05.4775807))"""
    for query in (ALL_ENDS, f"let T = {ALL_ENDS}; {ends}"):
        file = written(tmp_path, name, query)
        assert answer("T", "--table", f"T={file}") == answer(query)
        database = tmp_path / f"db{len(query)}"
        assert run("import", file, "--table", "T", "--db", database).returncode == 0
        assert answer("T", "--db", database) == answer(query)
        assert run("import", file, "--table", "T", "--db", database, "--append").returncode == 0


@pytest.mark.parametrize("name", FILES)
def test_types_in_a_file_are_as_documented(tmp_path, name):
    table = arrow_table(written(tmp_path, name, ALL_ENDS))
    assert {field.name: field.type for field in table.schema} == {
        "b": pa.bool_(),
        "i": pa.int32(),
        "l": pa.int64(),
        "r": pa.float64(),
        "d": pa.decimal128(38, 17),
        "s": pa.string(),
        "t": pa.timestamp("ns"),
        "p": pa.duration("ns"),
        "j": pa.string(),
        "g": pa.string(),
    }
    assert table.schema.field("j").metadata[b"kql_type"] == b"dynamic"
    assert [field.metadata[b"kql_type"].decode() for field in table.schema] == [
        *("bool", "int", "long", "real", "decimal", "string", "datetime", "timespan", "dynamic", "guid")
    ]
    full, empty, _ = table.cast(table.schema.set(6, pa.field("t", pa.int64())).set(7, pa.field("p", pa.int64()))).to_pylist()
    assert math.isnan(full.pop("r")), "NaN, and no null"
    assert full == {
        "b": True,
        "i": -(2**31),
        "l": 2**63 - 1,
        "d": decimal.Decimal("12345678901234567.12345678901234567"),
        "s": 'č, "\n',
        "t": int((MOMENT - datetime.datetime(1970, 1, 1)) / datetime.timedelta(microseconds=1)) * 1000 + 700,
        "p": -(((24 + 2) * 3600 + 3 * 60 + 4) * 10**9 + 567_890_100),
        "j": '{"k":[1,2.5,null]}',
        "g": GUID,
    }
    assert empty == dict.fromkeys("bilrdtpjg") | {"s": ""}


@pytest.mark.parametrize(
    ("values", "unit", "first"),
    [
        ("datetime(2020-01-02 03:04:05.1234567)", "timestamp[ns]", None),
        ("datetime(9999-12-31), datetime(0001-01-01 00:00:00.000001)", "timestamp[us]", None),
        ("datetime(9999-12-31 23:59:59.9999999)", "int64", 3_155_378_975_999_999_999),  # .NET's DateTime.MaxValue.Ticks
        ("timespan(200d)", "duration[ns]", None),
        ("timespan(200000d)", "duration[us]", None),
        ("timespan(200000.00:00:00.0000001)", "int64", 200_000 * 864_000_000_000 + 1),
    ],
)
@pytest.mark.parametrize("name", FILES[:3])
def test_times_have_the_unit_that_holds_them_all(tmp_path, name, values, unit, first):
    kind = values.partition("(")[0]
    query = f"datatable(x: {kind}) [{kind}(null), {values}]"
    file = written(tmp_path, name, query)
    column = arrow_table(file)["x"]
    assert str(column.type) == unit
    if first is not None:
        assert column.to_pylist()[1] == first
    assert answer("T", "--table", f"T={file}") == answer(query)


@pytest.mark.parametrize("name", FILES[:3])
def test_a_late_time_widens_the_unit_of_all(tmp_path, name):
    query = """range n from 0 to 299999 step 1 | extend s = tostring(n), m = iff(n % 3 == 0, long(null), n),
        t = iff(n == 250000, datetime(9999-12-31), datetime(2020-01-01) + n * 1s),
        u = iff(n == 299999, datetime(0001-01-01 00:00:00.0000001), iff(n == 7, datetime(null), datetime(2020-01-01) + n * 1s)),
        p = iff(n == 140000, 200000d, -n * 1tick)"""
    file = written(tmp_path, name, query)
    types = {field.name: str(field.type) for field in arrow_table(file).schema}
    assert (types["t"], types["u"], types["p"]) == ("timestamp[us]", "int64", "int64")
    checked = "| summarize count(), min(n), sum(hash_xxhash64(strcat_delim('|', n, s, m, t, u, p)) % 1000000007)"
    assert answer(f"T {checked}", "--table", f"T={file}") == answer(query + checked)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_others_read_the_files(tmp_path):
    for name in ("answer.parquet", "answer.arrow"):
        file = written(tmp_path, name, ALL_ENDS)
        frame = polars.read_parquet(file) if name.endswith("parquet") else polars.read_ipc(file)
        assert frame["l"].to_list() == [2**63 - 1, None, -(2**63)]
        assert frame["i"].to_list() == [-(2**31), None, 2**31 - 1]
        assert frame["j"].to_list() == ['{"k":[1,2.5,null]}', None, '"text"']
        assert frame["g"].to_list()[0] == GUID
        assert frame["d"].to_list()[2] == decimal.Decimal("-0.5")
        assert frame["t"].dt.timestamp("ns").to_list()[0] % 10**9 == 123_456_700
        assert frame["p"].dt.total_nanoseconds().to_list()[2] == 100
    rows = duckdb.sql(f"SELECT * REPLACE (epoch_ns(t) AS t) FROM '{tmp_path / 'answer.parquet'}'").fetchall()
    assert rows[0][:3] == (True, -(2**31), 2**63 - 1)
    assert rows[0][4] == decimal.Decimal("12345678901234567.12345678901234567")
    assert rows[1] == (None, None, None, None, None, "", None, None, None, None)
    assert rows[2][6] == -100 and rows[2][7] == 100  # nanoseconds: Parquet itself has no duration
    pandas_frame = arrow_table(tmp_path / "answer.parquet").to_pandas()
    assert str(pandas_frame["t"].dtype) == "datetime64[ns]" and str(pandas_frame["t"][0]) == "2020-01-02 03:04:05.123456700"
    assert str(pandas_frame["p"].dtype) == "timedelta64[ns]"


def test_files_that_others_changed_since_are_read_as_what_they_are(tmp_path):
    table = arrow_table(written(tmp_path, "answer.parquet", ALL_ENDS))
    changed = tmp_path / "changed.parquet"
    # The metadata stays, and says something else than the columns by now.
    strings = pa.table({"t": ["a"], "p": [1.5], "g": [7], "l": ["b"], "x": [1]}).replace_schema_metadata(table.schema.metadata)
    pyarrow.parquet.write_table(strings, changed)
    assert '"rows":[\n["a",1.5,7,"b",1]]' in answer("T", "--table", f"T={changed}")
    pyarrow.parquet.write_table(pa.table({"g": ["no guid"]}).replace_schema_metadata(table.schema.metadata), changed)
    done = run("query", "T", "--table", f"T={changed}")
    assert done.returncode == 1
    assert "column g: not of type guid: no guid" in done.stderr
    for metadata in (
        b"",
        b"{",
        b'{"columns": 1}',
        b'{"columns":[{"name":1}]}',
        b"\xff\xfe",
        b'{"columns":[{"name":"t","type":"?"}]}',
    ):
        pyarrow.parquet.write_table(pa.table({"t": [7]}).replace_schema_metadata({b"wardian": metadata}), changed)
        assert '"rows":[\n[7]]' in answer("T", "--table", f"T={changed}")
    out_of_range = {b"wardian": b'{"columns":[{"name":"t","type":"datetime","unit":"tick"}]}'}
    pyarrow.parquet.write_table(pa.table({"t": [-1]}).replace_schema_metadata(out_of_range), changed)
    done = run("query", "T", "--table", f"T={changed}")
    assert done.returncode == 1
    assert "column t: not of type datetime: -1" in done.stderr


def test_durations_of_others_keep_their_nanoseconds(tmp_path):
    file = tmp_path / "durations.arrow"
    table = pa.table({"d": pa.array([1_234_567_890, -1, None], pa.duration("ns")), "k": [1, 2, 3]})
    pyarrow.feather.write_feather(table, str(file))
    assert '"rows":[\n["00:00:01.2345678",1],\n["-00:00:00.0000001",2],\n[null,3]]' in answer("T", "--table", f"T={file}")


@pytest.mark.parametrize("form", ["arrow", "parquet"])
def test_a_pipe_gets_a_whole_file(form):
    command = [WARDIAN, "query", "range n from 1 to 300000 step 1 | extend s = strcat('row ', n)", "--format", form]
    data = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    table = pa.ipc.open_stream(data).read_all() if form == "arrow" else pyarrow.parquet.read_table(pa.BufferReader(data))
    assert table.num_rows == 300_000
    assert table["n"].to_pylist() == list(range(1, 300_001))
    assert table["s"][-1].as_py() == "row 300000"


def test_files_have_pieces_of_bounded_size(tmp_path):
    query = "range n from 1 to 400000 step 1"
    parquet = pyarrow.parquet.ParquetFile(written(tmp_path, "answer.parquet", query)).metadata
    assert max(parquet.row_group(i).num_rows for i in range(parquet.num_row_groups)) <= 125_000
    assert parquet.row_group(0).column(0).compression == "ZSTD"
    with pa.OSFile(str(written(tmp_path, "answer.arrow", query))) as file:
        assert pa.ipc.open_file(file).num_record_batches >= 6
    kilobyte = "strrep('x', 1000)"
    wide = f"range n from 1 to 40000 step 1 | extend s = strcat({kilobyte}, {kilobyte}, n, {kilobyte}, {kilobyte})"
    parquet = pyarrow.parquet.ParquetFile(written(tmp_path, "wide.parquet", wide)).metadata
    assert parquet.num_row_groups >= 3, "160 MB of text in groups of 64"


# From a small process: the kernel counts to a program's peak what whoever started it held at that moment.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(rows):
        query = f"range n from 1 to {rows} step 1 | extend s = strcat('a text to be kept ', hash_xxhash64(n))"
        words = [WARDIAN, "query", query, "--output", tmp_path / "a.parquet", "--memory", "512MB"]
        return int(subprocess.run([sys.executable, "-S", "-c", PEAK, *words], stdout=subprocess.PIPE, check=True).stdout)

    assert peak(1_200_000) < peak(300_000) * 1.5


# --- what goes wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES[:3])
def test_nothing_but_a_whole_file_takes_its_place(tmp_path, name):
    file = tmp_path / name
    file.write_text("precious")
    long = "range n from 1 to 300000 step 1 | extend s = strcat('row ', n)"
    for query in (f"{long} | evaluate python(typeof(*), '1/0')", "print 1; print 2", f"{long}; print 2"):
        failed = run("query", query, "--output", file)
        assert failed.returncode == 1, query
        assert file.read_text() == "precious"
    assert "several results" in failed.stderr
    for ending, status in ((signal.SIGINT, 130), (signal.SIGKILL, -9)):
        process = subprocess.Popen([WARDIAN, "query", "range n from 1 to 10000000000 step 1", "--output", file])
        while not writes_into(process.pid, tmp_path):
            time.sleep(0.01)
        process.send_signal(ending)
        assert process.wait(timeout=30) == status
        assert file.read_text() == "precious"
        assert [path.name for path in tmp_path.iterdir()] == [name]


def writes_into(pid, folder):
    """Whether the process has a file of the folder open that has begun to grow."""
    for descriptor in pathlib.Path(f"/proc/{pid}/fd").glob("*"):
        try:
            if os.readlink(descriptor).startswith(f"{folder}/") and descriptor.stat().st_size > 0:
                return True
        except OSError:  # closed meanwhile
            continue
    return False


@pytest.mark.parametrize("form", ["arrow", "parquet"])
def test_a_full_disk_is_told(form):
    done = run("query", "range n from 1 to 300000 step 1", "--format", form, "--output", "/dev/full")
    assert done.returncode == 1
    assert "error DISK_FULL: Cannot write the answer: No space left on device" in done.stderr


def test_a_stream_that_breaks_off_is_no_whole_one():
    query = "range n from 1 to 300000 step 1 | extend t = iff(n == 290000, datetime(9999-12-31), datetime(2020-01-01))"
    done = subprocess.run([WARDIAN, "query", query, "--format", "arrow"], capture_output=True)
    assert done.returncode == 1
    assert b"error OVERFLOW: Column 't' has values that do not fit the unit of its first rows" in done.stderr
    with pytest.raises(pa.ArrowInvalid, match="Expected to read"):
        pa.ipc.open_stream(done.stdout).read_all()


def test_a_closed_pipe_ends_the_query():
    for form in ("arrow", "parquet"):
        command = f"{WARDIAN} query 'range n from 1 to 100000000000 step 1' --format {form} | head -c 100 | wc -c"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
        assert (done.stdout.strip(), done.stderr) == ("100", "")


def test_binary_formats_are_not_for_a_terminal():
    main, terminal = pty.openpty()
    done = subprocess.run(
        [WARDIAN, "query", "print 1", "--format", "parquet"], stdout=terminal, stderr=subprocess.PIPE, text=True
    )
    assert done.returncode == 2
    assert "--format: parquet is not for a terminal: name a file with --output, or use a pipe" in done.stderr
    os.close(terminal)
    os.close(main)


def test_the_name_tells_the_format_where_none_is_given(tmp_path):
    assert written(tmp_path, "a.parquet", "print x = 1").read_bytes().startswith(b"PAR1")
    assert written(tmp_path, "a.ipc", "print x = 1").read_bytes().startswith(b"ARROW1")
    assert written(tmp_path, "a.parquet", "print x = 1", "--format", "csv").read_text() == "x\n1\n"
    assert "x" in written(tmp_path, "a.txt", "print x = 1").read_text()


def test_files_without_rows_have_their_columns(tmp_path):
    for name in FILES:
        file = written(tmp_path, name, f"{ALL_ENDS} | where false")
        assert arrow_table(file).num_rows == 0
        types = "T | getschema | project ColumnName, ColumnType"
        assert answer(types, "--table", f"T={file}") == answer(f"{ALL_ENDS} | getschema | project ColumnName, ColumnType")
