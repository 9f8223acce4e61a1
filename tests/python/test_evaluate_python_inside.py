"""What happens inside the sandbox, run here without one: frames in, script, frames out. No program is needed."""

from __future__ import annotations

import datetime
import decimal
import json
import math
import os
import pathlib
import subprocess
import sys

import pytest
from inside_call import GUID, PANDAS, SECOND, call, result

# Each type with its extremes and a null, and what a script sees.
EVERY_TYPE = {
    "b": ("bool", [True, False, None]),
    "i": ("int", [2**31 - 1, -(2**31), None]),
    "l": ("long", [2**63 - 1, -(2**63), None]),
    "r": ("real", [1.5, -math.inf, None]),
    "d": ("decimal", [15 * 10**16, -(10**37), None]),
    "s": ("string", ["", "žluťoučký 🐎", "x"]),
    "t": ("datetime", [1_600_000_000_123_456_700, -1, None]),
    "p": ("timespan", [SECOND, -100, None]),
    "y": ("dynamic", ['{"a":[1,2.5,null]}', '"text"', None]),
    "g": ("guid", [GUID, "00000000-0000-0000-0000-000000000000", None]),
}


def test_unchanged_columns_are_not_copied_back() -> None:
    schema = ", ".join(f"{name}:{kind}" for name, (kind, _) in EVERY_TYPE.items())
    answer = result("result = df", schema, EVERY_TYPE)
    for position, (name, (kind, _)) in enumerate(EVERY_TYPE.items()):
        if kind not in ("bool", "dynamic"):  # small, or open to change
            assert answer[name] == ("input", position), name
    assert answer["b"] == [True, False, None]
    assert answer["y"] == ['{"a":[1,2.5,null]}', '"text"', None]


def test_every_type_survives_a_copy_of_its_values() -> None:
    for name, (kind, values) in EVERY_TYPE.items():
        got = result(f"result = pd.DataFrame({{'z': df['{name}'].copy()}})", f"z:{kind}", {name: (kind, values)})
        if kind == "decimal":
            values = [None if v is None else decimal.Decimal(v).scaleb(-17) for v in values]
        assert got["z"] == values, (name, got)


