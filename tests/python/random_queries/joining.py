"""Steps over two tables beyond those of `steps.py`: sources named in a union, joins over expressions, and range as a table.

Source: KQL reference, union, join and range operators.
"""

from random_queries import ticks
from random_queries.steps import _empty, _numbered
from random_queries.tables import Column, Table, literal, random_datatable
from random_queries.values import Undefined


def union_with_source(rng, table):
    """The rows say which operand they come from; each has columns of its own."""
    if {"src", "o1"} & {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    number = rng.randint(0, 3)
    if not table.columns or any(c.type == "dynamic" for c in table.columns):
        raise Undefined("a null array")
    rows = [["left", *row, None] for row in table.rows] + [["right", *map(_empty, table.columns), number]]
    text = f'extend src = "left" | union (print src = "right", o1 = {number}) | project-reorder src'
    return text, Table([Column("src", "string"), *table.columns, Column("o1", "long")], rows)


def union_of_types(rng, table):
    """A column that has another type on the other side becomes two, named after the types."""
    name = rng.choice(table.names("long", "real", "bool") or [None])
    if name is None or any(c.type == "dynamic" for c in table.columns):
        raise Undefined("nothing to choose from, or a null array")
    type_ = table.columns[table.index(name)].type
    fresh = [f"{name}_{type_}", f"{name}_string"]
    if {*fresh} & {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    at = table.index(name)
    order = [c.name if i != at else fresh[0] for i, c in enumerate(table.columns)] + [fresh[1]]
    rows = [[*row, ""] for row in table.rows] + [[*map(_empty, table.columns), "other"]]
    columns = [*(Column(n, c.type, c.exact) for n, c in zip(order, table.columns, strict=False)), Column(fresh[1], "string")]
    return f'union (print {name} = "other") | project {", ".join(order)}', Table(columns, rows)


def join_on_long(rng, table):
    """An equality of whole numbers. Nulls do not meet: they are left out of both sides first."""
    text, other = random_datatable(rng, with_lists=False)
    kind = rng.choice(
        ["inner", "leftouter", "rightouter", "fullouter", "leftsemi", "leftanti", "rightsemi", "rightanti", "anti", "anti"]
    )
    left = rng.choice(table.names("long") or [None])
    if left is None:
        raise Undefined("nothing to choose from")
    li = table.index(left)
    mine, theirs = ([r for r in t.rows if r[at] is not None] for t, at in ((table, li), (other, 0)))
    head = f"where isnotnull({left}) | join kind={kind} ({text} | where isnotnull(k)) on $left.{left} == $right.k"
    lefts, rights = {r[li] for r in mine}, {r[0] for r in theirs}
    one_sided = {
        "leftsemi": (table.columns, [r for r in mine if r[li] in rights]),
        "leftanti": (table.columns, [r for r in mine if r[li] not in rights]),
        "rightsemi": (other.columns, [r for r in theirs if r[0] in lefts]),
        "rightanti": (other.columns, [r for r in theirs if r[0] not in lefts]),
    }
    one_sided["anti"] = one_sided["leftanti"]
    if kind in one_sided:
        return head, Table(*one_sided[kind])
    rows = [[*a, *b] for a in mine for b in theirs if a[li] == b[0]]
    if kind in ("leftouter", "fullouter"):
        rows += [[*a, *map(_empty, other.columns)] for a in mine if a[li] not in rights]
    if kind in ("rightouter", "fullouter"):
        rows += [[*map(_empty, table.columns), *b] for b in theirs if b[0] not in lefts]
    columns = list(table.columns)
    for c in other.columns:
        columns.append(Column(_numbered(c.name, {k.name for k in columns}), c.type))
    return head, Table(columns, rows)


def range_rows(rng):
    """(text, Table): a range as the source of a query."""
    type_ = rng.choice(["long", "datetime", "timespan"])
    start, step = {
        "long": (rng.choice([-3, 0, 5]), rng.choice([1, 2, 7])),
        "datetime": (ticks.of(2019, 12, 30, 12), rng.choice([ticks.DAY, 7 * ticks.HOUR])),
        "timespan": (-2 * ticks.HOUR, rng.choice([ticks.HOUR, 25 * ticks.MINUTE])),
    }[type_]
    end = start + step * rng.randint(-1, 6) + rng.choice([0, step // 2])
    rows = [[value, i] for i, value in enumerate(range(start, end + 1, step))]
    step_text = literal(step, "timespan" if type_ == "datetime" else type_)
    text = f"range k from {literal(start, type_)} to {literal(end, type_)} step {step_text} | serialize s = row_number(0)"
    return text, Table([Column("k", type_), Column("s", "long")], rows)


STEPS = [union_with_source, union_of_types, join_on_long, join_on_long]
