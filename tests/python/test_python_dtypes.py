"""Columns in dtypes that a request asks for, tables of Arrow's and polars' in and out. Run by inside_call.py, without program.

Expected values are those that go in, and what the documentation of pandas says of its dtypes.
"""

from __future__ import annotations

import datetime
import decimal
import importlib.util
import math

import pytest
from inside_call import EPOCH_TICKS, GUID, LAST_TICKS, LONG, PANDAS, PYARROW, result

FORMS = ("default", "classic", "nullable", "arrow")

# Each type without nulls and with one, and a column of times beyond nanoseconds.
COLUMNS = {
    "b": ("bool", [True, False, True]),
    "i": ("int", [2**31 - 1, -(2**31), 0]),
    "l": ("long", [2**63 - 1, -(2**63), LONG]),
    "r": ("real", [1.5, -math.inf, 0.1]),
    "s": ("string", ["", "žluťoučký 🐎", "x"]),
    "t": ("datetime", [1_600_000_000_123_456_700, -100, 0]),
    "p": ("timespan", [10**9, -100, 0]),
    "d": ("decimal", [15 * 10**16, -(10**37), 0]),
    "y": ("dynamic", ['{"a":[1,2.5,null]}', '"text"', "1"]),
    "g": ("guid", [GUID, "00000000-0000-0000-0000-000000000000", GUID]),
    "b0": ("bool", [True, None, False]),
    "i0": ("int", [2**31 - 1, None, -1]),
    "l0": ("long", [LONG, None, 2**63 - 1]),
    "r0": ("real", [1.5, None, 2.5]),
    "t0": ("datetime", [1_600_000_000_123_456_700, None, -100]),
    "p0": ("timespan", [10**9, None, -100]),
    "d0": ("decimal", [15 * 10**16, None, 10]),
    "y0": ("dynamic", ['{"a":[1,2.5,null]}', None, '"text"']),
    "g0": ("guid", [GUID, None, GUID]),
    "tt": ("datetime@tick", [LAST_TICKS, None, EPOCH_TICKS + 7]),
    "pp": ("timespan@tick", [-(2**63), None, 7]),
}
SCHEMA = ", ".join(f"{name}:{kind.partition('@')[0]}" for name, (kind, _) in COLUMNS.items())


def crossed(name: str, row: int) -> object:
    """How a value of COLUMNS is read from a result."""
    kind, values = COLUMNS[name]
    value = values[row]
    return decimal.Decimal(value).scaleb(-17) if kind == "decimal" and value is not None else value


def ask(script: str, schema: str = SCHEMA, columns: dict | None = None, dtypes: str | None = None) -> dict:
    answer = result(script, schema, COLUMNS if columns is None else columns, dtypes=dtypes)
    assert "failure" not in answer, answer["failure"]["message"]
    return answer


def dtypes_of(form: str) -> dict[str, str]:
    names = ", ".join(COLUMNS)
    script = f"result = pd.DataFrame({{'n': {names.split(', ')}, 'd': [str(df[n].dtype) for n in {names.split(', ')}]}})"
    answer = ask(script, "n:string, d:string", dtypes=form)
    return dict(zip(answer["n"], answer["d"], strict=True))


def test_classic_dtypes_are_those_of_old() -> None:
    assert dtypes_of("classic") == {
        "b": "bool",
        "i": "int32",
        "l": "int64",
        "r": "float64",
        "s": "object",
        "t": "datetime64[ns]",
        "p": "timedelta64[ns]",
        "d": "object",
        "y": "object",
        "g": "object",
        "b0": "object",
        "i0": "float64",
        "l0": "float64",
        "r0": "float64",
        "t0": "datetime64[ns]",
        "p0": "timedelta64[ns]",
        "d0": "object",
        "y0": "object",
        "g0": "object",
        "tt": "object",
        "pp": "object",
    }


