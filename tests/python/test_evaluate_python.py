"""`evaluate python` through the program: queries in, answers out."""

from __future__ import annotations

import pytest
from python_queries import EVERY_TYPE, SHARES, python
from wardian_program import PipeProgram, run


@pytest.mark.parametrize(
    "script",
    [
        "result = df",
        "result = df.copy()",
        "result = pd.concat([df.iloc[:1], df.iloc[1:]])",
        "result = pd.DataFrame({c: df[c].tolist() for c in df.columns}, dtype=object)",
    ],
)
def test_every_type_goes_in_and_out(wardian: PipeProgram, script: str) -> None:
    assert wardian.rows(f"{EVERY_TYPE} | {python('typeof(*)', script)}") == wardian.rows(EVERY_TYPE)


def test_types_beyond_nanoseconds_keep_microseconds(wardian: PipeProgram) -> None:
    table = """datatable(t:datetime, p:timespan) [
        datetime(0001-01-01), time(300000.00:00:00), datetime(9999-12-31T23:59:59.999999Z), time(1d)]"""
    assert wardian.rows(f"{table} | {python('typeof(*)', 'result = df.copy()')}") == wardian.rows(table)


def test_new_columns_beside_the_old(wardian: PipeProgram) -> None:
    script = "df['y'] = df.x / 2\ndf['s'] = df.x.astype(str)\nresult = df"
    query = f"range x from 1 to 3 step 1 | {python('typeof(*, y:real, s:string)', script)}"
    assert wardian.rows(query) == [[1, 0.5, "1"], [2, 1.0, "2"], [3, 1.5, "3"]]


def test_the_query_goes_on_over_the_result(wardian: PipeProgram) -> None:
    script = "df['even'] = df.x % 2 == 0\nresult = df"
    call = python("typeof(*, even:bool)", script)
    query = f"range x from 1 to 1000 step 1 | {call} | where even | summarize n = count(), total = sum(x)"
    assert wardian.rows(query) == [[500, 250500]]


def test_several_calls_in_one_query_in_functions_and_joins(wardian: PipeProgram) -> None:
    script = "df['y'] = df.x * kargs['by']\nresult = df"
    query = f"""
        let times = (T:(x:long), factor:long) {{
            T | {python("typeof(*, y:long)", script, "bag_pack('by', factor)")}
        }};
        range x from 1 to 3 step 1
        | invoke times(10)
        | join kind=inner (range x from 2 to 5 step 1 | invoke times(100)) on x
        | project x, y, y1
        | evaluate python(typeof(*, z:long), "df['z'] = df.y + df.y1\\nresult = df")
        | order by x asc"""
    assert wardian.rows(query) == [[2, 20, 200, 220], [3, 30, 300, 330]]


@pytest.mark.parametrize(
    "literal",
    [
        '"result = df"',
        "'result = df'",
        '@"result = df"',
        "```result = df```",
        "~~~result = df~~~",
        '"result " "= df"',
        "```if 1:\n    x = 1\n    result = df\n```",
        "```\n    x = 1\n    result = df\n    ```",
    ],
)
def test_scripts_are_any_string_literal(wardian: PipeProgram, literal: str) -> None:
    assert wardian.rows(f"print x = 7 | evaluate python(typeof(*), {literal})") == [[7]]


def test_scripts_and_arguments_may_be_variables(wardian: PipeProgram) -> None:
    query = """
        let script = 'k = kargs\\n'
            'result = pd.DataFrame({"n": [len(k["list"])], "s": [k["bag"]["k"]], "none": [k["none"] is None]})';
        let arguments = bag_pack('list', dynamic([1, 2, 3]), 'bag', dynamic({"k": "v"}), 'none', dynamic(null));
        print x = 1 | evaluate python(typeof(n:long, s:string, none:bool), script, arguments)"""
    assert wardian.rows(query) == [[3, "v", True]]


def test_a_wish_for_distribution_runs_on_shares_in_parallel(wardian: PipeProgram) -> None:
    query = "range x from 1 to 10000 step 1 | " + python(
        "typeof(n:long, total:long)",
        "result = pd.DataFrame({'n': [len(df)], 'total': [df.x.sum()]})",
        hint="hint.distribution = per_node",
    )
    shares = wardian.rows(query)
    assert len(shares) == SHARES
    assert sum(n for n, _ in shares) == 10000
    assert sum(total for _, total in shares) == 50005000
    single = query.replace("per_node", "single")
    assert wardian.rows(single) == [[10000, 50005000]]


DTYPES = [
    ("default", "Int64 float64"),
    ("classic", "float64 float64"),
    ("nullable", "Int64 Float64"),
    ("arrow", "int64[pyarrow] double[pyarrow]"),
]


@pytest.mark.parametrize(("form", "seen"), DTYPES)
def test_a_flag_says_how_columns_come_where_the_query_does_not(form: str, seen: str) -> None:
    script = "result = pd.DataFrame({'s': [' '.join(map(str, df.dtypes))]})"
    query = f"datatable(x:long, r:real) [long(null), 1.5] | {python('typeof(s:string)', script)}"
    words = ["--python-dtypes", form, "--format", "csv"]
    assert run("query", query, *words).stdout == f"s\n{seen}\n"
    assert run("query", f"set python_dtypes = 'classic'; {query}", *words).stdout == "s\nfloat64 float64\n"


def test_nothing_in_and_nothing_out(wardian: PipeProgram) -> None:
    assert wardian.rows(
        "range x from 1 to 0 step 1 | " + python("typeof(n:long)", "result = pd.DataFrame({'n': [len(df)]})")
    ) == [[0]]
    assert wardian.rows("print x = 1 | " + python("typeof(a:string)", "result = pd.DataFrame({'a': []})")) == []


