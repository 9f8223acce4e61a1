"""Functions of arrays, which are lists, and bags, which are dictionaries. Source: KQL reference, their pages."""

import json

from random_queries.expressions import MAKERS, Expression, constant, random_expression
from random_queries.functions import Function, register
from random_queries.values import Undefined


def array_of_longs(rng, table, depth):
    """An array of numbers alone, whose order is known."""
    if depth > 0 and rng.random() < 0.5:
        parts = [random_expression(rng, table, "long", 0) for _ in range(rng.randint(1, 3))]
        text = f"pack_array({', '.join(p.text for p in parts)})"
        return Expression(text, "dynamic", lambda row: [p.evaluate(row) for p in parts])
    return constant(
        rng.choice([[], [1, 2], [3], [5, 2, 9, 2], [-1, 0, 4], [7, 7], [2**63 - 1, 2**63 - 2, 2**53 + 1, 2**53]]), "dynamic"
    )


def bag(rng, table, depth):
    if depth > 0 and rng.random() < 0.6:
        a, b = random_expression(rng, table, "long", 0), random_expression(rng, table, "string", 0)
        text = f'{rng.choice(["bag_pack", "pack"])}("a", {a.text}, "b", {b.text})'
        return Expression(text, "dynamic", lambda row: {"a": a.evaluate(row), "b": b.evaluate(row)})
    value = rng.choice([{}, {"a": 1}, {"b": "x", "c": [1, 2]}, {"a": None, "d": {"e": 5}}])
    return Expression(f"dynamic({json.dumps(value)})", "dynamic", lambda row: value)


def _sorted(items):
    """With nulls behind the numbers, as both sorts have them."""
    return sorted(v for v in items if v is not None) + [v for v in items if v is None]


def _sorted_down(items):
    return sorted((v for v in items if v is not None), reverse=True) + [v for v in items if v is None]


def _whole(items):
    if any(v is None for v in items):
        raise Undefined("nulls among the numbers")
    return items


def _small(items):
    if any(v is not None and abs(v) > 2**40 for v in items):
        raise Undefined("numbers whose sum no real holds")
    return items


def _slice(items, start, end):
    start, end = (max(0, n + len(items)) if n < 0 else n for n in (start, end))
    return items[start : end + 1]


def _rotated(items, by):
    by = by % len(items) if items else 0
    return items[by:] + items[:by]


def _shifted(items, by, filler=None):
    size = len(items)
    if abs(by) >= size:
        return [filler] * size
    return items[by:] + [filler] * by if by >= 0 else [filler] * -by + items[:by]


def _index_of(items, value):
    return items.index(value) if value in items else -1


def _unique(*lists):
    return sorted({v for items in lists for v in items if v is not None})


def _set(function):
    """The order of a set is not said: it is compared as a sorted array."""

    def compute(*lists):
        return sorted(function(*({*_whole(items)} for items in lists)))

    return compute


def _difference(first, *others):
    return first.difference(*others)


def _zip(a, b):
    size = max(len(a), len(b))
    return [[x[i] if i < len(x) else None for x in (a, b)] for i in range(size)]


def _keys(d):
    return list(d)


def _merged(*bags):
    made = {}
    for each in bags:
        for key, value in each.items():
            made.setdefault(key, value)
    return made


def _sum(items):
    return float(sum(v for v in items if v is not None))


def _iff(tests, a, b):
    return [x if test else y for test, x, y in zip(tests, a, b, strict=True)]


def _split(items, at):
    at = max(0, at + len(items)) if at < 0 else min(at, len(items))
    return [items[:at], items[at:]]


def _jaccard(a, b):
    a, b = {*_whole(a)}, {*_whole(b)}
    return len(a & b) / len(a | b) if a | b else None


def _item(items, at):
    return items[at] if -len(items) <= at < len(items) else None


