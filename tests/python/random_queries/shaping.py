"""Steps that change the shape of a table: its columns, rows into columns and back, series, the most frequent values.

Source: KQL reference, the pages of the operators and plugins.
"""

from random_queries import steps, ticks
from random_queries.aggregates import _present
from random_queries.expressions import random_expression
from random_queries.steps import _need
from random_queries.tables import Column, Table, literal
from random_queries.values import LONG_MAX, Undefined

CLR = {
    "long": "System.Int64", "real": "System.Double", "string": "System.String", "bool": "System.SByte",
    "datetime": "System.DateTime", "timespan": "System.TimeSpan", "dynamic": "System.Object",
    "decimal": "System.Data.SqlTypes.SqlDecimal",
}  # fmt: skip


def reorder(rng, table):
    """Columns named by patterns stand first, in the order asked for."""
    names = [c.name for c in table.columns]
    first = rng.choice(names)
    if rng.random() < 0.5 and all(name.islower() for name in names):
        order = sorted(names, reverse=rng.random() < 0.5)
        how = "asc" if order == sorted(names) else "desc"
        return f"project-reorder * {how}", steps._columns(table, order)
    return f"project-reorder {first[0]}*", steps._columns(
        table, [n for n in names if n.startswith(first[0])] + [n for n in names if not n.startswith(first[0])]
    )


def keep_pattern(rng, table):
    names = [c.name for c in table.columns]
    letter = rng.choice(names)[0]
    word = rng.choice(["project-keep", "project-away"])
    kept = [n for n in names if n.startswith(letter) == (word == "project-keep")]
    return f"{word} {letter}*", steps._columns(table, _need(kept))


def getschema(rng, table):
    rows = [[c.name, i, CLR[c.type], c.type] for i, c in enumerate(table.columns)]
    columns = [Column("ColumnName", "string"), Column("n", "long"), Column("DataType", "string"), Column("ColumnType", "string")]
    return "getschema | project ColumnName, n = tolong(ColumnOrdinal), DataType, ColumnType", Table(columns, rows)


def sample_distinct(rng, table):
    """All values when there are no more than asked for."""
    name = rng.choice(_need(table.names("long", "string", "bool")))
    at = table.index(name)
    found = {row[at]: None for row in table.rows}
    return f"sample-distinct {len(found) + 2} of {name}", Table([Column(name, table.columns[at].type)], [[v] for v in found])


def sample_all(rng, table):
    return f"sample {len(table.rows) + 1}", table


def pivot(rng, table):
    """Values of a text become columns, in the order of their names."""
    keys = table.names("string")
    name, other = rng.choice(_need(keys)), rng.choice(_need(table.names("long")))
    at, by = table.index(name), table.index(other)
    values = sorted({row[at] for row in table.rows})
    if (
        not values
        or "" in values
        or any(not v.isalpha() or not v.isascii() for v in values)
        or len({v.lower() for v in values}) < len(values)
    ):
        raise Undefined("values that are no names")
    if other in values:
        raise Undefined("a name that is taken")
    groups = {}
    for row in table.rows:
        groups.setdefault(row[by], []).append(row[at])
    rows = [[key, *(found.count(v) for v in values)] for key, found in groups.items()]
    text = f"project {name}, {other} | evaluate pivot({name}) | project-reorder {other}, * asc"
    order = sorted(values)
    return text, Table([Column(other, "long"), *(Column(v, "long") for v in order)], rows)


