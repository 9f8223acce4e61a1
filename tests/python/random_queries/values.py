"""What the operators of the language do with values; null is None, a string is never null.

Source: KQL reference, "Null values", "Numerical operators", "Logical operators", "String operators", bin().
"""

import re

LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1


class Undefined(Exception):
    """The documentation leaves the answer open, or it leaves the range in which both sides compute exactly."""


def wrapped(number):
    """The low 64 bits, as two's complement."""
    return (number - LONG_MIN) % 2**64 + LONG_MIN


def sticky(compute):
    """An operator whose result is null when an operand is."""

    def apply(*operands):
        return None if any(operand is None for operand in operands) else compute(*operands)

    return apply


def _real(number):
    if abs(number) > 2**40:
        raise Undefined("a real so large that sums may round")
    return number


def _arithmetic(on_longs, on_reals):
    def compute(a, b):
        if isinstance(a, int) and isinstance(b, int):
            return wrapped(on_longs(a, b))
        return _real(on_reals(float(a), float(b)))

    return sticky(compute)


def _truncated(a, b):
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


add = _arithmetic(lambda a, b: a + b, lambda a, b: a + b)
subtract = _arithmetic(lambda a, b: a - b, lambda a, b: a - b)
multiply = _arithmetic(lambda a, b: a * b, lambda a, b: a * b)
divide = _arithmetic(_truncated, lambda a, b: a / b)
modulo = _arithmetic(lambda a, b: a % abs(b), lambda a, b: a % abs(b))


@sticky
def rounded_down(value, size):
    if isinstance(value, int) and isinstance(size, int):
        return value // size * size
    return _real(float(value) // size * size)


def _comparable(a, b):
    """A long beside a real is compared as a real."""
    if isinstance(a, float) != isinstance(b, float):
        return float(a), float(b)
    return a, b


def equal(a, b):
    if a is None or b is None:
        return None if a is b else False
    a, b = _comparable(a, b)
    return a == b


def different(a, b):
    return negated(equal(a, b))


@sticky
def less(a, b):
    a, b = _comparable(a, b)
    return a < b


@sticky
def less_or_equal(a, b):
    a, b = _comparable(a, b)
    return a <= b


def negated(a):
    return None if a is None else not a


def both(a, b):
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a, b):
    return negated(both(negated(a), negated(b)))


def between(value, low, high):
    return both(less_or_equal(low, value), less_or_equal(value, high))


def is_in(value, items):
    found = False
    for item in items:
        found = either(found, equal(value, item))
    return found


def terms(text):
    return [found.lower() for found in re.findall(r"[^\W_]+", text)]


def has_term(text, term):
    return term.lower() in terms(text)


def as_text(value):
    """tostring(): null is the empty string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def sort_key(value, ascending, nulls_first):
    """Orders values of one column under Python's sort; strings by code point."""
    return (value is not None) == nulls_first, _Ordered(value, ascending)


class _Ordered:
    def __init__(self, value, ascending):
        self.value, self.ascending = value, ascending

    def __eq__(self, other):
        return self.value == other.value

    def __lt__(self, other):
        if self.value is None or other.value is None:
            return False
        return self.value < other.value if self.ascending else other.value < self.value
