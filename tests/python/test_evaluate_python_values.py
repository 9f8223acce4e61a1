"""Values at their edges on the way out of a script: kept to the last digit, or refused by column, row and value.

Run without program and sandbox, by inside_call.py. Expected values are arithmetic by hand, or the limits that the documentation
of Python, numpy and KQL states.
"""

from __future__ import annotations

import decimal

import pytest
from inside_call import EPOCH_TICKS, LAST_TICKS, LONG, PANDAS, PYARROW, result

DEEP = "def deep(n):\n    made = 1\n    for _ in range(n): made = [made]\n    return made\n"
STREAM = """
class Stream:
    def __init__(self, table): self.table = table
    def __arrow_c_stream__(self, requested_schema=None): return self.table.__arrow_c_stream__(requested_schema)
    def to_pandas(self): return self.table.to_pandas()
"""


@pytest.mark.parametrize(
    ("table", "schema", "expected"),
    [
        (f"pa.table({{'z': [{LONG}, None]}})", "z:long", [LONG, None]),
        (f"pa.RecordBatch.from_pydict({{'z': [{LONG}, None]}})", "z:long", [LONG, None]),
        ("pa.table({'z': pa.array([2**63 - 1, None], pa.uint64())})", "z:long", [2**63 - 1, None]),
        ("pa.table({'z': [True, None]})", "z:bool", [True, None]),
        (f"pa.table({{'z': [[{LONG}, None]]}})", "z:dynamic", [f"[{LONG},null]"]),
        (f"pa.table({{'z': [{{'a': {LONG}, 'b': None}}]}})", "z:dynamic", [f'{{"a":{LONG},"b":null}}']),
        ("pa.table({'z': pa.array([decimal.Decimal('0.10'), None])})", "z:decimal", [decimal.Decimal("0.10"), None]),
        ("pa.table({'z': pa.array([None, None])})", "z:long", [None, None]),
        pytest.param(
            *(f"Stream(pa.table({{'z': [{LONG}, None]}}))", "z:long", [LONG, None]),
            marks=pytest.mark.skipif(PYARROW < 14, reason="takes no other program's tables"),
        ),
        (f"pa.table({{'z': [{LONG}, None]}}).to_pandas(types_mapper=pd.ArrowDtype)", "z:long", [LONG, None]),
    ],
)
def test_arrow_tables_keep_integers_among_nulls(table: str, schema: str, expected: list) -> None:
    assert result(f"import decimal\nimport pyarrow as pa\n{STREAM}\nresult = {table}", schema) == {"z": expected}


@pytest.mark.parametrize("kind", ["bool", "int", "long", "real", "decimal", "string", "datetime", "timespan", "dynamic", "guid"])
@pytest.mark.parametrize(
    "missing",
    ["None", "float('nan')", "np.float32('nan')", "pd.NA", "pd.NaT", "np.datetime64('NaT')", "decimal.Decimal('NaN')"],
)
def test_whatever_pandas_takes_for_missing_is_null(kind: str, missing: str) -> None:
    script = f"import decimal\nresult = pd.DataFrame({{'z': pd.Series([{missing}], dtype=object)}})"
    assert result(script, f"z:{kind}") == {"z": [None]}


def column(values: str, kind: str) -> dict:
    objects = ", dtype=object" if values.startswith("[") else ""
    return result(
        f"import datetime, decimal\n{DEEP}result = pd.DataFrame({{'z': pd.Series({values}{objects})}})",
        f"z:{kind}",
    )


@pytest.mark.parametrize(
    ("values", "kind", "row", "value", "why"),
    [
        ("[1, decimal.Decimal(1) / 3]", "decimal", 1, "Decimal('0.3333333333333333333333333333')", "more than 17 digits behind"),
        ("[1e-18]", "decimal", 0, "1e-18", "more than 17 digits behind its point"),
        ("[decimal.Decimal('Infinity')]", "decimal", 0, "Decimal('Infinity')", "does not fit"),
        ("[datetime.timedelta.max]", "timespan", 0, "datetime.timedelta(days=999999999", "outside the range of timespan"),
        ("[None, datetime.timedelta.min]", "timespan", 1, "datetime.timedelta(days=-999999999", "outside the range of timespan"),
        ("['2020-01-01', 'x']", "datetime", 1, "'x'", "is no datetime"),
        ("['9999-12-31T23:59:59.99999999999']", "datetime", 0, "'9999-12-31", "is no datetime"),
        ("[2**53 + 1, 2**64 + 1]", "dynamic", 1, "18446744073709551617", "beyond 64 bits"),
        ("[[1], {'a': [2**63 + 1]}]", "dynamic", 1, "{'a': [9223372036854775809]}", "beyond 64 bits"),
        ("[1, deep(257)]", "dynamic", 1, "[[[", "nested deeper than 256 levels"),
        ("[1, deep(5000)]", "dynamic", 1, "", "nested deeper than 256 levels"),
    ],
)
def test_what_does_not_fit_is_named(values: str, kind: str, row: int, value: str, why: str) -> None:
    is_named(column(values, kind), kind, row, value, why)


