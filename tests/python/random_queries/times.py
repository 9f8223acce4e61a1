"""Functions and operators of datetime and timespan. Source: KQL reference, their pages."""

from random_queries import ticks, values
from random_queries.expressions import MAKERS, random_constant
from random_queries.functions import Function, of_type, register
from random_queries.ticks import DAY, HOUR, MINUTE, SECOND
from random_queries.values import LONG_MAX, Undefined, sticky


def _span(number):
    if abs(number) > LONG_MAX // 4:
        raise Undefined("a timespan near its bounds")
    return number


def _quotient(a, b):
    return None if b == 0 else a / b


def _floor(value, size):
    return value // size * size


def _formatted_span(span, form):
    if span < 0:
        raise Undefined("the sign of a timespan")
    size = abs(span)
    words = {"d": size // DAY, "hh": size // HOUR % 24, "mm": size // MINUTE % 60, "ss": size // SECOND % 60}
    made = form
    for word, number in words.items():
        made = made.replace(word, f"{number:0{len(word)}}")
    return made.replace("fff", f"{size % SECOND:07}"[:3])


SIZES = of_type("timespan", [HOUR, DAY, 90 * MINUTE, 7 * DAY, SECOND // 2])
COUNTS = [-13, -1, 0, 1, 5, 30]
SMALL = [-3, -1, 0, 1, 2]
TEXT = "({arguments})"


def _binary(symbol, result, types, compute):
    return Function(symbol, result, types, sticky(compute), text="(" + "{arguments}" + ")")


def _operator(symbol, result, types, compute):
    """An operator between two operands: the comma of a call becomes the symbol."""

    def make(rng, table, depth):
        from random_queries.expressions import Expression, random_expression

        a, b = (t(rng, table, depth) if callable(t) else random_expression(rng, table, t, depth) for t in types)
        apply = sticky(compute)
        return Expression(f"({a.text} {symbol} {b.text})", result, lambda row: apply(a.evaluate(row), b.evaluate(row)))

    return make


def _constant_of(type_):
    return lambda rng, table, depth: random_constant(rng, type_)


MAKERS.setdefault("datetime", []).extend(
    [
        _operator("+", "datetime", ["datetime", "timespan"], lambda a, b: ticks.moment(a + b)),
        _operator("-", "datetime", ["datetime", "timespan"], lambda a, b: ticks.moment(a - b)),
    ]
)
MAKERS.setdefault("timespan", []).extend(
    [
        _operator("-", "timespan", ["datetime", "datetime"], lambda a, b: a - b),
        _operator("+", "timespan", ["timespan", "timespan"], lambda a, b: _span(a + b)),
        _operator("-", "timespan", ["timespan", "timespan"], lambda a, b: _span(a - b)),
    ]
)
MAKERS["real"].append(_operator("/", "real", ["timespan", SIZES], lambda a, b: values._real(a / b)))
for _symbol, _compare in [("==", lambda a, b: a == b), ("<", lambda a, b: a < b), (">=", lambda a, b: a >= b)]:
    for _type in ("datetime", "timespan"):
        if _symbol != "==":
            MAKERS["bool"].append(_operator(_symbol, "bool", [_type, _constant_of(_type)], _compare))

ROWS = [
    *(
        Function(f"startof{part}", "datetime", ["datetime"], sticky(lambda t, part=part: ticks.start_of(part, t)))
        for part in ("day", "week", "month", "year")
    ),
    *(
        Function(f"startof{part}", "datetime", ["datetime", SMALL], sticky(lambda t, n, part=part: ticks.start_of(part, t, n)))
        for part in ("day", "week", "month", "year")
    ),
    *(
        Function(f"endof{part}", "datetime", ["datetime"], sticky(lambda t, part=part: ticks.end_of(part, t)))
        for part in ("day", "week", "month", "year")
    ),
    *(
        Function(f"endof{part}", "datetime", ["datetime", SMALL], sticky(lambda t, n, part=part: ticks.end_of(part, t, n)))
        for part in ("day", "week", "month", "year")
    ),
    Function("datetime_add", "datetime", [[*ticks.MONTHS, *ticks.PARTS], COUNTS, "datetime"], sticky(ticks.shifted)),
    Function("datetime_diff", "long", [[*ticks.MONTHS, *ticks.PARTS], "datetime", "datetime"], sticky(ticks.boundaries)),
    Function(
        "datetime_part",
        "long",
        [["year", "quarter", "month", "week_of_year", "day", "dayofyear", "hour", "minute", "second", "millisecond"], "datetime"],
        sticky(ticks.part_of),
        text="tolong({name}({arguments}))",
    ),
    Function("bin", "datetime", ["datetime", SIZES], sticky(_floor)),
    Function("bin", "timespan", ["timespan", SIZES], sticky(_floor)),
    Function(
        "bin_at",
        "datetime",
        ["datetime", SIZES, of_type("datetime", [ticks.of(2020, 1, 1, 3), ticks.of(1999, 5, 5)])],
        sticky(lambda t, size, at: ticks.moment(at + (t - at) // size * size)),
    ),
    Function("dayofweek", "timespan", ["datetime"], sticky(lambda t: ticks.date_of(t).isoweekday() % 7 * DAY)),
    Function("dayofmonth", "long", ["datetime"], sticky(lambda t: ticks.date_of(t).day), text="tolong({name}({arguments}))"),
    Function(
        "dayofyear", "long", ["datetime"], sticky(lambda t: ticks.part_of("dayofyear", t)), text="tolong({name}({arguments}))"
    ),
    Function("monthofyear", "long", ["datetime"], sticky(lambda t: ticks.date_of(t).month), text="tolong({name}({arguments}))"),
    Function("hourofday", "long", ["datetime"], sticky(lambda t: t % DAY // HOUR), text="tolong({name}({arguments}))"),
    Function("getyear", "long", ["datetime"], sticky(lambda t: ticks.date_of(t).year), text="tolong({name}({arguments}))"),
    Function(
        "week_of_year",
        "long",
        ["datetime"],
        sticky(lambda t: ticks.part_of("week_of_year", t)),
        text="tolong({name}({arguments}))",
    ),
    Function("format_datetime", "string", ["datetime", ticks.FORMATS], lambda t, f: "" if t is None else ticks.formatted(t, f)),
    Function("tostring", "string", ["datetime"], lambda t: "" if t is None else ticks.datetime_text(t)),
    Function("tostring", "string", ["timespan"], lambda t: "" if t is None else ticks.timespan_text(t)),
    Function("todatetime", "datetime", ["datetime"], lambda t: t, text="{name}(tostring({arguments}))"),
    Function("totimespan", "timespan", ["timespan"], lambda t: t, text="{name}(tostring({arguments}))"),
    Function(
        "format_timespan",
        "string",
        ["timespan", ["hh:mm:ss", "d.hh:mm", "mm [ss]", "hh-mm-ss.fff"]],
        lambda t, f: "" if t is None else _formatted_span(t, f),
    ),
    Function(
        "make_datetime",
        "datetime",
        [[1601, 1999, 2020, 9999], [1, 2, 12], [1, 28], [0, 13, 23], [0, 59]],
        lambda *parts: ticks.of(*parts),
    ),
    Function("make_timespan", "timespan", [[0, 1, 23], [0, 30, 59], [0, 5]], lambda h, m, s: h * HOUR + m * MINUTE + s * SECOND),
    *(
        Function(
            f"unixtime_{word}_todatetime",
            "datetime",
            [[-1, 0, 12, 1546300800, 86399]],
            lambda n, size=size: ticks.UNIX + n * size,
        )
        for word, size in (("seconds", SECOND), ("milliseconds", 10**4), ("microseconds", 10))
    ),
]
register(ROWS)