def test_nullable_dtypes_do_not_depend_on_nulls() -> None:
    kinds = {"b": "boolean", "i": "Int32", "l": "Int64", "r": "Float64", "g": "string", "t": "datetime64[ns]", "d": "object"}
    found = dtypes_of("nullable")
    assert {name: found[name] for name in kinds} == kinds
    assert {name: found[name + "0"] for name in kinds} == kinds
    assert found["s"] == "string"
    assert found["y"] == found["y0"] == "object"


def test_arrow_dtypes_are_arrows() -> None:
    found = dtypes_of("arrow")
    kinds = {
        "b": "bool[pyarrow]",
        "i": "int32[pyarrow]",
        "l": "int64[pyarrow]",
        "r": "double[pyarrow]",
        "g": "large_string[pyarrow]",
        "t": "timestamp[ns][pyarrow]",
        "p": "duration[ns][pyarrow]",
        "d": "decimal128(38, 17)[pyarrow]",
        "y": "object",
    }
    assert {name: found[name] for name in kinds} == kinds
    assert {name: found[name + "0"] for name in kinds} == kinds
    assert (found["tt"], found["pp"]) == ("timestamp[us][pyarrow]", "duration[us][pyarrow]")


SEEN = [
    ("classic", "[repr(float(df.i0[1])), repr(df.b0[0]), repr(df.b0[1]), repr(df.g0[1])]", ["nan", "True", "None", "None"]),
    ("classic", "[repr(df.tt[0]), str(df.tt[1])]", ["datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)", "None"]),
    ("nullable", "[repr(df[n][1]) for n in ('b0', 'i0', 'l0', 'r0', 'g0')]", ["<NA>"] * 5),
    ("nullable", "[str(df.l0[2]), str(df.l0[0] + 1)]", [str(2**63 - 1), str(LONG + 1)]),
    ("arrow", "[repr(df[n][1]) for n in ('b0', 'i0', 'l0', 'r0', 'g0', 'd0')]", ["<NA>"] * 6),
    (
        "arrow",
        "[repr(df.d[0]), repr(df.y[0])]",
        ["Decimal('1.50000000000000000')", "{'a': [1, 2.5, None]}"],
    ),
]


@pytest.mark.parametrize(("form", "expression", "seen"), SEEN)
def test_what_a_script_sees(form: str, expression: str, seen: list[str]) -> None:
    assert ask(f"result = pd.DataFrame({{'q': {expression}}})", "q:string", dtypes=form) == {"q": seen}


@pytest.mark.parametrize("form", FORMS)
def test_unchanged_columns_are_not_copied_back(form: str) -> None:
    for script in ("result = df", "result = df.copy()", "result = df[list(df.columns)[::-1]]"):
        answer = ask(script, dtypes=form)
        for position, name in enumerate(COLUMNS):
            if name[0] in "by":  # small, or open to change
                assert answer[name] == [crossed(name, row) for row in range(3)] or answer[name] == ("input", position), name
            elif form == "nullable" and PANDAS < 3 and name in ("s", "g", "g0") and isinstance(answer[name], list):
                assert answer[name] == [crossed(name, row) for row in range(3)]  # pandas before 2.2 makes objects of them
            else:
                assert answer[name] == ("input", position), (form, name, script)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rows", ["df.iloc[::-1]", "df[df.i != 0]", "df.take([2, 0])"])
def test_other_rows_of_a_frame_keep_every_value(form: str, rows: str) -> None:
    order = {"df.iloc[::-1]": [2, 1, 0], "df[df.i != 0]": [0, 1], "df.take([2, 0])": [2, 0]}[rows]
    answer = ask(f"result = {rows}", dtypes=form)
    for name, (kind, _) in COLUMNS.items():
        expected = [crossed(name, row) for row in order]
        if kind == "string":
            answer[name] = [value or "" for value in answer[name]]
        assert answer[name] == expected, (form, name)