@pytest.mark.parametrize(
    ("kind", "values", "expression", "seen"),
    [
        ("long", [1, 2], "str(df.z.dtype)", "int64"),
        ("long", [1, None], "str(df.z.dtype)", "Int64"),
        ("int", [1, 2], "str(df.z.dtype)", "int32"),
        ("int", [1, None], "str(df.z.dtype)", "Int32"),
        ("real", [1, None], "str(df.z.dtype)", "float64"),
        ("bool", [True, False], "str(df.z.dtype)", "bool"),
        ("bool", [True, None], "str(df.z.dtype)", "boolean"),
        ("datetime", [0, None], "str(df.z.dtype)", "datetime64[ns]"),
        ("timespan", [0, None], "str(df.z.dtype)", "timedelta64[ns]"),
        ("string", ["a"], "type(df.z[0]).__name__", "str"),
        ("guid", [GUID], "type(df.z[0]).__name__", "str"),
        ("decimal", [15 * 10**16], "repr(df.z[0])", "Decimal('1.5')"),
        ("decimal", [100 * 10**17], "repr(df.z[0])", "Decimal('100')"),
        ("dynamic", ['{"a": [1]}'], "repr(df.z[0])", "{'a': [1]}"),
        ("dynamic", ["[1, 2]"], "type(df.z[0]).__name__", "list"),
        ("dynamic", [None], "repr(df.z[0])", "None"),
        ("datetime", [1_600_000_000_123_456_700], "str(df.z[0])", "2020-09-13 12:26:40.123456700"),
    ],
)
def test_what_a_script_sees(kind: str, values: list, expression: str, seen: str) -> None:
    assert result(f"result = pd.DataFrame({{'q': [{expression}]}})", "q:string", {"z": (kind, values)}) == {"q": [seen]}


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ("[1, 2]", "long", [1, 2]),
        ("[1.0, 2.0]", "long", [1, 2]),
        ("[1.0, float('nan')]", "long", [1, None]),
        ("[1, None]", "long", [1, None]),
        ("[True, False]", "long", [1, 0]),
        ("np.array([1, 2], dtype='uint8')", "int", [1, 2]),
        ("np.array([2**63 - 1], dtype='uint64')", "long", [2**63 - 1]),
        ("pd.array([1, None], dtype='Int64')", "int", [1, None]),
        ("np.array([decimal.Decimal(3), np.int8(4), pd.NA], dtype=object)", "long", [3, 4, None]),
        ("[1, 2]", "real", [1.0, 2.0]),
        ("np.array([1.5], dtype='float32')", "real", [1.5]),
        ("pd.array([1.5, None], dtype='Float64')", "real", [1.5, None]),
        ("[None, 1.5, 2]", "real", [None, 1.5, 2.0]),
        ("[0, 1]", "bool", [False, True]),
        ("[True, None]", "bool", [True, None]),
        ("pd.array([True, None], dtype='boolean')", "bool", [True, None]),
        ("['a', None, float('nan')]", "string", ["a", None, None]),
        ("[1, 2]", "string", ["1", "2"]),
        ("[{'a': 1}]", "string", ['{"a":1}']),
        ("pd.Categorical(['a', 'b', 'a', None])", "string", ["a", "b", "a", None]),
        ("pd.Categorical([1, 2])", "long", [1, 2]),
        ("pd.array(['a', None], dtype='string')", "string", ["a", None]),
        ("pd.array(['a', None], dtype=pd.ArrowDtype(pa.string()))", "string", ["a", None]),
        ("pd.arrays.SparseArray([0, 1])", "long", [0, 1]),
        ("pd.to_datetime(['2020-01-01T01:00+01:00'])", "datetime", [1_577_836_800 * SECOND]),
        ("[datetime.datetime(1970, 1, 2), pd.NaT, np.datetime64(1, 'ns')]", "datetime", [86400 * SECOND, None, 1]),
        ("[datetime.date(1970, 1, 2)]", "datetime", [86400 * SECOND]),
        ("['1970-01-01T00:00:01Z']", "datetime", [SECOND]),
        # Beyond nanoseconds: ticks of 100 ns since the year 1, as .NET's DateTime.Ticks counts them.
        ("[datetime.datetime(9999, 12, 31)]", "datetime", [3_155_378_112_000_000_000]),
        ("np.array(['1970-01-02'], dtype='M8[D]')", "datetime", [86400 * SECOND]),
        ("pd.period_range('1970-01', periods=2, freq='M')", "datetime", [0, 31 * 86400 * SECOND]),
        ("[datetime.timedelta(seconds=1), pd.Timedelta(7, 'ns')]", "timespan", [SECOND, 7]),
        ("pd.to_timedelta([1], unit='s')", "timespan", [SECOND]),
        ("[decimal.Decimal('1.5'), 2, 0.1]", "decimal", [decimal.Decimal("1.5"), decimal.Decimal(2), decimal.Decimal("0.1")]),
        (
            "[uuid.UUID(int=1), '{00000000-0000-0000-0000-00000000000A}', None]",
            "guid",
            ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-00000000000a", None],
        ),
        (
            "[{'a': np.array([1, 2]), 'b': np.float32(0.5), 'c': pd.NaT, 1: (1, 2)}]",
            "dynamic",
            ['{"a":[1,2],"b":0.5,"c":null,"1":[1,2]}'],
        ),
        ("[[float('nan'), float('inf'), 2**70]]", "dynamic", ["[null,null,1.1805916207174113e+21]"]),
        ("[np.array([1.5, 2.0])]", "dynamic", ["[1.5,2.0]"]),
        ("['text', 5, True, None]", "dynamic", ['"text"', "5", "true", None]),
        (
            "[pd.Timestamp('2020-01-01'), datetime.timedelta(days=1, seconds=2)]",
            "dynamic",
            ['"2020-01-01T00:00:00.0000000Z"', '"1.00:00:02"'],
        ),
        ("[1, 2]", "dynamic", ["1", "2"]),
        ("[set([3])]", "dynamic", ["[3]"]),
    ],
)
def test_lossless_conversions(values: str, kind: str, expected: list) -> None:
    script = f"import datetime, decimal, uuid\nimport pyarrow as pa\nv = {values}\nresult = pd.DataFrame({{'z': pd.Series(v)}})"
    if values.startswith("[") and kind not in ("dynamic",):
        assert result(script.replace("pd.Series(v)", "pd.Series(v, dtype=object)"), f"z:{kind}") == {"z": expected}
    assert result(script, f"z:{kind}") == {"z": expected}