ARRAY, BAG = array_of_longs, bag
LOOK = "array_sort_asc({name}({arguments}))"
COUNTS = [-5, -1, 0, 1, 2]
ROWS = [
    Function("pack_array", "dynamic", ["long", "string", "bool"], lambda *parts: list(parts)),
    Function("array_length", "long", [ARRAY], len),
    Function("array_concat", "dynamic", [ARRAY, ARRAY], lambda a, b: a + b),
    Function("array_slice", "dynamic", [ARRAY, [-3, -1, 0, 1], [-1, 0, 2, 9]], _slice),
    Function("array_split", "dynamic", [ARRAY, [-1, 0, 1, 5]], _split),
    Function("array_sort_asc", "dynamic", [ARRAY], _sorted),
    Function("array_sort_desc", "dynamic", [ARRAY], _sorted_down),
    Function("array_reverse", "dynamic", [ARRAY], lambda a: a[::-1]),
    Function("array_sum", "real", [ARRAY], lambda a: _sum(_small(_whole(a))), text="toreal({name}({arguments}))"),
    Function("array_index_of", "long", [ARRAY, [2, 7, -1]], _index_of),
    Function("array_rotate_left", "dynamic", [ARRAY, COUNTS], _rotated),
    Function("array_rotate_right", "dynamic", [ARRAY, COUNTS], lambda a, n: _rotated(a, -n)),
    Function("array_shift_left", "dynamic", [ARRAY, COUNTS], _shifted),
    Function("array_shift_left", "dynamic", [ARRAY, COUNTS, [0, 99]], _shifted),
    Function("array_shift_right", "dynamic", [ARRAY, COUNTS], lambda a, n: _shifted(a, -n)),
    Function("array_iff", "dynamic", [[[True, False, True]], [[1, 2, 3]], [[-1, -2, -3], [0, 0, 0]]], _iff),
    Function("zip", "dynamic", [ARRAY, ARRAY], _zip),
    Function("repeat", "dynamic", ["long", [0, 1, 3]], lambda v, n: [v] * n),
    Function("range", "dynamic", [[0, 1, -2], [3, 0, 5], [1, 2]], lambda a, b, step: list(range(a, b + 1, step))),
    Function("set_union", "dynamic", [ARRAY, ARRAY], _set(lambda a, b: a | b), text=LOOK),
    Function("set_intersect", "dynamic", [ARRAY, ARRAY], _set(lambda a, b: a & b), text=LOOK),
    Function("set_difference", "dynamic", [ARRAY, ARRAY], _set(_difference), text=LOOK),
    Function("set_has_element", "bool", [ARRAY, [1, 2, 9]], lambda a, v: v in a),
    Function("jaccard_index", "real", [ARRAY, ARRAY], _jaccard, text="toreal({name}({arguments}))"),
    Function("bag_keys", "dynamic", [BAG], lambda d: sorted(d), text=LOOK),
    Function("bag_has_key", "bool", [BAG, ["a", "c", "zz"]], lambda d, k: k in d),
    Function("bag_merge", "dynamic", [BAG, BAG], _merged),
    Function(
        "bag_remove_keys", "dynamic", [BAG, [["a"], ["b", "d"], []]], lambda d, k: {x: v for x, v in d.items() if x not in k}
    ),
    Function("bag_set_key", "dynamic", [BAG, ["a", "z"], "long"], lambda d, k, v: {**d, k: v}),
    Function("parse_json", "dynamic", [BAG], lambda d: d, text="{name}(tostring({arguments}))"),
    Function("gettype", "string", [BAG], lambda d: "dictionary"),
    Function("gettype", "string", [ARRAY], lambda a: "array"),
    Function("tostring", "string", [ARRAY], lambda a: json.dumps(a, separators=(",", ":"))),
    Function("dynamic_to_json", "string", [ARRAY], lambda a: json.dumps(a, separators=(",", ":"))),
]


def _element(rng, table, depth):
    items, at = array_of_longs(rng, table, depth), rng.choice([0, 1, -1, 7])
    return Expression(f"tolong({items.text}[{at}])", "long", lambda row: _item(items.evaluate(row), at))


def _member(rng, table, depth):
    found, key = bag(rng, table, depth), rng.choice(["a", "b", "zz"])

    def evaluate(row):
        value = found.evaluate(row).get(key)
        if isinstance(value, str):
            raise Undefined("the number in a text")
        return value

    path = f".{key}" if rng.random() < 0.5 else f'["{key}"]'
    return Expression(f"tolong({found.text}{path})", "long", evaluate)


register(ROWS)
MAKERS["long"] += [_element, _member]
MAKERS["dynamic"] += [array_of_longs, bag]