@pytest.mark.parametrize("form", FORMS)
def test_scripts_may_write_into_their_frame(form: str) -> None:
    if form == "arrow" and PYARROW < 16:
        pytest.skip("pyarrow puts no new value into such a text")
    columns = {"x": ("long", [1, None, 3]), "s": ("string", ["old", "kept", "too"]), "r": ("real", [0.5, 1.5, 2.5])}
    script = "df.loc[0, 'x'] = 40\ndf.loc[2, 'x'] = None\ndf.loc[0, 's'] = 'new'\ndf['r'] = df['r'] * 2\nresult = df"
    answer = ask(script, "x:long, s:string, r:real", columns, form)
    assert answer == {"x": [40, None, None], "s": ["new", "kept", "too"], "r": [1.0, 3.0, 5.0]}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rows", [0, 1, 8192, 8193, 70_000])
def test_small_columns_and_large_ones_behave_alike(form: str, rows: int) -> None:
    columns = {
        "a": ("long", list(range(rows))),
        "b": ("long", [None if row % 3 else row for row in range(rows)]),
        "s": ("string", ["x" * (row % 9) for row in range(rows)]),
    }
    script = "assert df.a.sum() == len(df) * (len(df) - 1) // 2\nresult = df.iloc[1:]"
    answer = ask(script, "a:long, b:long, s:string", columns, form)
    for position, (name, (_, values)) in enumerate(columns.items()):
        if rows == 0 and answer[name] == ("input", position):
            continue
        assert [value or ("" if name == "s" else value) for value in answer[name]] == values[1:], name


def test_classic_integers_beyond_reals_come_back_where_they_were_left_alone() -> None:
    columns = {"x": ("long", [LONG, None, 2**63 - 1, 5])}
    assert ask("df.loc[3, 'x'] = 7\nresult = df", "x:long", columns, "classic") == {"x": [LONG, None, 2**63 - 1, 7]}
    assert ask("result = df.dropna().iloc[::-1]", "x:long", columns, "classic") == {"x": [5, 2**63 - 1, LONG]}
    assert ask("result = (df + 0).reset_index(drop=True)", "x:long", columns, "classic") == {"x": ("input", 0)}


@pytest.mark.skipif(PANDAS >= 3, reason="takes NaN for missing there as well")
def test_nan_is_no_null_where_pandas_knows_both() -> None:
    columns = {"x": ("real", [0.0, None, 2.5])}
    got = ask("df['x'] = df.x / df.x\nresult = df", "x:real", columns, "nullable")["x"]
    assert math.isnan(got[0]) and got[1:] == [None, 1.0]
    assert ask("df['x'] = df.x / df.x\nresult = df", "x:real", columns)["x"] == [None, None, 1.0]


# --- df_arrow -----------------------------------------------------------------------------------------------------------


def test_the_arrow_table_has_the_inputs_columns() -> None:
    script = "result = pd.DataFrame({'q': [str(f.type) for f in df_arrow.schema] + [str(df_arrow.num_rows)]})"
    assert ask(script, "q:string")["q"] == [
        *("bool", "int32", "int64", "double", "large_string", "timestamp[ns]", "duration[ns]", "decimal128(38, 17)"),
        *(
            "large_string",
            "large_string",
            "bool",
            "int32",
            "int64",
            "double",
            "timestamp[ns]",
            "duration[ns]",
            "decimal128(38, 17)",
        ),
        *("large_string", "large_string", "timestamp[us]", "duration[us]", "3"),
    ]


@pytest.mark.parametrize("script", ["result = df_arrow", "result = df_arrow.select(df_arrow.column_names)"])
def test_an_unchanged_arrow_table_is_not_copied_back(script: str) -> None:
    answer = ask(script)
    assert answer == {name: ("input", position) for position, name in enumerate(COLUMNS)}