def bag_unpack(rng, table):
    """A bag with known keys; the schema is said, so that it does not depend on the rows."""
    if {"a", "b"} & {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    long, text = random_expression(rng, table, "long", 0), random_expression(rng, table, "string", 0)
    kept = [c.name for c in table.columns]
    schema = ", ".join(f"{c.name}: {c.type}" for c in table.columns)
    rows = [[*row, long.evaluate(row), text.evaluate(row)] for row in table.rows]
    query = (
        f'extend bag = bag_pack("a", {long.text}, "b", {text.text})'
        f" | evaluate bag_unpack(bag): ({schema}, a: long, b: string) | project {', '.join(kept)}, a, b"
    )
    return query, Table([*table.columns, Column("a", "long"), Column("b", "string")], rows)


def narrow(rng, table):
    """One row for each cell, as texts."""
    from random_queries.values import as_text

    names = _need(table.names("long", "string"))
    part = steps._columns(table, names)
    if len({repr(r) for r in part.rows}) < len(part.rows):
        raise Undefined("rows that are the same")
    rows = [[c.name, as_text(v)] for row in part.rows for c, v in zip(part.columns, row, strict=True)]
    return f"project {', '.join(names)} | evaluate narrow() | project Column, Value", Table(
        [Column("Column", "string"), Column("Value", "string")], rows
    )


def top_hitters(rng, table):
    name = rng.choice(_need(table.names("long", "string")))
    at = table.index(name)
    counts = {}
    for row in table.rows:
        counts[row[at]] = counts.get(row[at], 0) + 1
    if None in counts or not counts:
        raise Undefined("how often nulls are found")
    rows = [[value, count] for value, count in counts.items()]
    if name in ("n", f"approximate_count_{name}"):
        raise Undefined("a name that is taken")
    text = f"top-hitters {len(counts) + 1} of {name} | project {name}, n = approximate_count_{name}"
    return text, Table([Column(name, table.columns[at].type), Column("n", "long")], rows)


def top_nested(rng, table):
    """The first values of one level, and for each all of the next."""
    a, b = (rng.choice(_need(table.names("string", "long"))) for _ in range(2))
    if a == b:
        raise Undefined("one column twice")
    ai, bi = table.index(a), table.index(b)
    first, second = {}, {}
    for row in table.rows:
        first.setdefault(row[ai], []).append(row)
        second.setdefault(row[ai], {}).setdefault(row[bi], []).append(row)
    if None in first or any(None in level for level in second.values()):
        raise Undefined("a group of nulls")
    n = rng.choice([1, 2, 50])
    ranked = sorted(first, key=lambda key: -len(first[key]))
    if n < len(ranked) and len(first[ranked[n - 1]]) == len(first[ranked[n]]):
        raise Undefined("a tie at the edge")
    rows = [[key, len(first[key]), inner, len(found)] for key in ranked[:n] for inner, found in second[key].items()]
    text = f"top-nested {n} of {a} by na = count(), top-nested of {b} by nb = count()"
    columns = [Column(a, table.columns[ai].type), Column("na", "long"), Column(b, table.columns[bi].type), Column("nb", "long")]
    if {"na", "nb"} & {a, b}:
        raise Undefined("a name that is taken")
    return text, Table(columns, rows)


AXES = {
    "long": [(-8, 16, 4), (0, 10, 5), (1, 2, 1)],
    "datetime": [(ticks.of(2019, 12, 30), ticks.of(2020, 1, 4), ticks.DAY), (ticks.of(2020), ticks.of(2020, 3), 30 * ticks.DAY)],
    "timespan": [(-4 * ticks.HOUR, 4 * ticks.HOUR, 2 * ticks.HOUR), (0, 8 * ticks.DAY, ticks.DAY)],
}


def make_series(rng, table):
    """Bins from a start on, up to but without the end; a group that none of its rows are in keeps its defaults."""
    type_ = rng.choice(list(AXES))
    axis, at = rng.choice(_need(table.names(type_))), None
    at = table.index(axis)
    start, end, step = rng.choice(AXES[type_])
    by = rng.choice([None, *table.names("string")])
    default = rng.choice([None, 0, 7])
    value = random_expression(rng, table, "long", 0)
    word = rng.choice(["sum", "count", "min", "max"])
    inside = "count()" if word == "count" else f"{word}({value.text})"
    groups = {}
    outside = {row[table.index(by)] for row in table.rows} if by else set()
    for row in table.rows:
        if row[at] is not None and start <= row[at] < end:
            groups.setdefault(row[table.index(by)] if by else None, {}).setdefault((row[at] - start) // step, []).append(row)
    if not groups or outside - {*groups}:
        raise Undefined("a series without rows")
    steps_count = -(-(end - start) // step)
    filler = 0 if default is None else default
    rows = []
    for key, bins in groups.items():
        found = []
        for i in range(steps_count):
            found.append(_aggregate(word, bins[i], value) if i in bins else filler)
        rows.append([*([key] if by else []), found, steps_count])
    written = literal(step, "timespan" if type_ == "datetime" else type_)
    text = (
        f"make-series y = {inside}{'' if default is None else f' default={default}'} on {axis} "
        f"from {literal(start, type_)} to {literal(end, type_)} step {written}{f' by {by}' if by else ''}"
        f" | project {f'{by}, ' if by else ''}y, n = array_length({axis})"
    )
    if by in ("y", "n") or axis == by:
        raise Undefined("a name that is taken")
    return text, Table([*([Column(by, "string")] if by else []), Column("y", "dynamic"), Column("n", "long")], rows)


def _aggregate(word, rows, value):
    if word == "count":
        return len(rows)
    numbers = _present(rows, value)
    if not numbers or any(abs(n) > LONG_MAX // 8 for n in numbers):
        raise Undefined("an aggregate of nulls, or of large numbers")
    return {"sum": sum, "min": min, "max": max}[word](numbers)


STEPS = [
    reorder, keep_pattern, getschema, sample_distinct, sample_all, pivot, bag_unpack, narrow, top_hitters, top_nested,
    make_series, make_series, make_series,
]  # fmt: skip
