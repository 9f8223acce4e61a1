"""Steps over rows in a known order: window functions, scan and partition, behind a sort by all columns.

Source: KQL reference, the window functions, scan operator, partition operator.
"""

from random_queries import steps, ticks
from random_queries.expressions import random_expression
from random_queries.tables import Column, Table
from random_queries.values import LONG_MAX, Undefined


def total_order(rng, table):
    """(text, rows): every column is a key, and no two rows are the same."""
    if any(c.type == "dynamic" or not c.exact for c in table.columns):
        raise Undefined("no total order")
    text, made, _ = steps.ordered(rng, table, rng.sample([c.name for c in table.columns], len(table.columns)))
    if len({repr(row) for row in made.rows}) < len(made.rows):
        raise Undefined("rows that are the same")
    return text, made.rows


def _column_of(rng, table, *types):
    name = rng.choice(steps._need(table.names(*types)))
    return name, table.index(name)


def _row_number(rng, table, rows):
    start = rng.choice([None, 0, 5])
    values = [i + (1 if start is None else start) for i in range(len(rows))]
    return f"row_number({'' if start is None else start})", "long", values


def _neighbour(rng, table, rows):
    name, at = _column_of(rng, table)
    word, step = rng.choice([("prev", -1), ("next", 1)])
    by = rng.choice([1, 1, 2, 3])
    type_ = table.columns[at].type
    default = rng.choice([None, {"long": 99, "string": "none", "real": 0.5}.get(type_)])
    inside = name if by == 1 and default is None else f"{name}, {by}"
    if default is not None:
        inside += f", '{default}'" if type_ == "string" else f", {default}"
    filler = ("" if type_ == "string" else None) if default is None else default
    places = [i + step * by for i in range(len(rows))]
    return f"{word}({inside})", type_, [rows[p][at] if 0 <= p < len(rows) else filler for p in places]


def _running_sum(rng, table, rows):
    name, at = _column_of(rng, table, "long")
    test = random_expression(rng, table, "bool", 0) if rng.random() < 0.5 else None
    values, total = [], 0
    for row in rows:
        if row[at] is None or abs(row[at]) > 2**40:
            raise Undefined("a sum over nulls or of large numbers")
        total = row[at] if test is not None and test.evaluate(row) is True else total + row[at]
        values.append(total)
    return f"row_cumsum({name}{f', {test.text}' if test else ''})", "long", values


def _rank(rng, table, rows):
    name, at = _column_of(rng, table, "long", "string")
    word = rng.choice(["row_rank_dense", "row_rank_min"])
    values, rank = [], 0
    for i, row in enumerate(rows):
        if i == 0 or row[at] != rows[i - 1][at]:
            rank = rank + 1 if word == "row_rank_dense" else i + 1
        values.append(rank)
    if any(row[at] is None for row in rows):
        raise Undefined("the rank of a null")
    return f"{word}({name})", "long", values


WINDOWS = [_row_number, _neighbour, _neighbour, _neighbour, _running_sum, _running_sum, _rank]


def window(rng, table):
    text, rows = total_order(rng, table)
    call, type_, values = rng.choice(WINDOWS)(rng, table, rows)
    name = steps._fresh(table)
    word = rng.choice(["extend", "serialize"])
    made = [[*row, value] for row, value in zip(rows, values, strict=True)]
    between = "" if word == "serialize" or rng.random() < 0.5 else "serialize | "
    return f"{text} | {between}{word} {name} = {call}", Table([*table.columns, Column(name, type_)], made)


def sessions(rng, table):
    """row_window_session() over ascending datetimes."""
    name, at = _column_of(rng, table, "datetime")
    rows = sorted((r for r in table.rows if r[at] is not None), key=lambda r: r[at])
    if len({r[at] for r in rows}) < len(rows):
        raise Undefined("the order of equal times")
    whole, gap = rng.choice([(400, 30), (30, 1), (10000, 9999)])
    made, start = [], None
    for i, row in enumerate(rows):
        fresh = start is None or row[at] - start >= whole * ticks.DAY or row[at] - rows[i - 1][at] >= gap * ticks.DAY
        start = row[at] if fresh else start
        made.append([*row, start])
    column = steps._fresh(table)
    text = f"where isnotnull({name}) | sort by {name} asc | extend {column} = row_window_session({name}, {whole}d, {gap}d)"
    return text, Table([*table.columns, Column(column, "datetime")], made)


def scan_running(rng, table):
    """One step that is always taken: a state kept from row to row."""
    text, rows = total_order(rng, table)
    name, at = _column_of(rng, table, "long")
    state = steps._fresh(table)
    total, made = 0, []
    for row in rows:
        step = 0 if row[at] is None else row[at]
        total += step
        if abs(total) > LONG_MAX:
            raise Undefined("a sum beyond 64 bits")
        made.append([*row, total])
    scan = f"scan declare ({state}: long = 0) with (step s: true => {state} = s.{state} + coalesce({name}, 0);)"
    return f"{text} | {scan}", Table([*table.columns, Column(state, "long")], made)


def scan_matches(rng, table):
    """Two steps: a start that opens a match, or goes on with one that has not moved on, and rows that move it on."""
    text, rows = total_order(rng, table)
    test = random_expression(rng, table, "bool", 1)
    state, match = "seen", "m"
    if {state, match} & {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    with_id = rng.random() < 0.5
    made, number = [], -1
    started = moved = None  # each (seen, number of the match), while the step has a state
    for row in rows:
        if test.evaluate(row) is True:
            if started is None:
                number += 1
            started = shown = (1, number)
        elif started is not None:
            moved, started = (started[0] + 1, started[1]), None
            shown = moved
        elif moved is not None:
            shown = moved = (moved[0] + 1, moved[1])
        else:
            continue
        made.append([*row, shown[0], *([shown[1]] if with_id else [])])
    scan = (
        f"scan {f'with_match_id={match} ' if with_id else ''}declare ({state}: long = 0) with ("
        f"step first: {test.text} => {state} = 1; step more: not({test.text} == true) => "
        f"{state} = iff(more.{state} == 0, first.{state}, more.{state}) + 1;)"
    )
    columns = [*table.columns, Column(state, "long"), *([Column(match, "long")] if with_id else [])]
    return f"{text} | {scan}", Table(columns, made)


def partition(rng, table):
    """The same steps for each value of a column."""
    name, at = _column_of(rng, table, "string", "long")
    value, value_at = _column_of(rng, table, "long", "real", "datetime")
    groups = {}
    for row in table.rows:
        groups.setdefault(row[at], []).append(row)
    if len(groups) > 60 or None in groups:
        raise Undefined("more groups than the oldest strategy takes, or one of nulls")
    hint = rng.choice(["", "hint.strategy=native ", "hint.strategy=shuffle ", "hint.strategy=legacy "])
    if rng.random() < 0.5:
        made = [row for group in groups.values() for row in _tops(group, value_at)]
        return f"partition {hint}by {name} (top 1 by {value} desc)", Table(table.columns, made)
    counted = [[len([r for r in group if r[value_at] is not None])] for group in groups.values()]
    return f"partition {hint}by {name} (where isnotnull({value}) | count)", Table([Column("Count", "long")], counted)


def _tops(rows, at):
    rows = sorted((r for r in rows if r[at] is not None), key=lambda r: r[at], reverse=True) or rows
    if len(rows) > 1 and rows[0][at] == rows[1][at]:
        raise Undefined("a tie")
    return rows[:1]


STEPS = [*[window] * 6, sessions, sessions, scan_running, scan_matches, partition, partition]
