"""Independent mistakes are told together, in the order of the text; one mistake is told once, whatever depends on it."""

import itertools
import json
import random
import re

import pytest
from wardian_program import run

DECLARATIONS = {
    "tables": {
        "Sales": "day:datetime, shop:string, item:string, amount:real, pieces:long, tags:dynamic, paid:bool, took:timespan",
        "Shops": "shop:string, city:string, size:long",
    },
    "functions": {"dear": {"parameters": "(least:real=10.0)", "body": "{ Sales | where amount >= least }"}},
}

# Correct queries, of which each test makes wrong ones.
QUERIES = """\
Sales | where amount > 3.5 and shop == "north" | extend price = amount / pieces | project shop, price
Sales | where day between (datetime(2024-01-01) .. 7d) | summarize total = sum(amount), days = dcount(day) by shop, bin(day, 1d)
Sales | join kind=inner (Shops | where size > 10 | project shop, city) on shop | summarize count() by city | top 3 by count_
let least = 5; let big = Sales | where pieces > least; big | extend double = amount * 2 | sort by double desc
let twice = (x: real) { x * 2 }; Sales | project shop, doubled = twice(amount), item | where item has "tea" | count
Sales | extend kind = iff(pieces > 5, strcat(shop, "!"), tolower(item)) | distinct kind, shop | order by kind asc
Sales | mv-expand tag = tags to typeof(string) | where isnotempty(tag) | summarize make_set(tag, 10) by shop
Sales | where shop in ("a", "b") or item !contains "x" | summarize arg_max(day, amount), take_any(item) by shop
union Sales, (Shops | extend amount = 1.0) | where isnotnull(amount) | summarize percentile(amount, 95), avg(pieces) by shop
Sales | serialize | extend before = prev(amount, 1), row = row_number() | where amount - before > 2 | project-away tags
dear(20.0) | lookup kind=leftouter (Shops) on shop | extend where_to = strcat(city, "/", tostring(size)) | take 5
Sales | make-series total = sum(amount) default=0 on day from datetime(2024-01-01) to datetime(2024-02-01) step 1d by shop
Sales | parse item with name "-" code: long | where code > 3 | project-rename label = name | project label, code, pieces
print a = 1, b = strlen("abc"), c = bin(7.5, 2) | extend d = a + b | where d > c
datatable(k: long, v: string)[1, "x", 2, "y"] | where k == 1 | extend w = toupper(v) | project-keep w, k
Sales | where amount > toscalar(Sales | summarize avg(amount)) | partition by shop (top 2 by amount | extend rank = 1) | take 9
Sales | summarize n = count() by shop | as Counts | where n > 2 | join (Counts | project shop, m = n) on shop | extend r = n + m
let a = 1; print x = a; Shops | where size > a | count; Sales | where paid and took > 1h | summarize sum(amount)
""".splitlines()

WORDS = "where|extend|project|summarize|join|take|sort|order|top|distinct|count|lookup|serialize|parse|partition"


def tokens(query: str) -> list[re.Match]:
    return list(re.finditer(r'"[^"]*"|[A-Za-z_][\w-]*|\d[\w.:-]*|==|!=|>=|<=|\.\.|\S', query))


def replaced(query: str, token: re.Match, by: str) -> tuple[str, int]:
    return query[: token.start()] + by + query[token.end() :], token.start()


def wrong_names(query: str) -> list[tuple[str, int]]:
    """The query with one name of a column, function or table that there is not, where it is used."""
    found = tokens(query)
    made = []
    for before, token, after in zip([None, *found], found, [*found[1:], None], strict=False):
        names = re.fullmatch(
            r"amount|pieces|shop|item|tags|day|size|city|Sales|Shops|strlen|strcat|tolower|toupper|sum|dcount", token[0]
        )
        declares = after is not None and (after[0] in "=:" or (before is not None and before[0] == "let"))
        if names and not declares:
            made.append(replaced(query, token, "nosuch"))
    return made


def wrong_operators(query: str) -> list[tuple[str, int]]:
    """An operator's keyword misspelt."""
    found = tokens(query)
    pairs = [(token, before) for before, token in itertools.pairwise(found) if before[0] == "|"]
    return [replaced(query, token, token[0] + "x") for token, _ in pairs if re.fullmatch(WORDS, token[0])]


