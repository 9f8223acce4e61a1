"""Steps that open arrays and bags: mv-expand in its forms, mv-apply. Source: KQL reference, their pages."""

from random_queries.aggregates import _sum
from random_queries.dynamics import array_of_longs, bag
from random_queries.steps import _fresh
from random_queries.tables import Column, Table
from random_queries.values import Undefined


def several(rng, table):
    """Arrays side by side; the shorter ones go on with nulls. An empty array alone gives no row."""
    a, b = _fresh(table), "z9"
    if b in {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    first, second = array_of_longs(rng, table, 1), array_of_longs(rng, table, 1)
    indexed = rng.random() < 0.4
    limit = rng.choice([None, None, 1, 2])
    rows = []
    for row in table.rows:
        left, right = first.evaluate(row), second.evaluate(row)
        size = max(len(left), len(right))
        size = size if limit is None else min(limit, size)
        for i in range(size):
            pair = [items[i] if i < len(items) else None for items in (left, right)]
            rows.append([*row, *pair, *([i] if indexed else [])])
    text = (
        f"mv-expand {'with_itemindex=i9 ' if indexed else ''}{a} = {first.text} to typeof(long), "
        f"{b} = {second.text} to typeof(long){'' if limit is None else f' limit {limit}'}"
    )
    if "i9" in {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    columns = [*table.columns, Column(a, "long"), Column(b, "long"), *([Column("i9", "long")] if indexed else [])]
    return text, Table(columns, rows)


def of_bag(rng, table):
    """A bag becomes arrays of key and value, or bags of one property each."""
    name = _fresh(table)
    found = bag(rng, table, 1)
    as_array = rng.random() < 0.5
    rows = []
    for row in table.rows:
        value = found.evaluate(row)
        if not value:
            raise Undefined("a bag without properties")
        rows += [[*row, [key, item] if as_array else {key: item}] for key, item in value.items()]
    kind = rng.choice(["kind=array ", "bagexpansion=array "]) if as_array else rng.choice(["", "kind=bag "])
    return f"mv-expand {kind}{name} = {found.text}", Table([*table.columns, Column(name, "dynamic")], rows)


def apply_sum(rng, table):
    """A summary of each row's elements, which may be none."""
    name = _fresh(table)
    items, least = array_of_longs(rng, table, 1), rng.choice([None, 0, 3])
    rows = []
    for row in table.rows:
        found = [v for v in items.evaluate(row) if least is None or (v is not None and v > least)]
        numbers = [v for v in found if v is not None]
        if not numbers:
            raise Undefined("a summary of no values")
        if any(abs(n) > 2**60 for n in numbers):
            raise Undefined("a sum beyond 64 bits")
        rows.append([*row, len(found), _sum(numbers)])
    test = "" if least is None else f"where {name} > {least} | "
    text = f"mv-apply {name} = {items.text} to typeof(long) on ({test}summarize n9 = count(), s9 = sum({name}))"
    if {"n9", "s9"} & {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    return text, Table([*table.columns, Column("n9", "long"), Column("s9", "long")], rows)


def apply_top(rng, table):
    """The greatest elements of each row; a row without elements is left out."""
    name = _fresh(table)
    items, n = array_of_longs(rng, table, 1), rng.choice([1, 2])
    indexed = rng.random() < 0.4
    rows = []
    for row in table.rows:
        found = items.evaluate(row)
        if not found or None in found or len(set(found)) < len(found):
            raise Undefined("no order of the elements")
        best = sorted(enumerate(found), key=lambda pair: -pair[1])[:n]
        rows += [[*row, value, *([i] if indexed else [])] for i, value in best]
    text = f"mv-apply {'with_itemindex=i8 ' if indexed else ''}{name} = {items.text} to typeof(long) on (top {n} by {name})"
    if "i8" in {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    columns = [*table.columns, Column(name, "long")]
    if indexed:
        columns.append(Column("i8", "long"))
        text += f" | project-reorder {', '.join(c.name for c in table.columns)}, {name}, i8"
    return text, Table(columns, rows)


STEPS = [several, several, of_bag, apply_sum, apply_top]
