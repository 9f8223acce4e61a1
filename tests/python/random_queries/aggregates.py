"""summarize: random aggregates, each with its text, its column and what it makes of the rows of one group.

Source: KQL reference, summarize operator (default values of aggregations), "Null values and aggregation functions",
and the pages of the aggregates.
"""

from collections.abc import Callable
from dataclasses import dataclass

from random_queries.expressions import Expression, column, random_expression
from random_queries.tables import Column, Table
from random_queries.values import LONG_MAX, Undefined, rounded_down


@dataclass
class Aggregate:
    text: str
    column: Column | list[Column]  # several where one call gives several, each with a value of the list that it computes
    compute: Callable[[list[list]], object]  # rows of one group -> value


def _present(rows, expression):
    return [v for v in map(expression.evaluate, rows) if v is not None]


def _sum(numbers):
    total = sum(numbers)
    if isinstance(total, int) and abs(total) > LONG_MAX:
        raise Undefined("a sum beyond 64 bits")
    return total


def _count(rng, table, name):
    return Aggregate("count()", Column(name, "long"), len)


def _countif(rng, table, name):
    test = random_expression(rng, table, "bool", 1)
    return Aggregate(f"countif({test.text})", Column(name, "long"), lambda rows: sum(test.evaluate(r) is True for r in rows))


def _sum_of(rng, table, name):
    value = random_expression(rng, table, rng.choice(["long", "real"]), 1)
    zero = 0 if value.type == "long" else 0.0
    return Aggregate(f"sum({value.text})", Column(name, value.type), lambda rows: _sum(_present(rows, value)) if rows else zero)


def _sumif(rng, table, name):
    value, test = random_expression(rng, table, "long", 1), random_expression(rng, table, "bool", 1)

    def compute(rows):
        return _sum(_present([r for r in rows if test.evaluate(r) is True], value))

    return Aggregate(f"sumif({value.text}, {test.text})", Column(name, "long"), compute)


def _avg(rng, table, name):
    value = random_expression(rng, table, rng.choice(["long", "real"]), 1)

    def compute(rows):
        numbers = _present(rows, value)
        return _sum(numbers) / len(numbers) if numbers else float("nan")

    return Aggregate(f"avg({value.text})", Column(name, "real", exact=False), compute)


def _extreme(rng, table, name):
    word, choose = rng.choice([("min", min), ("max", max)])
    value = random_expression(rng, table, rng.choice(["long", "real"]), 1)
    return Aggregate(f"{word}({value.text})", Column(name, value.type), lambda rows: choose(_present(rows, value), default=None))


def _dcount(rng, table, name):
    value = random_expression(rng, table, rng.choice(["long", "string"]), 1)
    return Aggregate(f"dcount({value.text})", Column(name, "long"), lambda rows: len(set(_present(rows, value))))


def _list(rng, table, name):
    value = random_expression(rng, table, "long", 1)
    if rng.random() < 0.4:
        text, unique = f"array_sort_asc(make_list({value.text}))", list
    else:
        text, unique = f"array_sort_asc(make_set({value.text}))", set
    return Aggregate(text, Column(name, "dynamic"), lambda rows: sorted(unique(_present(rows, value))))


AGGREGATES = [_count, _countif, _sum_of, _sum_of, _sumif, _avg, _extreme, _extreme, _dcount, _list]


def _key(rng, table, name):
    """(text in the query, column, expression) of one group expression."""
    names = table.names("long", "string", "bool")
    if rng.random() < 0.5 and names:
        plain = column(table, rng.choice(names))
        return plain.text, Column(plain.text, plain.type), plain
    if rng.random() < 0.5:
        long = random_expression(rng, table, "long", 0)
        size = rng.choice([2, 5])

        def down(row):
            value = long.evaluate(row)
            if value is not None and abs(value) > 2**60:
                raise Undefined("a bin below the smallest long")
            return rounded_down(value, size)

        binned = Expression(f"bin({long.text}, {size})", "long", down)
        return f"{name} = {binned.text}", Column(name, "long"), binned
    computed = random_expression(rng, table, rng.choice(["long", "bool", "string"]), 1)
    return f"{name} = {computed.text}", Column(name, computed.type), computed


def columns_of(aggregate):
    return aggregate.column if isinstance(aggregate.column, list) else [aggregate.column]


def results_of(aggregate, rows):
    return aggregate.compute(rows) if isinstance(aggregate.column, list) else [aggregate.compute(rows)]


def named(aggregate):
    """The aggregate with the names of its columns, as summarize has it."""
    names = [c.name for c in columns_of(aggregate)]
    return f"{names[0] if len(names) == 1 else '(' + ', '.join(names) + ')'} = {aggregate.text}"


def summarize(rng, table: Table):
    """(text, Table) of a random summarize."""
    keys = [_key(rng, table, f"g{i}") for i in range(rng.choice([0, 1, 1, 1, 2]))]
    if len({key[1].name for key in keys}) < len(keys):
        raise Undefined("the same key twice")
    free = [name for name in (f"v{i}" for i in range(99)) if name not in {key[1].name for key in keys}]
    aggregates = [rng.choice(AGGREGATES)(rng, table, free[i]) for i in range(rng.randint(0 if keys else 1, 3))]
    groups = {}
    for row in table.rows:
        groups.setdefault(tuple(key[2].evaluate(row) for key in keys), []).append(row)
    if not keys and not groups:
        groups[()] = []
    rows = [[*key, *(v for a in aggregates for v in results_of(a, members))] for key, members in groups.items()]
    text = ", ".join(named(a) for a in aggregates)
    by = " by " + ", ".join(key[0] for key in keys) if keys else ""
    return f"summarize {text}{by}", Table([*(key[1] for key in keys), *(c for a in aggregates for c in columns_of(a))], rows)