@pytest.mark.parametrize(
    ("values", "kind", "row", "value"),
    [
        ("[1, 2.5]", "long", 1, "2.5"),
        ("['7', 'x']", "long", 0, "'7'"),
        ("[2**31]", "int", 0, "2147483648"),
        ("[0.0, 1e300]", "long", 1, "1e+300"),
        ("[2**63]", "long", 0, "9223372036854775808"),
        ("[float('inf')]", "long", 0, "inf"),
        ("[2**53 + 1]", "real", 0, "9007199254740993"),
        ("[1 + 2j]", "real", 0, "(1+2j)"),
        ("[0, 2]", "bool", 1, "2"),
        ("['true']", "bool", 0, "'true'"),
        ("[object()]", "string", 0, "<object object"),
        pytest.param(
            *("['\\ud800']", "string", 0, "'\\ud800'"), marks=pytest.mark.skipif(PANDAS >= 3, reason="pandas itself refuses it")
        ),
        ("[b'\\xff']", "string", 0, "b'\\xff'"),
        ("['yesterday-ish']", "datetime", 0, "'yesterday-ish'"),
        ("['not a guid']", "guid", 0, "'not a guid'"),
        ("[10**30]", "decimal", 0, "1000000000000000000000000000000"),
        ("[object()]", "dynamic", 0, "<object object"),
        ("[['\\ud800']]", "dynamic", 0, "['\\ud800']"),
    ],
)
def test_lossy_conversions_name_column_row_and_value(values: str, kind: str, row: int, value: str) -> None:
    failure = result(f"result = pd.DataFrame({{'z': {values}}})", f"z:{kind}")["failure"]
    assert failure["code"] == "bad_result"
    assert f"Column z, row {row} of result: {value}" in failure["message"]
    assert f"declared {kind}" in failure["message"]


def test_circular_and_deep_values_are_refused() -> None:
    for script in (
        "a = []; a.append(a); result = pd.DataFrame({'z': [a]})",
        "a = []\nfor i in range(5000): a = [a]\nresult = pd.DataFrame({'z': [a]})",
    ):
        assert result(script, "z:dynamic")["failure"]["code"] == "bad_result"


@pytest.mark.parametrize(
    ("script", "schema", "expected"),
    [
        ("result = pd.DataFrame({'b': [1], 'a': [2]})", "a:long, b:long", {"a": [2], "b": [1]}),
        ("result = pd.DataFrame({'c': [1], 'd': [2]})", "a:long, b:long", {"a": [1], "b": [2]}),
        ("result = pd.DataFrame({'b': [1], 'd': [2]})", "a:long, b:long", {"a": [2], "b": [1]}),
        ("result = pd.DataFrame([[1, 2]])", "a:long, b:long", {"a": [1], "b": [2]}),
        ("result = pd.DataFrame({'a': [1], 'extra': [2]})", "a:long", {"a": [1]}),
        ("result = pd.DataFrame({'a': [5, 6]}, index=['p', 'q'])", "a:long", {"a": [5, 6]}),
        ("result = pd.Series([5, 6], name='other')", "a:long", {"a": [5, 6]}),
        ("import pyarrow as pa\nresult = pa.table({'a': [1, None]})", "a:long", {"a": [1, None]}),
        ("result = pd.DataFrame({'a': []})", "a:long", {"a": []}),
        ("result = pd.DataFrame({'a': []})", "a:dynamic", {"a": []}),
        ("result = pd.DataFrame({'a': []})", "a:datetime", {"a": []}),
        ("class F(pd.DataFrame): pass\nresult = F({'a': [1]})", "a:long", {"a": [1]}),
    ],
)
def test_columns_are_matched_by_name_then_by_position(script: str, schema: str, expected: dict) -> None:
    assert result(script, schema) == expected


