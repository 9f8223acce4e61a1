"""Plugins over a timeline, as whole queries over visits: one row for each visit of somebody on a day.

Source: KQL reference, their pages, whose words and printed tables say which days a window has.
"""

import math

from random_queries import ticks
from random_queries.tables import Column, Table
from random_queries.values import Undefined

FIRST = ticks.of(2024, 2, 27)


def _visits(rng):
    """(text, [(who, day, value)]): days from 0 on, each with a visit at least up to the last one."""
    last = rng.randint(1, 5)
    days = [*range(last + 1), *(rng.randint(0, last) for _ in range(rng.randint(0, 8)))]
    rows = [(rng.choice("abcd"), day, rng.randint(0, 20)) for day in days]
    rng.shuffle(rows)
    listed = ", ".join(f'"{who}", datetime({ticks.datetime_text(FIRST + day * ticks.DAY)}), {value}' for who, day, value in rows)
    return f"datatable(who: string, t: datetime, v: long)[{listed}]", rows, last


def _day(day):
    return FIRST + day * ticks.DAY


def _span(last):
    return f"datetime({ticks.datetime_text(FIRST)}), datetime({ticks.datetime_text(_day(last))})"


def sliding_window_counts(rng):
    text, rows, last = _visits(rng)
    window = rng.choice([1, 2, 3])
    made = []
    for day in range(last + 1):
        seen = [who for who, at, _ in rows if day - window < at <= day]
        made.append([_day(day), len(seen), len(set(seen))])
    query = f"{text}\n| evaluate sliding_window_counts(who, t, {_span(last)}, {window}d, 1d) | project t, c = Count, d = dcount"
    return query, Table([Column("t", "datetime"), Column("c", "long"), Column("d", "long")], made)


def activity_counts(rng):
    text, rows, last = _visits(rng)
    made, before = [], set()
    for day in range(last + 1):
        seen = [who for who, at, _ in rows if at == day]
        fresh = set(seen) - before
        before |= fresh
        made.append([_day(day), len(seen), len(set(seen)), len(fresh), len(before)])
    query = (
        f"{text}\n| evaluate activity_counts_metrics(who, t, {_span(last)}, 1d)"
        " | project t, c = ['count'], d = dcount, f = new_dcount, a = aggregated_dcount"
    )
    return query, Table([Column("t", "datetime"), *(Column(n, "long") for n in "cdfa")], made)


def rolling_percentile(rng):
    text, rows, last = _visits(rng)
    window, share = rng.choice([1, 2, 3]), rng.choice([10, 50, 90])
    made = []
    for day in range(last + 1):
        seen = sorted(value for _, at, value in rows if day - window < at <= day)
        if share * len(seen) % 100 == 0:
            raise Undefined("a share that falls between two values")
        made.append([_day(day), seen[math.ceil(share * len(seen) / 100) - 1]])
    shown = f"rolling_{window}_percentile_v_{share}"
    query = f"{text}\n| evaluate rolling_percentile(v, {share}, t, 1d, {window}) | project t, p = {shown}"
    return query, Table([Column("t", "datetime"), Column("p", "long")], made)


def rows_near(rng):
    text, rows, _ = _visits(rng)
    if len({(day, who, value) for who, day, value in rows}) < len(rows):
        raise Undefined("rows that are the same")
    rows = sorted(rows, key=lambda row: (row[1], row[0], row[2]))
    before, after = rng.choice([0, 1, 2]), rng.choice([None, 0, 1, 3])
    marks = [i for i, row in enumerate(rows) if row[2] > 12]
    kept = [i for i in range(len(rows)) if any(m - before <= i <= m + (before if after is None else after) for m in marks)]
    query = (
        f"{text}\n| sort by t asc, who asc, v asc\n| evaluate rows_near(v > 12, {before}{'' if after is None else f', {after}'})"
    )
    columns = [Column("who", "string"), Column("t", "datetime"), Column("v", "long")]
    return query, Table(columns, [[rows[i][0], _day(rows[i][1]), rows[i][2]] for i in kept])


SOURCES = [sliding_window_counts, activity_counts, rolling_percentile, rows_near]