@pytest.mark.parametrize(
    ("script", "order"),
    [
        ("import pyarrow as pa\nresult = df_arrow.take(pa.array([2, 0]))", [2, 0]),
        ("import pyarrow as pa\nresult = df_arrow.filter(pa.array([True, False, True]))", [0, 2]),
        ("result = df_arrow.slice(1)", [1, 2]),
        ("import pyarrow as pa\nresult = pa.concat_tables([df_arrow.slice(2), df_arrow.slice(0, 1)])", [2, 0]),
        ("import pyarrow as pa\nresult = df_arrow.slice(1).to_batches()[0]", [1, 2]),
        ("result = df_arrow.slice(1).to_reader()", [1, 2]),
    ],
)
def test_rows_of_the_arrow_table_come_back_exactly(script: str, order: list[int]) -> None:
    schema = ", ".join(part for part in SCHEMA.split(", ") if part[:2] not in ("tt", "pp"))
    answer = ask(script, schema)
    for part in schema.split(", "):
        name = part.partition(":")[0]
        assert answer[name] == [crossed(name, row) for row in order], name


def test_frame_and_table_do_not_see_what_is_written_to_the_other() -> None:
    rows = 20_000
    columns = {"x": ("long", list(range(rows)))}
    answer = ask("df.loc[0, 'x'] = 41\nresult = df_arrow", "x:long", columns)
    assert answer == {"x": ("input", 0)}
    answer = ask("df.loc[0, 'x'] = 41\nresult = pd.DataFrame({'x': [df_arrow['x'][0].as_py(), df.x[0]]})", "x:long", columns)
    assert answer == {"x": [0, 41]}


def test_only_what_is_named_is_made() -> None:
    names = "all = dir()\nresult = pd.DataFrame({'q': [n for n in ('d' + 'f', 'd' + 'f_arrow') if n in all]})"
    assert ask(names, "q:string") == {"q": []}
    assert ask(names + "  # df", "q:string") == {"q": ["df"]}
    assert ask(names + "  # df_arrow", "q:string") == {"q": ["df_arrow"]}
    assert ask(names + "  # df, df_arrow", "q:string") == {"q": ["df", "df_arrow"]}
    assert ask("result = eval('d' + 'f')", "s:string") == {"s": ("input", 4)}
    assert ask("result = ｄｆ", "s:string") == {"s": ("input", 4)}, "the same identifier to Python"
    assert ask("result = pd.DataFrame({'z': [1]})", "z:long", {"df": ("long", [1])}) == {"z": [1]}


# --- results of Arrow's and polars' -------------------------------------------------------------------------------------

ARROW_RESULTS = [
    ("pa.array([1.5, float('nan'), None])", "real", [1.5, "nan", None]),
    ("pa.array([1, None, 3], pa.int8())", "int", [1, None, 3]),
    ("pa.array([2**63 - 1], pa.uint64())", "long", [2**63 - 1]),
    ("pa.array([1, 2**53])", "real", [1.0, 2.0**53]),
    ("pa.array([1.5, None], pa.float32())", "real", [1.5, None]),
    ("pa.array([1.0, None])", "long", [1, None]),
    ("pa.array([True, None])", "bool", [True, None]),
    ("pa.array([1, 0, None])", "bool", [True, False, None]),
    ("pa.array(['a', None])", "string", ["a", None]),
    ("pa.array(['a', None, 'a']).dictionary_encode()", "string", ["a", None, "a"]),
    ("pa.array([1, 2])", "string", ["1", "2"]),
    ("pa.array(['{00000000-0000-0000-0000-00000000000A}', None])", "guid", ["00000000-0000-0000-0000-00000000000a", None]),
    ("pa.array([decimal.Decimal('1.50'), None])", "decimal", [decimal.Decimal("1.5"), None]),
    ("pa.array([decimal.Decimal('1.5'), None], pa.decimal256(50, 3))", "decimal", [decimal.Decimal("1.5"), None]),
    ("pa.array([datetime.datetime(1970, 1, 2), None], pa.timestamp('s'))", "datetime", [86400 * 10**9, None]),
    ("pa.array([0, None], pa.timestamp('ms', 'Europe/Prague'))", "datetime", [0, None]),
    ("pa.array([datetime.date(1970, 1, 2), None])", "datetime", [86400 * 10**9, None]),
    ("pa.array(['1970-01-01T00:00:01Z'])", "datetime", [10**9]),
    ("pa.array([datetime.timedelta(seconds=1), None])", "timespan", [10**9, None]),
    (f"pa.array([[{LONG}, None], None])", "dynamic", [f"[{LONG},null]", None]),
    (f"pa.array([{{'a': {LONG}, 'b': None}}])", "dynamic", [f'{{"a":{LONG},"b":null}}']),
    ("pa.array(['text', None])", "dynamic", ['"text"', None]),
    ("pa.array([None, None])", "dynamic", [None, None]),
    ("pa.array([None, None])", "datetime", [None, None]),
    ("pa.array([None, None])", "guid", [None, None]),
    ("pa.chunked_array([[1], [], [2, None]])", "long", [1, 2, None]),
    ("pa.chunked_array([], pa.int64())", "long", []),
]


