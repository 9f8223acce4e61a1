"""Every row of the function and aggregate tables, called with nulls and values of the types that it takes.

None may end in an error of the engine or of our own, and a function gives the same of constants as of columns.
"""

import re

import pytest
from wardian_program import ROOT

KQL = ROOT / "src" / "wardian" / "kql"
ROW = re.compile(r'\{"([a-z_0-9]+)",\s*(?:"(\([^"]*)"|(\w+)),')
NAMED_SIGNATURE = re.compile(r'constexpr char (\w+)\[\] = "(\([^"]*-> \w+)"')
PARAMETER = re.compile(r"\w+: (?P<type>[^=,]*?)(?P<more>\.\.\.\w*)?(?: = [^,]*)?$")
OURS = {"INTERNAL", "EXECUTION", "OVERFLOW", "CRASHED"}
DRAWN = {"rand", "new_guid"}

VALUES = {
    "bool": ["bool(null)", "true"],
    "int": ["int(null)", "int(3)"],
    "long": ["long(null)", "3", "-1"],
    "real": ["real(null)", "1.5", "real(nan)", "real(+inf)"],
    "decimal": ["decimal(null)", "decimal(1.5)"],
    "string": ['""', '"aé 1"'],
    "datetime": ["datetime(null)", "datetime(2020-01-02 03:04:05)"],
    "timespan": ["timespan(null)", "90m", "-1s"],
    "dynamic": ["dynamic(null)", 'dynamic([1, "a", null])', 'dynamic({"a": [1]})', 'dynamic("x")'],
    "guid": ["guid(null)", "guid(74be27de-1e4e-49d9-b579-fe0b331d3642)"],
}
FAMILIES = {"any": list(VALUES), "T": list(VALUES), "number": ["int", "long", "real", "decimal"], "integer": ["int", "long"]}
FAMILIES |= {"N": FAMILIES["number"], "S": [*FAMILIES["number"], "datetime", "timespan"]}
FAMILIES |= {"O": [*FAMILIES["S"], "string", "bool"], "summable": FAMILIES["S"], "float": ["real", "int", "long"]}
FAMILIES |= {"D": [t for t in VALUES if t != "dynamic"], "H": [t for t in VALUES if t not in {"bool", "real"}]}
FAMILIES |= {
    "text": ["string", "dynamic"],
    "plain": [t for t in VALUES if t != "dynamic"],
    "codepoints": ["int", "long", "dynamic"],
}


def signatures(path):
    """(name, types of the parameters, whether each must be constant) of the rows in a file."""
    text = path.read_text(encoding="utf-8")
    named = dict(NAMED_SIGNATURE.findall(text))
    for name, written, constant in ROW.findall(text):
        signature = written or named.get(constant)
        if signature:
            inside = re.match(r"\((.*)\) ->", signature)[1]
            found = [PARAMETER.match(part.strip())["type"].split() for part in inside.split(",") if part.strip()]
            yield name, [words[-1] for words in found], ["const" in words or "literal" in words for words in found]


def calls(types):
    """Lists of arguments: every type of a family, and of each type every value at least once."""
    for choice in range(max((len(FAMILIES.get(t, [t])) for t in types), default=1)):
        exact = [FAMILIES[t][choice % len(FAMILIES[t])] if t in FAMILIES else t for t in types]
        for turn in range(max((len(VALUES[t]) for t in exact), default=1)):
            yield [VALUES[t][(turn + at * (turn % 2)) % len(VALUES[t])] for at, t in enumerate(exact)]


def as_columns(arguments, constant):
    """The step that makes columns of the arguments, and the arguments that use them."""
    made = [f"c{at} = {value}" for at, value in enumerate(arguments) if not constant[at]]
    used = [value if constant[at] else f"c{at}" for at, value in enumerate(arguments)]
    return "| extend " + ", ".join(made) if made else "", ", ".join(used)


def refused(wardian, query):
    error = wardian.ask(query).get("error", {})
    return f"{query}\n  {error['message']}" if error.get("code") in OURS else ""


@pytest.mark.parametrize("path", sorted((KQL / "functions").glob("*_functions.cpp")), ids=lambda path: path.stem)
def test_functions(wardian, path):
    wrong = []
    for name, types, constant in signatures(path):
        for arguments in calls(types):
            step, used = as_columns(arguments, constant)
            of_constants = f"range x from 1 to 1 step 1 | project a = {name}({', '.join(arguments)})"
            of_columns = f"range x from 1 to 1 step 1 {step} | project a = {name}({used})"
            wrong += filter(None, [refused(wardian, of_constants), refused(wardian, of_columns)])
            answers = [wardian.ask(query).get("rows") for query in (of_constants, of_columns)]
            if name not in DRAWN and None not in answers and answers[0] != answers[1]:
                wrong.append(f"{of_constants}: {answers[0]}\n{of_columns}: {answers[1]}")
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("path", sorted((KQL / "aggregates").glob("*_aggregates.cpp")), ids=lambda path: path.stem)
def test_aggregates(wardian, path):
    wrong = []
    for name, types, constant in signatures(path):
        for arguments in calls(types):
            step, used = as_columns(arguments, constant)
            for rows in (0, 1, 3):
                wrong.append(refused(wardian, f"range x from 1 to {rows} step 1 {step} | summarize a = {name}({used})"))
    wrong = [text for text in wrong if text]
    assert not wrong, "\n".join(wrong[:20])


def test_window_functions(wardian):
    wrong = []
    for name, types, constant in signatures(KQL / "aggregates" / "window_functions.cpp"):
        for arguments in calls(types):
            step, used = as_columns(arguments, constant)
            wrong.append(refused(wardian, f"range x from 1 to 3 step 1 {step} | serialize a = {name}({used})"))
    wrong = [text for text in wrong if text]
    assert not wrong, "\n".join(wrong[:20])
