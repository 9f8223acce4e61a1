"""`wardian explain`: the plan, the stages and their SQL, without reading a row."""

import pytest
from wardian_program import run


def explained(query):
    done = run("explain", query)
    assert done.returncode == 0, done.stderr
    plan, _, stages = done.stdout.partition("\n-- stages\n")
    return plan.removeprefix("-- logical plan\n").splitlines(), stages


def test_a_plan_has_one_node_a_line_with_its_columns():
    plan, stages = explained("print x=1, t=datetime(2020-01-02) | where x > 0 | summarize n=count() by t")
    assert plan == [
        "aggregate n = count() by t -> (t:datetime, n:long)",
        "  filter >(x, 0) -> (x:long, t:datetime)",
        "    rows 1 -> (x:long, t:datetime)",
    ]
    assert stages.startswith("answer:\nSELECT")


def test_python_is_a_stage_of_its_own():
    plan, stages = explained("range x from 1 to 9 step 1 | evaluate python(typeof(*, y:real), 'result = df') | summarize sum(y)")
    assert plan[1] == "  python, script of 11 bytes, arguments {} -> (x:long, y:real)"
    assert [line for line in stages.splitlines() if line.endswith(":")] == ["stage_0 = python over:", "answer:"]
    assert "wardian_frame('stage_0')" in stages


def test_columns_that_only_data_tells_are_marked():
    plan, stages = explained("datatable(d:dynamic)[dynamic({'a':1})] | evaluate bag_unpack(d) | where a > 0")
    assert plan == ["bag_unpack() at 1:51 -> (?)", "  rows 1 -> (d:dynamic)"]
    assert "for bag_unpack() at 1:51 -> (?):" in stages and stages.endswith("The rest is bound once these rows are there.\n")


def test_a_script_or_arguments_from_a_table_leave_the_plan_whole():
    plan, _ = explained(
        "let s = toscalar(print 'result=df'); print x=1 | evaluate python(typeof(*), s, bag_pack('k', toscalar(print 3)))"
    )
    assert plan[0] == "python, script of 3 bytes, arguments (?) -> (x:long)"


@pytest.mark.parametrize(("query", "code"), [("print nope", "UNKNOWN_NAME"), ("print 1 |", "SYNTAX")])
def test_a_wrong_query_is_told_as_when_it_runs(query, code):
    done = run("explain", query)
    assert done.returncode == 1 and not done.stdout
    assert done.stderr == run("query", query).stderr and code in done.stderr


def test_nothing_runs():
    done = run("explain", "range x from 1 to 1000000000000 step 1 | summarize sum(x * 3 % 7)", timeout=20)
    assert done.returncode == 0, done.stderr
