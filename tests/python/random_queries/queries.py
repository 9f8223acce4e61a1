"""Whole queries: a datatable and up to five steps, perhaps sorted at the end, all from one seed."""

import random
from dataclasses import dataclass

from random_queries.steps import STEPS, ordered
from random_queries.tables import Table, random_datatable
from random_queries.values import Undefined

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


def random_query(seed):
    rng = random.Random(seed)
    source, table = random_datatable(rng)
    named = rng.random() < 0.3
    lines = ["T" if named else source]
    for _ in range(rng.randint(1, 5)):
        made = _attempt(rng, rng.choice(STEPS), table)
        if made:
            lines.append(made[0])
            table = made[1]
    keys = []
    if rng.random() < 0.5:
        made = _sorted(rng, table)
        if made:
            text, table, keys = made
            lines.append(text)
    text = "\n| ".join(lines)
    return Query(seed, f"let T = {source};\n{text}" if named else text, table, keys)


def _sorted(rng, table):
    try:
        names = table.names("long", "real", "string", "bool")
        return ordered(rng, table, rng.sample(names, rng.randint(1, len(names)))) if names else None
    except Undefined:
        return None
