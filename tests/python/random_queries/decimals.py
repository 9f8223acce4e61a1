"""Operators and functions of decimals, of few digits, so that every result is exact. Source: KQL reference, the decimal type."""

from decimal import Decimal

from random_queries import values
from random_queries.expressions import COMPARISONS, MAKERS, Expression, constant, random_constant, random_expression
from random_queries.functions import Function, of_type, register
from random_queries.values import Undefined, sticky


def _exact(number):
    if abs(number) > 10**15 or -number.as_tuple().exponent > 12:
        raise Undefined("digits that may be rounded")
    return number


def _operator(symbol, compute):
    def make(rng, table, depth):
        a, b = (
            random_expression(rng, table, type_, depth) for type_ in rng.choice([("decimal", "decimal"), ("decimal", "long")])
        )
        if b.type == "long":
            b = constant(rng.choice([0, 3, -2]), "long")
        apply = sticky(lambda x, y: _exact(compute(x, Decimal(y))))
        return Expression(f"({a.text} {symbol} {b.text})", "decimal", lambda row: apply(a.evaluate(row), b.evaluate(row)))

    return make


def _comparison(rng, table, depth):
    symbol = rng.choice(list(COMPARISONS))
    a, b = random_expression(rng, table, "decimal", depth), random_constant(rng, "decimal")
    return Expression(f"({a.text} {symbol} {b.text})", "bool", lambda row: COMPARISONS[symbol](a.evaluate(row), b.evaluate(row)))


def _text(number):
    return "" if number is None else f"{number.normalize():f}" if number else "0"


SIZES = of_type("decimal", [Decimal("0.5"), Decimal("1"), Decimal("0.1")])
ROWS = [
    Function("abs", "decimal", ["decimal"], sticky(abs)),
    Function(
        "bin", "decimal", ["decimal", SIZES], sticky(lambda n, size: _exact((n / size).to_integral_value("ROUND_FLOOR") * size))
    ),
    Function("todecimal", "decimal", [[0, 7, -12]], Decimal),
    Function("todecimal", "decimal", [["1.50", "-3", "x", ""]], lambda s: {"1.50": Decimal("1.5"), "-3": Decimal(-3)}.get(s)),
    Function("tostring", "string", ["decimal"], _text),
    Function("toreal", "real", ["decimal"], sticky(lambda n: values._real(float(n)))),
    Function("tolong", "long", ["decimal"], sticky(int)),
    Function("min_of", "decimal", ["decimal", "decimal"], lambda a, b: min((v for v in (a, b) if v is not None), default=None)),
    Function("coalesce", "decimal", ["decimal", "decimal"], lambda a, b: b if a is None else a),
    Function("iff", "decimal", ["bool", "decimal", "decimal"], lambda t, a, b: a if t else b),
    Function("isnull", "bool", ["decimal"], lambda v: v is None),
]
MAKERS["decimal"] = [
    _operator("+", lambda a, b: a + b),
    _operator("-", lambda a, b: a - b),
    _operator("*", lambda a, b: a * b),
]
MAKERS["bool"].append(_comparison)
register(ROWS)