@pytest.mark.skipif(PANDAS < 2, reason="pandas 1 makes no such column")
@pytest.mark.parametrize(
    ("values", "kind", "row", "value"),
    [
        ("np.array([0, 10**12], dtype='m8[s]')", "timespan", 1, "1000000000000 seconds"),
        ("np.array([0, 300_000_000_000], dtype='M8[s]')", "datetime", 1, "11476-08-15T05:20:00"),
        ("np.array(['0000-12-31T23:59:59'], dtype='M8[us]')", "datetime", 0, "0000-12-31T23:59:59"),
    ],
)
def test_times_too_far_for_the_language_are_named(values: str, kind: str, row: int, value: str) -> None:
    is_named(column(values, kind), kind, row, value, f"outside the range of {kind}")


def is_named(answer: dict, kind: str, row: int, value: str, why: str) -> None:
    failure = answer["failure"]
    assert failure["code"] == "bad_result"
    assert f"Column z, row {row} of result: {value}" in failure["message"]
    assert why in failure["message"]
    assert f"declared {kind}" in failure["message"]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (
            "[1.5, decimal.Decimal('0.00000000000000001'), 1/3, 0.1, 7, decimal.Decimal('0E-40')]",
            "decimal",
            [decimal.Decimal(text) for text in ("1.5", "1E-17", "0.3333333333333333", "0.1", "7", "0")],
        ),
        ("['', 'NaT', '1970-01-01']", "datetime", [None, None, 0]),
        # Beyond nanoseconds, so ticks: the last moment, and one of our own time with all its digits.
        ("['9999-12-31T23:59:59.9999999', '1970-01-01T00:00:00.0000007Z']", "datetime", [LAST_TICKS, EPOCH_TICKS + 7]),
        ("['9999-12-31T23:59:59.9999999+01:00']", "datetime", [LAST_TICKS - 36_000_000_000]),
        ("['0001-01-01', pd.Timestamp(100, unit='ns')]", "datetime", [0, EPOCH_TICKS + 1]),
        ("np.array([2**63 - 1, -2**63 + 1, 'NaT'], dtype='m8[ns]')", "timespan", [2**63 - 1, -(2**63) + 1, None]),
        (
            "[np.timedelta64(922337203685, 's'), np.timedelta64(7, 'D')]",
            "timespan",
            [9_223_372_036_850_000_000, 7 * 864_000_000_000],
        ),
        ("pd.PeriodIndex(['9999-12', None], freq='M')", "datetime", [LAST_TICKS + 1 - 31 * 864_000_000_000, None]),
        ("[2**64, 2**63 - 1, -2**63]", "dynamic", ["1.8446744073709552e+19", "9223372036854775807", "-9223372036854775808"]),
        ("[deep(256)]", "dynamic", ["[" * 256 + "1" + "]" * 256]),
    ],
)
def test_what_fits_is_kept(values: str, kind: str, expected: list) -> None:
    assert column(values, kind) == {"z": expected}


# --- a column of which some time lies beyond nanoseconds ----------------------------------------------------------------

FAR = {
    "t": ("datetime@tick", [LAST_TICKS, EPOCH_TICKS + 7, None, 0]),
    "p": ("timespan@tick", [-(2**63), 7, None, 2**63 - 1]),
    "n": ("long", [0, 1, 2, 3]),
}


# pandas 1 knows nanoseconds only: such a column is of Python's own times there.
FAR_SEEN = {
    True: [
        "object",
        "object",
        "datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)",
        "datetime.timedelta(days=-10675200, seconds=76314, microseconds=522420)",
        "None",
    ],
    False: [
        "datetime64[us]",
        "timedelta64[us]",
        "Timestamp('9999-12-31 23:59:59.999999')",
        "Timedelta('-10675200 days +21:11:54.522420')",  # -2^63 ticks are -922337203685.4775808 seconds
        "NaT",
    ],
}