@pytest.mark.parametrize(
    ("script", "schema", "code", "parts"),
    [
        ("x = 1\ny = undefined_name", "typeof(*)", "SCRIPT_ERROR", ["line 2", "NameError", "y = undefined_name"]),
        ("if 1:\n    1 / 0", "typeof(*)", "SCRIPT_ERROR", ["line 2", "ZeroDivisionError"]),
        ("x = (", "typeof(*)", "SCRIPT_ERROR", ["line 1", "SyntaxError"]),
        ("print('what was said')\nraise ValueError('no')", "typeof(*)", "SCRIPT_ERROR", ["ValueError: no", "what was said"]),
        ("pass", "typeof(*)", "NO_RESULT", ["result"]),
        ("result = 1", "typeof(*)", "BAD_RESULT", ["DataFrame"]),
        ("result = df", "typeof(x:long, z:long)", "BAD_RESULT", ["x:long, z:long", "Missing: (z)"]),
        ("result = df.assign(x=['a'])", "typeof(*)", "BAD_RESULT", ["Column x, row 0", "'a'", "long"]),
        ("result = df.assign(x=[1.5])", "typeof(*)", "BAD_RESULT", ["Column x, row 0", "1.5", "long"]),
        ("import os\nos.abort()", "typeof(*)", "CRASHED", []),
        ("a = bytearray(3 << 30)\nfor i in range(0, len(a), 4096): a[i] = 1", "typeof(*)", "MEMORY_LIMIT", []),
        ("while True: pass", "typeof(*)", "TIME_LIMIT", []),
    ],
)
def test_failures_have_codes_and_say_where(script: str, schema: str, code: str, parts: list[str]) -> None:
    program = PipeProgram("--sandbox-time", "3s")
    try:
        error = program.error(f"print x = 1 | {python(schema, script)}")
        assert error["code"] == code, error
        for part in parts:
            assert part in error["message"], error
        # The next query works.
        assert program.rows("print x = 1 | " + python("typeof(*)", "result = df")) == [[1]]
    finally:
        program.close()


def test_what_scripts_print_shows_with_console_only() -> None:
    query = "print x = 1 | " + python(
        "typeof(*)", "import sys\nprint('said aloud')\nprint('whispered', file=sys.stderr)\nresult = df"
    )
    quiet = run("query", query)
    assert quiet.returncode == 0 and "said aloud" not in quiet.stdout + quiet.stderr
    loud = run("query", "--console", query)
    assert loud.returncode == 0
    assert "python | said aloud\n" in loud.stderr and "python | whispered\n" in loud.stderr and "said aloud" not in loud.stdout
    failing = run("query", query.replace("result = df", "raise KeyError('k')"))
    assert failing.returncode == 1 and "said aloud" in failing.stderr and "KeyError" in failing.stderr


def test_scripts_of_the_documentation_run(wardian: PipeProgram) -> None:
    """The loop over rows that the plugin's page shows, clustering and a fit, as old scripts write them."""
    wave = """range x from 1 to 360 step 1 | evaluate python(typeof(*, fx:double),
```result = df
n = df.shape[0]
g = kargs["gain"]
f = kargs["cycles"]
result["fx"] = g * np.sin(df["x"]/n*2*np.pi*f)
```, bag_pack('gain', 100, 'cycles', 4)) | summarize top = max(fx), n = count()"""
    ((top, n),) = wardian.rows(wave)
    assert n == 360 and top == pytest.approx(100, abs=0.1)
    clusters = """union (range x from 1 to 50 step 1 | extend x = x * 0.01, y = 0.5),
  (range x from 1 to 50 step 1 | extend x = 10 + x * 0.01, y = 9.5)
| extend cluster = int(null)
| evaluate python(typeof(*),
```if 1:
    from sklearn.cluster import KMeans
    km = KMeans(n_clusters=kargs["k"], random_state=0)
    features = ["x", "y"]
    km.fit(df[features])
    result = df
    result[kargs["cluster_col"]] = km.labels_
```, bag_pack('k', 2, 'cluster_col', 'cluster')) | summarize n = count() by cluster | order by cluster asc"""
    assert wardian.rows(clusters) == [[0, 50], [1, 50]]
    fit = """datatable(id:string, y:dynamic) ["a", dynamic([1, 2, 3, 4]), "b", dynamic([2, 4, 6, 9])]
| extend fit = dynamic(null), slope = 0.0
| evaluate python(typeof(*),
```if 1:
    def line(row):
        z = np.polyfit(np.arange(len(row["y"])), row["y"], 1)
        return np.polyval(z, np.arange(len(row["y"]))), z[0]
    result = df
    result[["fit", "slope"]] = df.apply(line, axis=1, result_type="expand")
```) | project id, n = array_length(fit), slope = round(slope, 3) | order by id asc"""
    assert wardian.rows(fit) == [["a", 4, 1.0], ["b", 4, 2.3]]


def test_large_frames_keep_order_and_values(wardian: PipeProgram) -> None:
    script = "assert (df.x.diff().iloc[1:] == 1).all()\ndf['y'] = df.x * 2\nresult = df.iloc[::-1]"
    query = f"""range x from 1 to 400000 step 1 | extend s = strcat('row ', x)
        | {python("typeof(*, y:long)", script)}
        | where s == strcat('row ', x) and y == 2 * x
        | summarize n = count(), a = sum(x)"""
    assert wardian.rows(query) == [[400000, 400000 * 400001 // 2]]