@pytest.mark.parametrize(
    ("script", "schema", "code", "parts"),
    [
        ("pass", "a:long", "no_result", ["no variable result"]),
        ("result = [1]", "a:long", "bad_result", ["DataFrame", "a list", "[1]"]),
        ("result = None", "a:long", "bad_result", ["DataFrame", "NoneType"]),
        ("result = df", "a:long, b:long", "bad_result", ["a:long, b:long", "x:int64", "Missing: (a, b)"]),
        ("result = pd.DataFrame([[1, 2]], columns=['a', 'a'])", "a:long, b:long", "bad_result", ["a stands 2 times"]),
        ("result = df.groupby('x').size().to_frame('n')", "x:long, n:long", "bad_result", ["Missing: (x)"]),
    ],
)
def test_mismatches_say_what_was_expected_and_what_came(script: str, schema: str, code: str, parts: list[str]) -> None:
    failure = result(script, schema)["failure"]
    assert failure["code"] == code
    for part in parts:
        assert part in failure["message"]
    if "groupby" in script:
        assert "reset_index" in failure["hint"]


@pytest.mark.parametrize(
    ("script", "line", "summary", "quoted"),
    [
        ("\n\nx = 1 / 0\n", 3, "ZeroDivisionError: division by zero", "x = 1 / 0"),
        ("if 1:\n    import json\n    json.loads('{')", 3, "JSONDecodeError", "json.loads('{')"),
        ("\n    x = 1\n    y = undefined_name\n", 3, "NameError", "y = undefined_name"),
        ("x = 1\n    y = 1\n    raise KeyError('k')", 3, "KeyError: 'k'", "raise KeyError('k')"),
        ("def f():\n    raise ValueError('deep')\n\nf()", 2, "ValueError: deep", "raise ValueError('deep')"),
        ("x = (1,\n", 1, "SyntaxError", "x = (1,"),
        ("df['missing']", 1, "KeyError: 'missing'", "df['missing']"),
        ("exit(3)", 1, "SystemExit", "exit(3)"),
        ("class E(Exception):\n    def __str__(self): raise OSError\nraise E()", 3, "E", "raise E()"),
    ],
)
def test_tracebacks_are_of_the_scripts_own_lines(script: str, line: int, summary: str, quoted: str) -> None:
    failure = result(script, "a:long")["failure"]
    assert failure["code"] == "script_error"
    assert failure["line"] == line
    assert summary in failure["message"]
    assert quoted in failure["report"]
    assert "_inside" not in failure["report"]


def test_indented_scripts_keep_their_strings() -> None:
    script = "    text = '''a\n      b'''\n    result = pd.DataFrame({'a': [text]})"
    assert result(script, "a:string") == {"a": ["a\n      b"]}


def test_a_memory_error_is_a_memory_limit() -> None:
    assert result("raise MemoryError('no')", "a:long")["failure"]["code"] == "memory_limit"


@pytest.mark.parametrize(
    "script",
    [
        "raise OSError(28, 'No space left on device')",
        "try:\n    raise OSError(28, 'full')\nexcept OSError as full:\n    raise RuntimeError('wrapped') from full",
        "try:\n    raise OSError(122, 'quota')\nexcept OSError:\n    raise KeyError('meanwhile')",
    ],
)
def test_a_full_scratch_is_a_scratch_limit(script: str) -> None:
    assert result(script, "a:long")["failure"]["code"] == "scratch_limit"


def test_other_errors_of_the_system_are_the_scripts_own() -> None:
    assert result("raise OSError(2, 'No such file')", "a:long")["failure"]["code"] == "script_error"
    script = "try:\n    raise OSError(28, 'full')\nexcept OSError:\n    raise KeyError('k') from None"
    assert result(script, "a:long")["failure"]["code"] == "script_error"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("raise SystemExit", "SystemExit: the script called exit before it ended"),
        ("raise SystemExit('done')", "the script called exit ('done') before it ended"),
        ("class E:\n    def __str__(self): raise ValueError\n    __repr__ = __str__\nraise SystemExit(E())", "exit (<E>) before"),
        ("raise SystemExit(pd.DataFrame({'a': range(1000)}))", "before it ended"),
    ],
)
def test_an_exit_says_that_results_do_not_count(script: str, told: str) -> None:
    failure = result(script, "a:long")["failure"]
    assert failure["code"] == "script_error"
    assert told in failure["message"]
    assert "\n" not in failure["message"]
    assert len(failure["message"]) < 300


