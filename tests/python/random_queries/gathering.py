"""More aggregates: those with conditions, extremes with other columns, collections, spread, percentiles, bits and sketches.

Source: KQL reference, the pages of the aggregates. Nulls do not count; where a page says nothing of a group without values,
the evaluator makes no such group.
"""

import json
import math

from random_queries import aggregates
from random_queries.aggregates import Aggregate, _present, _sum, columns_of, named, results_of
from random_queries.expressions import Expression, column, random_expression
from random_queries.tables import Column, Table
from random_queries.values import Undefined


def _number(rng, table):
    return random_expression(rng, table, rng.choice(["long", "long", "real"]), 1)


def _residue(rng, table):
    """Numbers so small that their squares are exact."""
    value, by = random_expression(rng, table, "long", 0), rng.choice([7, 50, 1000])
    return Expression(
        f"({value.text} % {by})", "long", lambda row: None if value.evaluate(row) is None else value.evaluate(row) % by
    )


def _test(rng, table):
    return random_expression(rng, table, "bool", 1)


def _chosen(rows, test):
    return rows if test is None else [row for row in rows if test.evaluate(row) is True]


def _some(found):
    """The values, of which there must be some."""
    if not found:
        raise Undefined("no values")
    return found


def _conditional(name, rng, make_value, result, compute, table, label, exact=True):
    """name(value) or nameif(value, test)."""
    value, test = make_value(rng, table), _test(rng, table) if rng.random() < 0.6 else None
    inside = value.text if test is None else f"{value.text}, {test.text}"
    text = f"{name}{'' if test is None else 'if'}({inside})"
    type_ = value.type if result is None else result
    return Aggregate(text, Column(label, type_, exact), lambda rows: compute(_present(_chosen(rows, test), value)))


def _extreme_if(rng, table, label):
    name, choose = rng.choice([("min", min), ("max", max)])
    value, test = _number(rng, table), _test(rng, table)
    return Aggregate(
        f"{name}if({value.text}, {test.text})",
        Column(label, value.type),
        lambda rows: choose(_present(_chosen(rows, test), value), default=None),
    )


def _of_times(rng, table, label):
    name, choose = rng.choice([("min", min), ("max", max)])
    value = random_expression(rng, table, rng.choice(["datetime", "timespan", "decimal"]), 1)
    return Aggregate(f"{name}({value.text})", Column(label, value.type), lambda rows: choose(_present(rows, value), default=None))


def _avg_if(rng, table, label):
    value, test = _number(rng, table), _test(rng, table)

    def compute(rows):
        numbers = _some(_present(_chosen(rows, test), value))
        return _sum(numbers) / len(numbers)

    return Aggregate(f"avgif({value.text}, {test.text})", Column(label, "real", exact=False), compute)


def _distinct(name):
    def make(rng, table, label):
        return _conditional(
            name,
            rng,
            lambda r, t: random_expression(r, t, r.choice(["long", "string"]), 1),
            "long",
            lambda v: len(set(v)),
            table,
            label,
        )

    return make


def _spread(name):
    def make(rng, table, label):
        def compute(numbers):
            if len(numbers) < 2:
                raise Undefined("the spread of one value")
            mean = math.fsum(numbers) / len(numbers)
            found = math.fsum((n - mean) ** 2 for n in numbers) / (len(numbers) - (0 if name.endswith("p") else 1))
            if found < 1e-3:
                raise Undefined("a spread that is all rounding")
            return math.sqrt(found) if name.startswith("stdev") else found

        if name == "stdevp":  # which has no form with a condition
            value = _residue(rng, table)
            return Aggregate(
                f"stdevp({value.text})", Column(label, "real", exact=False), lambda rows: compute(_present(rows, value))
            )
        return _conditional(name, rng, _residue, "real", compute, table, label, exact=False)

    return make


def _percentile(rng, table, label):
    """The nearest rank: the smallest value with that share of all values at or below it."""
    value, share = random_expression(rng, table, "long", 1), rng.choice([1, 20, 50, 75, 90, 99])

    def compute(rows):
        numbers = sorted(_some(_present(rows, value)))
        if share * len(numbers) % 100 == 0:
            raise Undefined("a share that falls between two values")
        return numbers[math.ceil(share * len(numbers) / 100) - 1]

    return Aggregate(f"percentile({value.text}, {share})", Column(label, "long"), compute)


def _arg_extreme(rng, table, label):
    """What stands beside an extreme; the extreme itself is the first of the two columns."""
    name, choose = rng.choice([("arg_min", min), ("arg_max", max)])
    by, shown = random_expression(rng, table, "long", 1), column(table, rng.choice(table.names("long", "string", "bool")))

    def compute(rows):
        found = [(key, row) for key, row in ((by.evaluate(row), row) for row in rows) if key is not None]
        best = choose(key for key, _ in _some(found))
        kept = {json.dumps(shown.evaluate(row)): shown.evaluate(row) for key, row in found if key == best}
        if len(kept) > 1:
            raise Undefined("a tie")
        return [best, *kept.values()]

    return Aggregate(f"{name}({by.text}, {shown.text})", [Column(label, by.type), Column(f"{label}s", shown.type)], compute)


def _take_any(rng, table, label):
    shown = column(table, rng.choice(table.names("long", "string", "bool")))
    name = rng.choice(["take_any", "any"])
    return Aggregate(f"{name}({shown.text})", Column(label, shown.type), lambda rows: _only(rows, shown))


def _only(rows, shown):
    """take_any() of a group whose rows agree, nulls aside."""
    found = {json.dumps(v): v for v in (shown.evaluate(row) for row in _some(rows)) if v not in (None, "")}
    if len(found) != 1:
        raise Undefined("several values to take one of")
    return next(iter(found.values()))