def test_far_times_come_in_microseconds_cut_towards_zero() -> None:
    seen = "[str(df.t.dtype), str(df.p.dtype), repr(df.t[0]), repr(df.p[0]), repr(df.t[2])]"
    assert result(f"result = pd.DataFrame({{'q': {seen}}})", "q:string", FAR)["q"] == FAR_SEEN[PANDAS < 2]


@pytest.mark.parametrize("script", ["result = df", "result = df.copy()", "result = df.iloc[::-1].iloc[::-1]"])
def test_far_columns_that_are_unchanged_are_not_copied_back(script: str) -> None:
    assert result(script, "t:datetime, p:timespan", FAR) == {"t": ("input", 0), "p": ("input", 1)}


@pytest.mark.parametrize(
    ("change", "t", "p"),
    [
        ("df.loc[0, 't'] = pd.Timestamp(0)\nresult = df", [EPOCH_TICKS, EPOCH_TICKS + 7, None, 0], ("input", 1)),
        ("result = df[df.n.isin([3, 1])].iloc[::-1]", [0, EPOCH_TICKS + 7], [2**63 - 1, 7]),
        pytest.param(
            "import datetime\nresult = df\nresult.loc[df.n == 3, 't'] += datetime.timedelta(microseconds=1)",
            [LAST_TICKS, EPOCH_TICKS + 7, None, 10],
            ("input", 1),
            marks=pytest.mark.skipif(PANDAS < 2, reason="pandas 1 adds nothing to such times"),
        ),
        # With labels of its own a frame does not tell which rows they were: whole microseconds, since 1970, remain.
        ("result = df[df.n == 1].set_index([['a']])", [0], [0]),
    ],
)
def test_times_that_a_script_left_alone_keep_their_last_digit(change: str, t: list, p: list) -> None:
    assert result(change, "t:datetime, p:timespan", FAR) == {"t": t, "p": p}


# --- texts, headlines, wide tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "headline", "report"),
    [
        ("raise ValueError('a\\ud800b')", "ValueError: a?b", "ValueError: a?b"),
        ("raise ValueError('one\\ntwo\\nthree')", "ValueError: one", "two\nthree"),
        ("raise ValueError('\\n  two\\nthree')", "ValueError: two", "three"),
        ("x = (", "SyntaxError: '(' was never closed", "x = ("),
    ],
)
def test_an_exception_has_one_line_that_names_it(script: str, headline: str, report: str) -> None:
    failure = result(script, "a:long")["failure"]
    assert (failure["code"], failure["message"]) == ("script_error", headline)
    assert report in failure["report"]


@pytest.mark.parametrize(
    "script",
    [
        "    from __future__ import annotations\n    def f(x: nowhere): pass\n    result = df",
        "if 1:\n    from __future__ import annotations\n    def f(x: nowhere): pass\n    result = df",
        "\n  '''About.'''\n  from __future__ import annotations\n  def f(x: nowhere): pass\n  result = df",
        "from __future__ import annotations\ndef f(x: nowhere): pass\nresult = df",
    ],
)
def test_indented_scripts_may_import_from_the_future(script: str) -> None:
    assert result(script, "x:long") == {"x": ("input", 0)}


@pytest.mark.parametrize("every", [1, 2])
def test_wide_results_are_told_in_a_short_reply(every: int) -> None:
    count = 6000
    wide = {f"c{at}": ("long", [at]) for at in range(count)}
    schema = ", ".join(f"c{at}:long" for at in range(count))
    answer = result(f"result = pd.DataFrame({{c: df[c] + (int(c[1:]) % {every} == 0) for c in df}})", schema, wide)
    assert [answer[f"c{at}"] for at in range(count)] == [[at + (1 if at % every == 0 else 0)] for at in range(count)]
    answer = result("df['c7'] = 0\nresult = df", schema, wide)
    assert (answer["c6"], answer["c7"], answer["c8"]) == (("input", 6), [0], ("input", 8))


# --- what other libraries make ------------------------------------------------------------------------------------------

LARGE = 2**53 + 1  # no real is equal to it