def test_scripts_write_into_their_frame_and_nobody_else_sees_it() -> None:
    # From pandas 3 on, what a frame shows of its columns cannot be written to.
    write = "df.x.values[0] = 40" if PANDAS < 3 else "df.loc[0, 'x'] = 40"
    answer = result(f"df['x'] += 1\n{write}\nresult = df", "x:long, y:long", {"x": ("long", [1, 2]), "y": ("long", [3, 4])})
    assert answer == {"x": [40, 3], "y": ("input", 1)}
    answer = result("df.loc[0, 's'] = 'new'\nresult = df", "s:string", {"s": ("string", ["old", "kept"])})
    assert answer == {"s": ["new", "kept"]}
    answer = result("df.loc[0, 'x'] = None\nresult = df", "x:long", {"x": ("long", [1, None, 3])})
    assert answer == {"x": [None, None, 3]}


def test_kargs_and_preimported_modules() -> None:
    script = "result = pd.DataFrame({'a': [kargs['n'] + int(np.float64(1))], 'b': [kargs['s']]})"
    assert result(script, "a:long, b:string", kargs={"n": 41, "s": "x"}) == {"a": [42], "b": ["x"]}


def test_a_frame_without_rows_and_one_without_columns() -> None:
    assert result("result = pd.DataFrame({'n': [len(df), df.shape[1]]})", "n:long", {"x": ("long", []), "s": ("string", [])}) == {
        "n": [0, 2]
    }
    reply, _ = call(
        "n = len(df)\nresult = pd.DataFrame({'n': [n]})",
        {"df": {}},
        rows=7,
        outputs=[{"variable": "result", "kind": "frame", "columns": None}],
    )
    assert reply["outputs"][0]["columns"] == [{"name": "n", "type": "long"}]


def test_several_inputs_and_outputs_of_every_kind(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # extras have a folder there
    reply, fds = call(
        "both = left.merge(right, on='k')\nmodel = b'bytes'\nimport matplotlib\nmatplotlib.use('Agg')\n"
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
        {"left": {"k": ("long", [1, 2]), "a": ("string", ["p", "q"])}, "right": {"k": ("long", [2]), "t": ("datetime", [0])}},
        outputs=[
            {"variable": "both", "kind": "frame", "columns": None},
            {"variable": "model", "kind": "blob"},
            {"kind": "extras"},
            {"variable": "unset", "kind": "frame", "columns": None, "optional": True},
        ],
    )
    frame, blob, extras, unset = reply["outputs"]
    assert frame["columns"] == [{"name": "k", "type": "long"}, {"name": "a", "type": "string"}, {"name": "t", "type": "datetime"}]
    assert blob == {"bytes": 5}
    index = json.loads(os.pread(fds[2], 1 << 20, os.fstat(fds[2]).st_size - extras["extras"]))
    assert [(name, source) for name, source, _ in index] == [("figure_1.png", "file")]
    assert unset == {"absent": True}
    assert len(fds) == 4


def test_dates_inside_scripts_of_old_are_parsed_as_documented() -> None:
    script = "result = df\nresult['y'] = df.t.dt.year\nresult['d'] = df.t - pd.Timestamp('2020-01-01')"
    answer = result(script, "t:datetime, y:long, d:timespan", {"t": ("datetime", [1_577_836_800 * SECOND + 700])})
    assert answer == {"t": ("input", 0), "y": [datetime.datetime(2020, 1, 1).year], "d": [700]}


def test_warming_up_leaves_no_maps_behind(tmp_path: pathlib.Path) -> None:
    """Each fork would copy them, and each death take them down."""
    script = "from wardian._inside import warm_up\nwarm_up()\nprint('rehearsal' in open('/proc/self/maps').read())"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


@pytest.mark.parametrize("rows", [1, 8191, 8192, 8193, 100_000])  # 8192 longs are the most that is read instead of mapped
def test_small_columns_and_large_ones_behave_alike(rows: int) -> None:
    given = {"a": ("long", list(range(rows))), "b": ("long", [7] * rows), "s": ("string", ["x" * (i % 9) for i in range(rows)])}
    script = "assert df.a.sum() == len(df) * (len(df) - 1) // 2\ndf.loc[0, 'b'] = -1\nresult = df[['a', 'b', 's']]"
    answer = result(script, "a:long, b:long, s:string", given)
    assert answer == {"a": ("input", 0), "b": [-1] + [7] * (rows - 1), "s": ("input", 2)}
