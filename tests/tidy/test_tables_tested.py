"""Every function, aggregate, operator and plugin that a table or the list of operators names occurs in a golden file."""

import functools
import re

from source_tree import ROOT, SOURCES, files_named, place, text

KQL = SOURCES / "kql"
ROW = re.compile(r'^ {4}\{"([a-z_0-9]+)",', re.MULTILINE)
TEXT_ROW = re.compile(r'\bWARDIAN_TEXT_ROWS\("([^"]+)"')
SCALAR_ROW = re.compile(r'^ +\{"([^"]+)",', re.MULTILINE)
BINDER = re.compile(r"bind_operator\(Binder&, const syntax::(\w+)Operator&")


@functools.cache
def queries():
    """The texts of all golden queries, without what is expected of them."""
    found = []
    for path in files_named(".test", under=ROOT / "tests" / "queries"):
        found += re.findall(r"^(?:query|error [^\n]*)\n(.*?)\n----$", text(path), re.MULTILINE | re.DOTALL)
    return "\n".join(found)


def untested(names, pattern):
    return [f"{where}: no golden query uses {name}" for name, where in names if not re.search(pattern(name), queries())]


def test_functions_and_aggregates_have_golden_queries():
    tables = [
        *files_named(".cpp", under=KQL / "functions"),
        *files_named(".cpp", under=KQL / "aggregates"),
        KQL / "bind_functions.cpp",
        KQL / "bind_request_functions.cpp",
        KQL / "bind_table_references.cpp",
    ]
    names = sorted({(name, place(path)) for path in tables for name in ROW.findall(text(path))})
    assert len(names) > 200, "the tables are written in another form than this test reads"
    missing = untested(names, lambda name: rf"\b{name}\s*\(")
    assert not missing, "\n" + "\n".join(missing)


def test_scalar_operators_have_golden_queries():
    tables = [path for path in files_named(".cpp", under=KQL) if path.name.startswith("operator_") and path.parent == KQL]
    rows = {(n, place(p)) for p in tables for n in [*SCALAR_ROW.findall(text(p)), *TEXT_ROW.findall(text(p))]}
    # "unary -" and "in array" tell rows of one spelling apart.
    names = {(name.removeprefix("unary ").removesuffix(" array"), where) for name, where in rows}
    assert len(names) > 30, "the tables are written in another form than this test reads"
    missing = untested(sorted(names), lambda name: rf"(?<!\w){re.escape(name)}(?!\w)" if name[-1].isalnum() else re.escape(name))
    assert not missing, "\n" + "\n".join(missing)


def test_tabular_operators_have_golden_queries():
    """ProjectAwayOperator is written project-away; some have a spelling of their own."""
    spellings = {
        "Sort": "(sort|order)",
        "ExternalData": "externaldata",
        "InlineExternalTable": "inline_external_table",
        "GetSchema": "getschema",
        "MvExpand": "mv-?expand",
    }
    header = KQL / "operators" / "operators.h"
    names = [(name, place(header)) for name in BINDER.findall(text(header))]
    assert len(names) > 30, "the list is written in another form than this test reads"
    missing = untested(names, lambda name: rf"\b{spellings.get(name, re.sub(r'(?<!^)(?=[A-Z])', '-', name).lower())}\b")
    assert not missing, "\n" + "\n".join(missing)


def test_plugins_have_golden_queries():
    table = KQL / "plugins" / "plugin_table.cpp"
    names = sorted({(name, place(table)) for name in re.findall(r'\{"(\w+)",\s*"', text(table))})
    assert len(names) > 30, "the table is written in another form than this test reads"
    missing = untested(names, lambda name: rf"\bevaluate\s[^|]*\b{name}\s*\(")
    assert not missing, "\n" + "\n".join(missing)
