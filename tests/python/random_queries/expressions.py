"""Random typed expressions: the text of each, and a function from a row to its value."""

from collections.abc import Callable
from dataclasses import dataclass

from random_queries import values
from random_queries.tables import POOLS, literal


@dataclass
class Expression:
    text: str
    type: str
    evaluate: Callable[[list], object]


def _of(text, type_, function, *parts):
    return Expression(text, type_, lambda row: function(*(part.evaluate(row) for part in parts)))


def constant(value, type_):
    return Expression(literal(value, type_), type_, lambda row: value)


def random_constant(rng, type_, null=False):
    return constant(rng.choice([v for v in POOLS[type_] if null or v is not None]), type_)


def column(table, name):
    at = table.index(name)
    return Expression(name, table.columns[at].type, lambda row: row[at])


def random_expression(rng, table, type_, depth=2):
    names = table.names(type_)
    if depth == 0 or rng.random() < 0.25:
        return column(table, rng.choice(names)) if names and rng.random() < 0.85 else random_constant(rng, type_)
    return rng.choice(MAKERS[type_])(rng, table, depth - 1)


def _arithmetic(rng, table, depth, types):
    symbol, function = rng.choice([("+", values.add), ("-", values.subtract), ("*", values.multiply)])
    a, b = (random_expression(rng, table, type_, depth) for type_ in types)
    return _of(f"({a.text} {symbol} {b.text})", "real" if "real" in types else "long", function, a, b)


def _long_arithmetic(rng, table, depth):
    return _arithmetic(rng, table, depth, ["long", "long"])


def _real_arithmetic(rng, table, depth):
    return _arithmetic(rng, table, depth, rng.choice([["long", "real"], ["real", "long"], ["real", "real"]]))


def _long_quotient(rng, table, depth):
    symbol, function = rng.choice([("/", values.divide), ("%", values.modulo)])
    a, b = random_expression(rng, table, "long", depth), constant(rng.choice([-4, -3, 2, 3, 5]), "long")
    return _of(f"({a.text} {symbol} {b.text})", "long", function, a, b)


def _real_quotient(rng, table, depth):
    a = random_expression(rng, table, rng.choice(["long", "real"]), depth)
    b = constant(rng.choice([-4.0, 2.0, 0.5]), "real")
    return _of(f"({a.text} / {b.text})", "real", values.divide, a, b)


def _bin(type_, sizes):
    def make(rng, table, depth):
        a, size = random_expression(rng, table, type_, depth), constant(rng.choice(sizes), type_)

        def compute(value, by):
            if value is not None and abs(value) > 2**60:
                raise values.Undefined("a bin below the smallest long")
            return values.rounded_down(value, by)

        return _of(f"bin({a.text}, {size.text})", type_, compute, a, size)

    return make


def _negative(rng, table, depth):
    a = random_expression(rng, table, "long", depth)
    return _of(f"(-({a.text}))", "long", values.sticky(lambda v: values.wrapped(-v)), a)


def _length(rng, table, depth):
    a = random_expression(rng, table, "string", depth)
    return _of(f"strlen({a.text})", "long", len, a)


def _to_real(rng, table, depth):
    a = random_expression(rng, table, "long", depth)
    return _of(f"toreal({a.text})", "real", values.sticky(lambda v: values._real(float(v))), a)


def _choice(type_):
    def make(rng, table, depth):
        test = random_expression(rng, table, "bool", depth)
        a, b = (random_expression(rng, table, type_, depth) for _ in range(2))
        return _of(f"iff({test.text}, {a.text}, {b.text})", type_, lambda t, x, y: x if t else y, test, a, b)

    return make


def _first_of(type_):
    def make(rng, table, depth):
        a, b = (random_expression(rng, table, type_, depth) for _ in range(2))
        return _of(f"coalesce({a.text}, {b.text})", type_, lambda x, y: y if x is None else x, a, b)

    return make


def _joined(rng, table, depth):
    a, b = (random_expression(rng, table, "string", depth) for _ in range(2))
    return _of(f"strcat({a.text}, {b.text})", "string", lambda x, y: x + y, a, b)


def _to_string(rng, table, depth):
    a = random_expression(rng, table, rng.choice(["long", "bool"]), depth)
    return _of(f"tostring({a.text})", "string", values.as_text, a)


def _cased(rng, table, depth):
    name, function = rng.choice([("toupper", str.upper), ("tolower", str.lower)])
    a = random_expression(rng, table, "string", depth)
    return _of(f"{name}({a.text})", "string", function, a)