AS_TABLE, AS_COLUMN = "pa.table({'z': v})", "pd.DataFrame({'z': pd.Series(v, dtype=pd.ArrowDtype(v.type))})"
NO_COLUMNS = ("chunked", "dictionary", "Prague")  # pandas makes none of these


def holders(array: str, expected: list) -> list[str]:
    # pandas 3 takes NaN for missing in such a column, pandas 1 has none.
    possible = PANDAS >= 2 and not (PANDAS >= 3 and "nan" in expected) and not any(word in array for word in NO_COLUMNS)
    return [AS_TABLE, AS_COLUMN] if possible else [AS_TABLE]


@pytest.mark.parametrize(
    ("array", "kind", "expected", "holder"),
    [(*case, holder) for case in ARROW_RESULTS for holder in holders(case[0], case[2])],
)
def test_arrows_columns_are_taken_as_they_are(array: str, kind: str, expected: list, holder: str) -> None:
    answer = ask(f"import pyarrow as pa, datetime, decimal\nv = {array}\nresult = {holder}", f"z:{kind}")
    got = answer["z"]
    assert ["nan" if isinstance(value, float) and math.isnan(value) else value for value in got] == expected


@pytest.mark.parametrize(
    ("array", "kind", "row", "value", "why"),
    [
        ("pa.array([1, 2**31])", "int", 1, "2147483648", "does not fit 32 bits"),
        ("pa.array([2**64 - 1], pa.uint64())", "long", 0, "18446744073709551615", "does not fit 64 bits"),
        ("pa.array([1.0, 2.5])", "long", 1, "2.5", "is no whole number"),
        (f"pa.array([0, {LONG}])", "real", 1, str(LONG), "is not exact as a real"),
        ("pa.array([2])", "bool", 0, "2", "is neither true nor false"),
        ("pa.array(['a'])", "guid", 0, "'a'", "is no guid"),
        ("pa.array([decimal.Decimal('1e-20')])", "decimal", 0, "Decimal('1E-20')", "more than 17 digits"),
        ("pa.array([0, 300_000_000_000], pa.timestamp('s'))", "datetime", 1, "11476-08-15T05:20:00", "outside the range"),
        ("pa.array(['x'])", "datetime", 0, "'x'", "is no datetime"),
        ("pa.array([b'\\xff'])", "string", 0, "b'\\xff'", "is no UTF-8 text"),
    ],
)
def test_what_does_not_fit_is_named(array: str, kind: str, row: int, value: str, why: str) -> None:
    answer = result(f"import pyarrow as pa, decimal\nresult = pa.table({{'z': {array}}})", f"z:{kind}")
    assert f"Column z, row {row} of result: {value}" in answer["failure"]["message"]
    assert why in answer["failure"]["message"]