def wrong_syntax(query: str) -> list[tuple[str, int]]:
    """One slip of grammar."""
    made = []
    for token in tokens(query):
        if token[0] == "==":
            made.append(replaced(query, token, "="))
        if token[0] in "()[]|":
            made.append(replaced(query, token, ""))
        if token[0] in ")]":
            made.append(replaced(query, token, token[0] * 2))
        if token[0] == "|":
            made.append(replaced(query, token, "||"))
        if token[0] == ";":
            made.append(replaced(query, token, " "))
        if token[0].startswith('"'):
            made.append(replaced(query, token, token[0][:-1]))
        if token[0] in {"and", "or"}:
            made.append(replaced(query, token, "&&"))
        if token[0] == ",":
            made.append(replaced(query, token, ",,"))
    return made


@pytest.fixture(name="check", scope="module")
def fixture_check(tmp_path_factory):
    file = tmp_path_factory.mktemp("declared") / "declarations.json"
    file.write_text(json.dumps(DECLARATIONS))

    def check(queries: list[str]) -> list[dict]:
        text = "".join(json.dumps({"id": at, "query": query}) + "\n" for at, query in enumerate(queries))
        done = run("check", "--jsonl", "--declarations", file, text=text)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return check


def said(error: dict) -> str:
    return f"{error.get('line')}:{error.get('column')} {error['message']}"


def test_the_queries_are_correct(check):
    assert [query for query, answer in zip(QUERIES, check(QUERIES), strict=True) if "error" in answer] == []


@pytest.mark.parametrize("wrong", [wrong_names, wrong_operators, wrong_syntax])
def test_one_mistake_is_one_error(check, wrong):
    made = [one for query in QUERIES for one in wrong(query)]
    several = []
    for (query, _), answer in zip(made, check([query for query, _ in made]), strict=True):
        errors = answer.get("errors", [])
        if len(errors) > 1:
            several.append(query + "\n    " + "\n    ".join(map(said, errors)))
        if errors:
            assert answer["error"] == errors[0]
    assert several == [], "\n".join(several)


def test_two_mistakes_are_two_errors(check):
    """In one text of two of the queries, a mistake in each of them."""
    rng = random.Random(5)
    made = []
    for first, second in itertools.permutations(QUERIES, 2):
        (a, place_a), (b, place_b) = (
            rng.choice(wrong_names(first) or [(first, -1)]),
            rng.choice(wrong_names(second) or [(second, -1)]),
        )
        names = [set(re.findall(r"let (\w+)|\bas (\w+)", text)) for text in (first, second)]
        if -1 not in (place_a, place_b) and not names[0] & names[1]:
            made.append((f"{a};\n{b}", [(1, place_a + 1), (2, place_b + 1)]))
    assert len(made) > 200
    wrong = []
    for (query, places), answer in zip(made, check([query for query, _ in made]), strict=True):
        found = [(error["line"], error["column"]) for error in answer.get("errors", [])]
        if found != places:
            wrong.append(f"{query}\n    {places} {[said(error) for error in answer.get('errors', [])]}")
    assert wrong == [], "\n".join(wrong)


TEXT = "datatable(a: long)[1] | where a = 1 | extend b = strlenn(a)\n| take 'x'"
PLACES = [(1, 33), (1, 50), (2, 8)]


@pytest.mark.parametrize("command", ["query", "check", "explain"])
def test_every_command_tells_the_same(command):
    done = run(command, "--jsonl", text=json.dumps({"id": "1", "query": TEXT}) + "\n")
    answer = json.loads(done.stdout)
    assert [(error["line"], error["column"]) for error in answer["errors"]] == PLACES
    assert answer["error"] == answer["errors"][0] and answer["id"] == "1"


def test_parsing_alone_tells_what_the_grammar_tells():
    done = run("parse", "--jsonl", text=json.dumps({"id": "1", "query": "T | where a = 1 | extend b = f(1 2)"}) + "\n")
    assert [error["column"] for error in json.loads(done.stdout)["errors"]] == [13, 34]


def test_a_terminal_shows_each_with_its_line():
    done = run("query", TEXT)
    assert done.returncode == 1
    places = re.findall(r"^error (\w+) at query:(\d+):(\d+): ", done.stderr, re.MULTILINE)
    assert [(int(line), int(column)) for _, line, column in places] == PLACES
    assert done.stderr.count("^") == len("=") + len("strlenn") + len("'x'")


def test_a_mistake_keeps_the_query_from_running():
    """The first statement would take for ever, and a value of the second asks the engine while it is bound."""
    done = run("query", "range x from 1 to 1000000000000 step 1 | summarize sum(x); print toscalar(print nosuch)", timeout=30)
    assert done.returncode == 1 and "UNKNOWN_NAME" in done.stderr
