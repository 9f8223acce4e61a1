"""`wardian complete`: what may stand at a place of a text, for editors. What stands where is tested in tests/unit/kql."""

import json
import time

from wardian_program import run

DECLARATIONS = {
    "tables": {"Towns": "city:string, inhabitants:long"},
    "functions": {"large": {"parameters": "(x:long)", "body": "{ Towns | where inhabitants > x }"}},
}


def ask(tmp_path, *lines: dict) -> list[dict]:
    file = tmp_path / "declarations.json"
    file.write_text(json.dumps(DECLARATIONS))
    done = run("complete", "--jsonl", "--declarations", file, text="".join(json.dumps(line) + "\n" for line in lines))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_places_are_characters(tmp_path):
    query = "Towns | where city == 'ü漢' and inh > 1"
    whole, inner = ask(
        tmp_path, {"id": 1, "query": query[: query.index(" >")]}, {"id": 2, "query": query, "cursor": query.index(" >")}
    )
    for answer in (whole, inner):
        assert query[answer["from"] : answer["to"]] == "inh"
        assert answer["candidates"] == [{"label": "inhabitants", "insert": "inhabitants", "kind": "column", "detail": "long"}]


def test_tables_and_functions_of_the_database(tmp_path):
    (answer,) = ask(tmp_path, {"query": ""})
    found = {one["label"]: one for one in answer["candidates"]}
    assert found["Towns"]["detail"] == "city:string, inhabitants:long"
    assert found["large"]["insert"] == "large(" and found["print"]["kind"] == "operator"
    (answer,) = ask(tmp_path, {"query": "large(5) | project c"})
    assert answer["candidates"][0]["label"] == "city"


def test_constants_that_take_long_hold_nobody_up(tmp_path):
    slow = "let x = toscalar(range a from 1 to 1000000000000 step 1 | summarize sum(a)); Towns | take x | where ci"
    begin = time.monotonic()
    (answer,) = ask(tmp_path, {"query": slow})
    assert time.monotonic() - begin < 10
    assert "city" in [one["label"] for one in answer["candidates"]]


def test_lines_that_are_wrong(tmp_path):
    far, negative, none = ask(tmp_path, {"query": "print 1 ", "cursor": 10**12}, {"query": "print 1 ", "cursor": -1}, {"id": 3})
    assert far["from"] == negative["from"] == 8 and none["error"]["code"] == "USAGE"


def test_as_a_table():
    done = run("complete", "print x = strle | take 1", "--cursor", 15)
    assert done.returncode == 0 and done.stdout.split()[:2] == ["strlen", "function"]
