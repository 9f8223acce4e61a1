"""Expressions over the state of `scan` run row by row in our own code: every function and operator gives what the engine gives.

Values pass through declared columns, so that the engine cannot compute the expression beforehand. Some functions are the engine's
alone and are refused there by name; those are counted.
"""

import itertools

import pytest
from test_every_row import DRAWN, KQL, VALUES, calls, signatures

OPERATORS = [
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "has",
    "!has",
    "contains",
    "startswith",
    "=~",
    "in",
    "!in",
]

CHOICES = [
    "iff(c0, c1, c2)",
    "iff(isnull(c1), c2, c1)",
    "case(c0, c1, c1 > c2, c2, c1 + c2)",
    "coalesce(c1, c2)",
    "not(c0)",
    "c0 and c1 > 1",
    "c0 or c1 > 1",
    "c1 between (1 .. 5)",
    "c1 in (1, 2, 3)",
    "max_of(c1, c2)",
    "min_of(c1, c2)",
    "isnotnull(c1)",
]


def in_scan(wardian, names, values, expression):
    """What the engine gives for the expression over columns of these values, and what a step gives; None where it is refused."""
    step = "| extend " + ", ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True)) if names else ""
    engine = wardian.ask(f"range x from 1 to 1 step 1 {step} | project a = {expression}")
    if "error" in engine or len(engine["types"]) > 1:  # a step sets one value
        return None
    types = wardian.ask(f"range x from 1 to 1 step 1 {step} | project {', '.join(names) or 'x'}")["types"]
    declared = "".join(f"_{name}: {kind}, " for name, kind in zip(names, types, strict=True)) if names else ""
    sets = "".join(f"_{name} = {name}, " for name in names)
    stepped = expression
    for name in sorted(names, reverse=True):
        stepped = stepped.replace(name, f"_{name}")
    query = (
        f"range x from 1 to 1 step 1 {step} | scan declare ({declared}a: {engine['types'][0]}) with "
        f"(step s: true => {sets}a = {stepped};) | project a"
    )
    return query, engine["rows"], wardian.ask(query)


def judge(outcome, wrong, refused):
    if outcome is None:
        return 0
    query, expected, answer = outcome
    error = answer.get("error", {})
    if error.get("code") == "NOT_SUPPORTED":
        refused.add(error["message"])
        return 0
    if answer.get("rows") != expected:
        wrong.append(f"{query}\n  {answer.get('rows', error)} for {expected}")
    return 1


@pytest.mark.parametrize("path", sorted((KQL / "functions").glob("*_functions.cpp")), ids=lambda path: path.stem)
def test_functions(wardian, path):
    wrong, refused, done = [], set(), 0
    for name, types, constant in signatures(path):
        if name in DRAWN:
            continue
        for arguments in itertools.islice(calls(types), 6):
            names = [f"c{at}" for at in range(len(arguments)) if not constant[at]]
            values = [value for at, value in enumerate(arguments) if not constant[at]]
            used = [value if constant[at] else f"c{at}" for at, value in enumerate(arguments)]
            done += judge(in_scan(wardian, names, values, f"{name}({', '.join(used)})"), wrong, refused)
    assert not wrong, "\n".join(wrong[:20])
    assert done > 4 * len(refused), refused


def test_operators(wardian):
    wrong, refused, done = [], set(), 0
    values = [value for kind in VALUES.values() for value in kind[:3]]
    for op, left, right in itertools.product(OPERATORS, values, values):
        expression = f"c0 {op} (c1)" if op in ("in", "!in") else f"c0 {op} c1"
        done += judge(in_scan(wardian, ["c0", "c1"], [left, right], expression), wrong, refused)
    assert not wrong, "\n".join(wrong[:20])
    assert done > 1000, refused


def test_choices(wardian):
    wrong, refused = [], set()
    for expression in CHOICES:
        for values in itertools.product(["bool(null)", "true", "false"], ["long(null)", "2", "9"], ["long(null)", "2", "-3"]):
            assert judge(in_scan(wardian, ["c0", "c1", "c2"], values, expression), wrong, refused)
    assert not wrong, "\n".join(wrong[:20])
