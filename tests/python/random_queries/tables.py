"""Tables of the evaluator, and the random `datatable` literals that queries start from."""

import json
import math
from dataclasses import dataclass, field
from decimal import Decimal

from random_queries import ticks

POOLS = {
    "long": [None, None, -7, -3, -1, 0, 1, 2, 5, 8, 12],
    "real": [None, -2.5, -0.75, 0.0, 0.5, 1.0, 3.25, 8.0],
    "string": ["", "", "a", "A", "ab", "b", "Ab c", "x-y", "zebra", "né a", "aaa"],
    "bool": [None, True, False],
    "dynamic": [None, [], [1, 2], [3], [5, None, -1], ["a", 4]],
    "datetime": [
        None,
        ticks.of(2020, 1, 1),
        ticks.of(2020, 2, 29, 12, 30),
        ticks.of(2019, 12, 31, 23, 59, 59, 9999999),
        ticks.of(1999, 5, 16, 6),
        ticks.of(2021, 1, 3, 0, 0, 1, 500000),
    ],
    "decimal": [None, *map(Decimal, ["0", "1", "-2.5", "0.1", "3.25", "100", "-0.001"])],
    "timespan": [None, 0, ticks.HOUR, -90 * ticks.MINUTE, 36 * ticks.HOUR, 1, 7 * ticks.DAY],
}
EDGES = [2**63 - 1, -(2**63) + 1, 4611686018427387904]


@dataclass
class Column:
    name: str
    type: str
    exact: bool = True  # False: an average, whose last bits nobody promises; it is shown but not computed with


@dataclass
class Table:
    columns: list[Column]
    rows: list[list] = field(default_factory=list)

    def index(self, name):
        return next(i for i, column in enumerate(self.columns) if column.name == name)

    def names(self, *types):
        return [c.name for c in self.columns if c.exact and (not types or c.type in types)]


def literal(value, type_):
    """The value as a query writes it."""
    if value is None:
        return f"{type_}(null)"
    if type_ == "bool":
        return "true" if value else "false"
    if type_ == "string":
        return f'"{value}"'
    if type_ == "dynamic":
        return f"dynamic({json.dumps(value)})"
    if type_ == "decimal":
        return f"decimal({value:f})"
    if type_ == "datetime":
        return f"datetime({ticks.datetime_text(value)})"
    if type_ == "timespan":
        return f"time({ticks.timespan_text(value)})"
    if isinstance(value, float) and not math.isfinite(value):
        return f"real({value})".replace("(inf)", "(+inf)")
    return str(value)


def random_value(rng, type_, edges=False):
    if type_ == "long" and edges and rng.random() < 0.3:
        return rng.choice(EDGES)
    return rng.choice(POOLS[type_])


def random_datatable(rng, with_lists=True):
    """(text, Table): two to four columns and up to eight rows."""
    kinds = ["long", "real", "string", "bool", "datetime", "timespan", "decimal", "long"] + (["dynamic"] if with_lists else [])
    types = ["long", "string", *(rng.choice(kinds) for _ in range(rng.randint(0, 2)))]
    columns = [Column(name, type_) for name, type_ in zip("kstu", types, strict=False)]
    edges = rng.random() < 0.4
    rows = [[random_value(rng, c.type, edges) for c in columns] for _ in range(rng.choice([0, 1, 3, 5, 6, 8]))]
    head = ", ".join(f"{c.name}: {c.type}" for c in columns)
    body = ", ".join(literal(v, c.type) for row in rows for v, c in zip(row, columns, strict=True))
    return f"datatable({head}) [{body}]", Table(columns, rows)
