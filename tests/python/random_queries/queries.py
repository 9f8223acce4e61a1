"""Whole queries: a datatable and up to six steps, perhaps sorted at the end, all from one seed."""

import random
from dataclasses import dataclass
from functools import partial

from random_queries import (
    aggregates,
    cutting,
    decimals,
    dynamics,
    expanding,
    expressions,
    gathering,
    graphs,
    joining,
    mathematics,
    paths,
    plugins,
    row_order,
    shaping,
    statements,
    texts,
    times,
)
from random_queries.expressions import MAKERS
from random_queries.functions import called
from random_queries.steps import STEPS, _fresh, ordered
from random_queries.tables import Column, Table, random_datatable
from random_queries.values import Undefined

aggregates.AGGREGATES *= 2
aggregates.AGGREGATES += gathering.AGGREGATES
FUNCTIONS = [*mathematics.ROWS, *paths.ROWS, *times.ROWS, *texts.ROWS, *dynamics.ROWS, *decimals.ROWS]
OTHER_STEPS = [
    *row_order.STEPS,
    *shaping.STEPS,
    *expanding.STEPS,
    *cutting.STEPS,
    *joining.STEPS,
    *statements.STEPS,
    gathering.whole_row,
    *[gathering.of_all_rows] * 12,
]
MAX_ROWS = 200  # joins and unions of joins would grow without bound


@dataclass
class Query:
    seed: int
    text: str
    expected: Table
    order_keys: list[int]  # positions of the columns by which the answer is sorted; empty: any order


def _attempt(rng, step, table):
    for _ in range(8):
        try:
            text, after = step(rng, table)
        except (Undefined, IndexError):
            continue
        if after.columns and len(after.rows) <= MAX_ROWS:
            return text, after
    return None


def show_function(rng, table, row=None):
    """A column that calls one of the functions."""
    value = called(row or rng.choice(FUNCTIONS))(rng, table, 1)
    name = _fresh(table)
    return f"extend {name} = {value.text}", Table(
        [*table.columns, Column(name, value.type)], [[*row, value.evaluate(row)] for row in table.rows]
    )


def show_test(rng, table):
    """A column with the answer of an operator of two values."""
    value = rng.choice([rng.choice(MAKERS["bool"]), expressions._search, expressions._string_comparison, texts._operator])(
        rng, table, 1
    )
    name = _fresh(table)
    return f"extend {name} = {value.text}", Table(
        [*table.columns, Column(name, "bool")], [[*row, value.evaluate(row)] for row in table.rows]
    )


def _source(rng):
    """(text, Table) of a whole query's first line."""
    drawn = rng.random()
    if drawn < 0.06:
        return joining.range_rows(rng)
    if drawn < 0.16:
        try:
            return rng.choice(graphs.SOURCES if drawn < 0.12 else plugins.SOURCES)(rng)
        except Undefined:
            pass
    return random_datatable(rng)


def random_query(seed):
    rng = random.Random(seed)
    source, given = _source(rng)
    table, lines, keys = given, [], []
    # What comes in turn is tried as often as the rest of its kind.
    turn = rng.choice(
        [partial(show_function, row=FUNCTIONS[seed % len(FUNCTIONS)])] * 4 + [partial(gathering.of_all_rows, turn=seed)]
    )
    for i in range(rng.randint(2, 6)):
        first = i == 0 and rng.random() < 0.7
        steps = [turn] if first else rng.choice([STEPS, STEPS, OTHER_STEPS, OTHER_STEPS, [show_function], [show_test]])
        made = _attempt(rng, rng.choice(steps), table)
        if made:
            lines.append(made[0])
            table = made[1]
    if rng.random() < 0.5:
        made = _sorted(rng, table)
        if made:
            text, table, keys = made
            lines.append(text)
    text, ordered_still = statements.wrapped(rng, source, given, lines)
    return Query(seed, text, table, keys if ordered_still else [])


def _sorted(rng, table):
    try:
        names = table.names("long", "real", "string", "bool")
        return ordered(rng, table, rng.sample(names, rng.randint(1, len(names)))) if names else None
    except Undefined:
        return None
