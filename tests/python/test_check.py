"""`wardian check`: columns and types of an answer without running the query, against declared tables."""

import json

from wardian_program import run

DECLARATIONS = {
    "tables": {"T": "a:long, ['b c']:string"},
    "functions": {"f": {"parameters": "(x:long, y:string='q')", "body": "{ T | where a > x | extend y }"}},
}


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def ask(*queries: str, words: tuple = ()) -> list[dict]:
    text = "".join(json.dumps({"id": at, "query": query}) + "\n" for at, query in enumerate(queries))
    done = run("check", "--jsonl", *words, text=text)
    assert done.returncode == 0, done.stderr
    return lines(done.stdout)


def declared(tmp_path, content) -> tuple:
    file = tmp_path / "declarations.json"
    file.write_text(json.dumps(content) if isinstance(content, dict) else content)
    return ("--declarations", file)


def test_columns_and_types(tmp_path):
    words = declared(tmp_path, DECLARATIONS)
    table, function, both = ask("T | summarize n = count() by ['b c']", "f(1)", "T; print x = 1d", words=words)
    assert table == {"id": 0, "results": [{"columns": ["b c", "n"], "types": ["string", "long"]}]}
    assert function["results"] == [{"columns": ["a", "b c", "y"], "types": ["long", "string", "string"]}]
    assert [result["columns"] for result in both["results"]] == [["a", "b c"], ["x"]]


def test_an_error_has_its_place_and_length():
    (answer,) = ask("print x = 1,\n      y = strlenn('ü')")
    assert answer["error"] == {"code": "UNKNOWN_FUNCTION", "message": "Unknown function: strlenn", "line": 2, "column": 11,
                               "length": 7, "hint": "Did you mean strlen?"}  # fmt: skip


def test_nothing_is_read(tmp_path):
    """A declared table has no rows to ask; what only they tell stays open."""
    words = declared(tmp_path, {"tables": {"T": "bag:dynamic"}})
    unpacked, value = ask("T | evaluate bag_unpack(bag)", "T | where isnull(toscalar(T | take 1))", words=words)
    assert "undetermined" in unpacked and value["results"][0]["types"] == ["dynamic"]


def test_a_parameter_needs_no_value():
    (answer,) = ask("declare query_parameters(n:long, s:string); print x = n, y = s")
    assert answer["results"][0]["types"] == ["long", "string"]


def test_words(tmp_path):
    words = declared(tmp_path, DECLARATIONS)
    done = run("check", *words, "T | take 1")
    assert (done.returncode, done.stdout) == (0, "a:long, b c:string\n")
    done = run("check", *words, "T | tak 1")
    assert done.returncode == 1 and "query:1:5" in done.stderr


def test_wrong_declarations(tmp_path):
    for content, message in (
        ("[]", "the file is no JSON object"),
        ("{", "the file is no JSON object"),
        ({"tables": []}, "tables are no object"),
        ({"tables": {"T": 1}}, "the columns of T are no text"),
        ({"tables": {"T": "a:lon"}}, "In the declaration of T: "),
        ({"functions": {"f": {"parameters": "()"}}}, "the function f has no texts named parameters and body"),
        ({"functions": {"f": {"parameters": "()", "body": "{ 1 +"}}}, "In the declaration of f: "),
    ):
        done = run("check", *declared(tmp_path, content), "print 1")
        assert done.returncode == 1 and message in done.stderr, (content, done.stderr)
    assert "error FILE_NOT_FOUND" in run("check", "--declarations", tmp_path / "none.json", "print 1").stderr