def _take_any_if(rng, table, label):
    shown, test = column(table, rng.choice(table.names("long", "bool"))), _test(rng, table)
    name = rng.choice(["take_anyif", "anyif"])
    return Aggregate(
        f"{name}({shown.text}, {test.text})", Column(label, shown.type), lambda rows: _only(_chosen(rows, test), shown)
    )


def _list_if(rng, table, label):
    value, test = random_expression(rng, table, "long", 1), _test(rng, table)
    name, keep = rng.choice([("make_list_if", list), ("make_set_if", set)])
    return Aggregate(
        f"array_sort_asc({name}({value.text}, {test.text}))",
        Column(label, "dynamic"),
        lambda rows: sorted(keep(_present(_chosen(rows, test), value))),
    )


def _list_with_nulls(rng, table, label):
    value = random_expression(rng, table, "long", 1)
    return Aggregate(f"array_length(make_list_with_nulls({value.text}))", Column(label, "long"), len)


def _bag(rng, table, label):
    value = random_expression(rng, table, "long", 0)
    test = _test(rng, table) if rng.random() < 0.5 else None
    name = "make_bag" if test is None else "make_bag_if"
    inside = f'bag_pack(strcat("k", {value.text}), 1)' + (f", {test.text}" if test else "")
    return Aggregate(
        f"array_sort_asc(bag_keys({name}({inside})))",
        Column(label, "dynamic"),
        lambda rows: sorted({f"k{'' if v is None else v}" for v in map(value.evaluate, _chosen(rows, test))}),
    )


def _bits(rng, table, label):
    name, start, join = rng.choice(
        [
            ("binary_all_and", -1, lambda a, b: a & b),
            ("binary_all_or", 0, lambda a, b: a | b),
            ("binary_all_xor", 0, lambda a, b: a ^ b),
        ]
    )
    value = random_expression(rng, table, "long", 1)

    def compute(rows):
        made = start
        for number in _some(_present(rows, value)):
            made = join(made, number)
        return made

    return Aggregate(f"{name}({value.text})", Column(label, "long"), compute)


def _sketch(rng, table, label):
    value = random_expression(rng, table, "long", 1)
    if rng.random() < 0.5:
        return Aggregate(
            f"dcount_hll(hll({value.text}))", Column(label, "long"), lambda rows: len(set(_some(_present(rows, value))))
        )
    share = rng.choice([0, 100])
    choose = min if share == 0 else max
    return Aggregate(
        f"tolong(percentile_tdigest(tdigest({value.text}), {share}))",
        Column(label, "long"),
        lambda rows: choose(n for n in _some(_present(rows, value)) if _small(n)),
    )


def _small(number):
    if abs(number) > 2**50:
        raise Undefined("a number that no real holds")
    return True


def _covariance(rng, table, label):
    a, b = (_residue(rng, table) for _ in range(2))
    name, divisor = rng.choice([("covariance", 1), ("covariancep", 0)])

    def compute(rows):
        pairs = [(x, y) for x, y in ((a.evaluate(row), b.evaluate(row)) for row in rows) if x is not None and y is not None]
        if len(pairs) < 2:
            raise Undefined("the spread of one value")
        mean_x, mean_y = (math.fsum(numbers) / len(pairs) for numbers in zip(*pairs, strict=True))
        found = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs) / (len(pairs) - divisor)
        if abs(found) < 1e-3:
            raise Undefined("a spread that is all rounding")
        return found

    return Aggregate(f"{name}({a.text}, {b.text})", Column(label, "real", exact=False), compute)


def whole_row(rng, table):
    """The rest of the row where a column is extreme, one row for each group: arg_max(x, *)."""
    name, choose = rng.choice([("arg_min", min), ("arg_max", max)])
    by, group = rng.choice(table.names("long", "real", "datetime") or [None]), rng.choice(table.names("string") or [None])
    if by is None or group is None:
        raise Undefined("nothing to choose from")
    at, group_at = table.index(by), table.index(group)
    groups = {}
    for row in table.rows:
        groups.setdefault(row[group_at], []).append(row)
    rows = []
    for key, members in groups.items():
        found = [row for row in members if row[at] is not None]
        best = choose(row[at] for row in _some(found))
        kept = [row for row in found if row[at] == best]
        if len(kept) > 1:
            raise Undefined("a tie")
        rest = [v for i, v in enumerate(kept[0]) if i not in (at, group_at)]
        rows.append([key, best, *rest])
    others = [c for i, c in enumerate(table.columns) if i not in (at, group_at)]
    return f"summarize {name}({by}, *) by {group}", Table([table.columns[group_at], table.columns[at], *others], rows)


def of_all_rows(rng, table, turn=None):
    """An aggregate over the whole table, which has more to say than small groups have."""
    make = rng.choice(aggregates.AGGREGATES) if turn is None else AGGREGATES[turn % len(AGGREGATES)]
    made = make(rng, table, "v0")
    return f"summarize {named(made)}", Table(columns_of(made), [results_of(made, table.rows)])


AGGREGATES = [
    _extreme_if, _of_times, _avg_if, _distinct("dcount"), _distinct("count_distinct"), _percentile, _arg_extreme, _arg_extreme,
    *[_spread(name) for name in ("variance", "variancep", "stdev", "stdevp")] * 3,
    _take_any, _take_any, _take_any_if, _take_any_if, _take_any_if, _list_if, _list_with_nulls, _bag,
    _bits, _bits, _bits, _sketch, _sketch, _sketch, _covariance, _covariance, _covariance,
]  # fmt: skip