def test_arrow_columns_are_matched_like_those_of_pandas() -> None:
    script = "import pyarrow as pa\nresult = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=['b', 'c'])"
    assert ask(script, "a:long, b:long") == {"a": [2], "b": [1]}
    message = result(script, "a:long, b:long, d:long")["failure"]["message"]
    assert "b:int64, c:int64" in message
    assert "Missing: (a, d)" in message
    twice = "import pyarrow as pa\nresult = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=['a', 'a'])"
    assert "Column a stands 2 times" in result(twice, "a:long")["failure"]["message"]


POLARS_RESULTS = [
    ("pl.DataFrame({'z': [1, None]})", "long", [1, None]),
    ("pl.DataFrame({'z': [1, None]}).lazy().filter(pl.col('z') == 1)", "long", [1]),
    ("pl.Series('z', [1, None])", "long", [1, None]),
    ("pl.DataFrame({'z': [1.5, float('nan'), None]})", "real", [1.5, "nan", None]),
    ("pl.DataFrame({'z': ['č', None]})", "string", ["č", None]),
    ("pl.DataFrame({'z': pl.Series(['a', None, 'a'], dtype=pl.Categorical)})", "string", ["a", None, "a"]),
    ("pl.DataFrame({'z': pl.Series(['a', 'b'], dtype=pl.Enum(['a', 'b']))})", "string", ["a", "b"]),
    ("pl.DataFrame({'z': [datetime.datetime(1970, 1, 2), None]})", "datetime", [86400 * 10**9, None]),
    ("pl.DataFrame({'z': [datetime.date(1970, 1, 2), None]})", "datetime", [86400 * 10**9, None]),
    ("pl.DataFrame({'z': [datetime.timedelta(seconds=1), None]})", "timespan", [10**9, None]),
    ("pl.DataFrame({'z': [decimal.Decimal('1.5'), None]})", "decimal", [decimal.Decimal("1.5"), None]),
    ("pl.DataFrame({'z': [[1, 2], None]})", "dynamic", ["[1,2]", None]),
    ("pl.DataFrame({'z': [{'a': 1}, {'a': None}]})", "dynamic", ['{"a":1}', '{"a":null}']),
    ("pl.DataFrame({'z': pl.Series([2**64 - 1], dtype=pl.UInt64)})", "decimal", [decimal.Decimal(2**64 - 1)]),
]


@pytest.mark.skipif(importlib.util.find_spec("polars") is None, reason="no polars here")
@pytest.mark.parametrize(("frame", "kind", "expected"), POLARS_RESULTS)
def test_polars_frames_are_taken(frame: str, kind: str, expected: list) -> None:
    answer = ask(f"import polars as pl, datetime, decimal\nresult = {frame}", f"z:{kind}")
    assert ["nan" if isinstance(value, float) and math.isnan(value) else value for value in answer["z"]] == expected


@pytest.mark.skipif(importlib.util.find_spec("polars") is None, reason="no polars here")
def test_polars_takes_the_arrow_table_and_gives_it_back() -> None:
    names = ["b0", "i0", "l0", "r0", "s", "t0", "p0", "d0", "g0"]
    schema = ", ".join(part for part in SCHEMA.split(", ") if part.partition(":")[0] in names)
    answer = ask("import polars as pl\nresult = pl.from_arrow(df_arrow).reverse()", schema)
    for name in names:
        assert answer[name] == [crossed(name, row) for row in (2, 1, 0)], name
    nanoseconds = datetime.datetime(2020, 9, 13, 12, 26, 40)
    script = f"import polars as pl, datetime\nx = pl.from_arrow(df_arrow)\nresult = x.filter(pl.col('t0') > {nanoseconds!r})"
    assert ask(script, "l0:long") == {"l0": [LONG]}
