"""One pipeline said in several ways: let statements for tables, views, functions and parts; and steps over other tables.

Source: KQL reference, let statement, materialize(), invoke, as and toscalar().
"""

from random_queries.steps import _need
from random_queries.tables import Table, literal
from random_queries.values import Undefined


def _schema(table):
    return "(" + ", ".join(f"{c.name}: {c.type}" for c in table.columns) + ")"


def wrapped(rng, source, table, steps):
    """(text, whether the order of a last sort is still that of the answer). `table` is what the source gives."""
    plain = "\n| ".join([source, *steps])
    drawn = rng.random()
    if drawn < 0.4:
        return plain, True
    if drawn < 0.6:
        return f"let T = {source};\n" + "\n| ".join(["T", *steps]), True
    if drawn < 0.7:
        at = rng.randint(0, len(steps))
        part = "\n| ".join([source, *steps[:at]])
        return f"let T = materialize({part});\n" + "\n| ".join(["T", *steps[at:]]), at < len(steps) or not steps
    if drawn < 0.8:
        return f'let F = (n9: long, s9: string = "x") {{\n{plain}\n}};\nF(1)', False
    if drawn < 0.9:
        return f"let V = view () {{\n{plain}\n}};\nV()", False
    body = "\n| ".join(["T", *steps])
    return f"let F = (T: {_schema(table)}) {{\n{body}\n}};\n{source}\n| invoke F()", False


def doubled(rng, table):
    """The table beside itself."""
    if any(c.type == "dynamic" for c in table.columns):
        raise Undefined("a null array in a union")
    hint = rng.choice(["", "hint.materialized=true "])
    return f"as {hint}Before | union Before", Table(table.columns, [row for row in table.rows for _ in range(2)])


def above_scalar(rng, table):
    """A comparison with the one value of another table."""
    name = rng.choice(_need(table.names("long")))
    at, bound = table.index(name), rng.choice([-3, 0, 2])
    inner = f"toscalar(datatable(z: long)[{literal(bound, 'long')}, {literal(bound - 1, 'long')}, long(null)] | summarize max(z))"
    return f"where {name} > {inner}", Table(table.columns, [r for r in table.rows if r[at] is not None and r[at] > bound])


def among_rows(rng, table):
    """Membership in a column of another table."""
    name = rng.choice(_need(table.names("string")))
    at = table.index(name)
    words = rng.sample(["a", "ab", "", "zebra", "x-y"], 3)
    inner = "(datatable(w: string)[" + ", ".join(f'"{w}"' for w in words) + "] | where strlen(w) != 2)"
    kept = [w for w in words if len(w) != 2]
    symbol = rng.choice(["in", "!in"])
    return f"where {name} {symbol} {inner}", Table(table.columns, [r for r in table.rows if (r[at] in kept) == (symbol == "in")])


STEPS = [doubled, above_scalar, among_rows]