COMPARISONS = {
    "==": values.equal,
    "!=": values.different,
    "<": values.less,
    "<=": values.less_or_equal,
    ">": lambda a, b: values.less(b, a),
    ">=": lambda a, b: values.less_or_equal(b, a),
}


def _number_comparison(rng, table, depth):
    symbol = rng.choice(list(COMPARISONS))
    a, b = (random_expression(rng, table, rng.choice(["long", "long", "real"]), depth) for _ in range(2))
    return _of(f"({a.text} {symbol} {b.text})", "bool", COMPARISONS[symbol], a, b)


STRING_COMPARISONS = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "=~": lambda a, b: a.lower() == b.lower(),
    "!~": lambda a, b: a.lower() != b.lower(),
}


def _string_comparison(rng, table, depth):
    symbol = rng.choice(list(STRING_COMPARISONS))
    a, b = (random_expression(rng, table, "string", depth) for _ in range(2))
    return _of(f"({a.text} {symbol} {b.text})", "bool", STRING_COMPARISONS[symbol], a, b)


SEARCHES = {
    "contains": lambda a, b: b.lower() in a.lower(),
    "!contains": lambda a, b: b.lower() not in a.lower(),
    "contains_cs": lambda a, b: b in a,
    "startswith": lambda a, b: a.lower().startswith(b.lower()),
    "!startswith_cs": lambda a, b: not a.startswith(b),
    "endswith": lambda a, b: a.lower().endswith(b.lower()),
    "endswith_cs": lambda a, b: a.endswith(b),
    "has": values.has_term,
    "!has": lambda a, b: not values.has_term(a, b),
}


def _search(rng, table, depth):
    symbol = rng.choice(list(SEARCHES))
    a = random_expression(rng, table, "string", depth)
    b = constant(rng.choice(["a", "A", "b", "ab", "x", "y", "zebra"]), "string")
    return _of(f"({a.text} {symbol} {b.text})", "bool", SEARCHES[symbol], a, b)


def _logical(rng, table, depth):
    symbol, function = rng.choice([("and", values.both), ("or", values.either)])
    a, b = (random_expression(rng, table, "bool", depth) for _ in range(2))
    return _of(f"({a.text} {symbol} {b.text})", "bool", function, a, b)


def _not(rng, table, depth):
    a = random_expression(rng, table, "bool", depth)
    return _of(f"not({a.text})", "bool", values.negated, a)


def _is_null(rng, table, depth):
    a = random_expression(rng, table, rng.choice(["long", "real", "bool"]), depth)
    name, wanted = rng.choice([("isnull", True), ("isnotnull", False)])
    return _of(f"{name}({a.text})", "bool", lambda v: (v is None) == wanted, a)


def _is_empty(rng, table, depth):
    a = random_expression(rng, table, "string", depth)
    name, wanted = rng.choice([("isempty", True), ("isnotempty", False)])
    return _of(f"{name}({a.text})", "bool", lambda v: (v == "") == wanted, a)


def _between(rng, table, depth):
    type_ = rng.choice(["long", "real"])
    a = random_expression(rng, table, type_, depth)
    low, high = random_constant(rng, type_), random_constant(rng, type_)
    symbol, after = rng.choice([("between", lambda v: v), ("!between", values.negated)])
    return _of(f"({a.text} {symbol} ({low.text} .. {high.text}))", "bool", lambda *v: after(values.between(*v)), a, low, high)


def _in(rng, table, depth):
    type_ = rng.choice(["long", "string"])
    a = random_expression(rng, table, type_, depth)
    items = [random_constant(rng, type_) for _ in range(rng.randint(1, 3))]
    symbol, after = rng.choice([("in", lambda v: v), ("!in", values.negated)])
    text = f"({a.text} {symbol} ({', '.join(i.text for i in items)}))"
    return _of(text, "bool", lambda v, *given: after(values.is_in(v, given)), a, *items)


MAKERS = {
    "long": [_long_arithmetic, _long_quotient, _bin("long", [2, 3, 10]), _negative, _length, _choice("long"), _first_of("long")],
    "real": [_real_arithmetic, _real_quotient, _bin("real", [0.5, 2.0]), _to_real, _choice("real"), _first_of("real")],
    "string": [_joined, _to_string, _cased, _choice("string")],
    "bool": [
        _number_comparison,
        _number_comparison,
        _string_comparison,
        _search,
        _logical,
        _logical,
        _not,
        _is_null,
        _is_empty,
        _between,
        _in,
    ],
}