@pytest.mark.parametrize(
    ("text", "expected"),
    [("17393049783263565224935201666877106481", None), ("123456789012345678901", "123456789012345678901"), ("-1.5", "-1.5")],
)
def test_decimals_of_arrow_that_do_not_fit_are_told(text: str, expected: str | None) -> None:
    script = f"import pyarrow as pa, decimal\nresult = pa.table({{'z': pa.array([decimal.Decimal('{text}'), None])}})"
    if expected is None:
        told = result(script, "z:decimal")["failure"]
        assert "Column z, row 0" in told["message"] and "21 digits" in told["message"], told
    else:
        assert result(script, "z:decimal") == {"z": [decimal.Decimal(expected), None]}


@pytest.mark.parametrize("form", ["pa.array(v)", "pa.chunked_array([v])", "df_arrow.column(0)"])
def test_a_column_of_arrow_is_a_result(form: str) -> None:
    values = [LARGE, None, 5]
    answer = result(f"import pyarrow as pa\nv = [{LARGE}, None, 5]\nresult = {form}", "x:long", {"x": ("long", values)})
    assert answer["x"] in (values, ("input", 0))


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (f"pd.Categorical.from_codes([0, -1], [{LARGE}])", "long", [LARGE, None]),
        (f"pd.Categorical.from_codes([0, -1], [{LARGE}])", "string", [str(LARGE), None]),
        ("pd.Categorical([3, None])", "string", ["3", None]),
        ("pd.Categorical([3, None])", "dynamic", ["3", None]),
        ("pd.Categorical([None, None])", "string", [None, None]),
        ("pd.cut([1.0, np.nan, 2.0], [0.0, 1.0, 2.0])", "string", ["(0.0, 1.0]", None, "(1.0, 2.0]"]),
        ("pd.array(pd.cut([1.0, np.nan], [0.0, 1.0])).astype('interval')", "string", ["(0.0, 1.0]", None]),
    ],
)
def test_categories_are_their_values(values: str, kind: str, expected: list) -> None:
    got = result(f"result = pd.DataFrame({{'z': {values}}})", f"z:{kind}")["z"]
    assert [value or None for value in got] == expected


def test_periods_keep_what_they_begin_with() -> None:
    times = "pd.Series(pd.to_datetime(['2020-01-01 00:00:00.123456'])).dt.to_period"
    script = f"result = pd.DataFrame({{'a': {times}('ms'), 'b': {times}('us'), 'c': {times}('s')}})"
    second = 1577836800 * 10**9
    answer = result(script, "a:datetime, b:datetime, c:datetime")
    assert answer == {"a": [second + 123_000_000], "b": [second + 123_456_000], "c": [second]}


@pytest.mark.parametrize("text", ["12:30", "01/02/2020", "1 Jan 2020", "2020-01-01 12:00 EST", "tomorrow", "2020-W01"])
def test_texts_that_may_be_other_times_are_none(text: str) -> None:
    told = result(f"result = pd.DataFrame({{'z': [{text!r}]}})", "z:datetime")["failure"]
    assert "is no datetime" in told["message"], told


@pytest.mark.parametrize(
    "text", ["2020-01-01", "2020-01-01T00:00Z", "2020-01-01 01:00+01:00", "20200101", " 2020-01-01 00:00:00.0 "]
)
def test_iso_texts_are_times(text: str) -> None:
    assert result(f"result = pd.DataFrame({{'z': [{text!r}, '', 'NaT']}})", "z:datetime") == {
        "z": [1577836800 * 10**9, None, None]
    }


def test_text_of_an_enumeration_is_its_value() -> None:
    script = "import enum\nclass C(str, enum.Enum):\n    RED = 'red'\nresult = pd.DataFrame({'z': [C.RED, 7]})"
    assert result(script, "z:string") == {"z": ["red", "7"]}


@pytest.mark.parametrize("kind", ["long", "int", "real", "string", "dynamic"])
def test_floats_of_other_widths(kind: str) -> None:
    columns = "{'z': np.array([2, 3], dtype=np.float16), 'w': np.array([2, 3], dtype=np.longdouble)}"
    script = f"np.seterr(all='raise')\nresult = pd.DataFrame({columns})"
    answer = result(script, f"z:{kind}, w:{kind}")
    assert [float(value) for value in answer["z"]] == [float(value) for value in answer["w"]] == [2.0, 3.0]


def test_what_native_code_wrote_into_arrows_memory_is_seen() -> None:
    script = """
import ctypes
column = df_arrow.column(0).chunk(0)
ctypes.cast(column.buffers()[1].address, ctypes.POINTER(ctypes.c_double))[0] = 10.0
result = df_arrow
"""
    assert result(script, "x:real", {"x": ("real", [1.0, 2.0])}) == {"x": [10.0, 2.0]}
