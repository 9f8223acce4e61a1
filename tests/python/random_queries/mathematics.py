"""Functions of numbers, and choices between values of any type. Source: KQL reference, their pages."""

import math

from random_queries.expressions import MAKERS, Expression, random_expression
from random_queries.functions import Function, of_type, register
from random_queries.values import LONG_MAX, Undefined, _real, as_text, sticky, wrapped

ODD = of_type("real", [math.nan, math.inf, -math.inf, 1.5, 0.0, None])
SMALL = of_type("long", [None, 0, 1, 2, 9, 100])


def _bits(compute):
    return sticky(lambda a, b: wrapped(compute(a, b)))


def _root(number):
    return None if number is None or number < 0 else math.sqrt(number)


def _rounded(number, places):
    made = math.floor(abs(number) * 10**places + 0.5) / 10**places
    if abs(abs(number) * 10**places % 1 - 0.5) < 1e-6:
        raise Undefined("a half, which may go either way in binary")
    return math.copysign(made, number)


def _least(*numbers):
    return min((n for n in numbers if n is not None), default=None)


def _most(*numbers):
    return max((n for n in numbers if n is not None), default=None)


def _case(type_):
    """case() with two tests; a test that is null is none."""

    def make(rng, table, depth):
        tests = [random_expression(rng, table, "bool", depth) for _ in range(2)]
        values = [random_expression(rng, table, type_, depth) for _ in range(3)]

        def evaluate(row):
            found = next((i for i, test in enumerate(tests) if test.evaluate(row) is True), 2)
            return values[found].evaluate(row)

        text = f"case({tests[0].text}, {values[0].text}, {tests[1].text}, {values[1].text}, {values[2].text})"
        return Expression(text, type_, evaluate)

    return make


def _power(a, b):
    found = float(a) ** b
    if abs(found) > LONG_MAX:
        raise Undefined("a power that rounds")
    return found


ROWS = [
    Function("abs", "long", ["long"], sticky(lambda n: wrapped(abs(n)))),
    Function("abs", "real", ["real"], sticky(abs)),
    Function("abs", "timespan", ["timespan"], sticky(abs)),
    Function("sign", "real", ["real"], sticky(lambda n: float((n > 0) - (n < 0))), text="toreal({name}({arguments}))"),
    Function("floor", "real", ["real", [0.5, 2.0, 1.0]], sticky(lambda n, size: float(n // size * size))),
    Function("ceiling", "real", ["real"], sticky(lambda n: float(math.ceil(n)))),
    Function("round", "real", ["real", [0, 1]], sticky(_rounded)),
    Function("sqrt", "real", [of_type("real", [0.0, 4.0, 6.25, -1.0, None])], _root),
    Function("pow", "real", [SMALL, [0, 1, 2]], sticky(_power)),
    Function("exp2", "real", [[0.0, 1.0, -2.0, 10.0]], lambda n: 2**n),
    Function("log2", "real", [[1.0, 8.0, 0.25]], math.log2),
    Function("binary_and", "long", ["long", "long"], _bits(lambda a, b: a & b)),
    Function("binary_or", "long", ["long", "long"], _bits(lambda a, b: a | b)),
    Function("binary_xor", "long", ["long", "long"], _bits(lambda a, b: a ^ b)),
    Function("binary_not", "long", ["long"], sticky(lambda a: ~a)),
    Function("binary_shift_left", "long", ["long", [0, 1, 5]], _bits(lambda a, n: a << n)),
    Function("binary_shift_right", "long", [SMALL, [0, 1, 5]], sticky(lambda a, n: a >> n)),
    Function("bitset_count_ones", "long", ["long"], sticky(lambda a: (a % 2**64).bit_count())),
    Function("min_of", "long", ["long", "long", "long"], _least),
    Function("max_of", "long", ["long", "long"], _most),
    Function("max_of", "datetime", ["datetime", "datetime"], _most),
    Function("min_of", "real", ["real", "real"], _least),
    Function("isnan", "bool", [ODD], lambda n: n is not None and math.isnan(n), text="coalesce({name}({arguments}), false)"),
    Function("isinf", "bool", [ODD], lambda n: n is not None and math.isinf(n), text="coalesce({name}({arguments}), false)"),
    Function(
        "isfinite", "bool", [ODD], lambda n: n is not None and math.isfinite(n), text="coalesce({name}({arguments}), false)"
    ),
    Function("isnull", "bool", ["datetime"], lambda v: v is None),
    Function("isnotnull", "bool", ["timespan"], lambda v: v is not None),
    Function("iff", "timespan", ["bool", "timespan", "timespan"], lambda t, a, b: a if t else b),
    Function("iif", "datetime", ["bool", "datetime", "datetime"], lambda t, a, b: a if t else b),
    Function("coalesce", "datetime", ["datetime", "datetime"], lambda a, b: b if a is None else a),
    Function("todouble", "real", ["long"], sticky(lambda n: _real(float(n)))),
    Function("tostring", "string", ["long"], as_text),
    Function("strcat", "string", ["long", "string", "bool"], lambda a, b, c: as_text(a) + b + as_text(c)),
]
register(ROWS)
MAKERS["long"].append(_case("long"))
MAKERS["string"].append(_case("string"))
MAKERS["datetime"].append(_case("datetime"))
