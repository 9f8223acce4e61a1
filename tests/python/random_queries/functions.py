"""Calls of functions as random expressions: a row has the name, the type, how arguments are made, and what comes out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from random_queries.expressions import MAKERS, Expression, constant, random_expression
from random_queries.tables import literal


@dataclass
class Function:
    name: str
    result: str
    arguments: list  # each a type, or a list of constants of the type that the first of them has
    compute: Callable
    options: dict = field(default_factory=dict)  # exact: whether further steps may compute with the result
    text: str = "{name}({arguments})"


def kind_of(value):
    """The type of a Python value that stands as a constant in a row."""
    return {bool: "bool", int: "long", float: "real", str: "string"}.get(type(value), "dynamic")


def _argument(rng, table, depth, wanted):
    if isinstance(wanted, str):
        return random_expression(rng, table, wanted, depth)
    if callable(wanted):
        return wanted(rng, table, depth)
    value = rng.choice(wanted)
    return constant(value, kind_of(value))


def called(row):
    """The maker of expressions that call the function."""

    def make(rng, table, depth):
        parts = [_argument(rng, table, depth, wanted) for wanted in row.arguments]
        text = row.text.format(name=row.name, arguments=", ".join(part.text for part in parts))
        return Expression(text, row.result, lambda line: row.compute(*(part.evaluate(line) for part in parts)))

    return make


def of_type(type_, values):
    """Constants of a type that Python's own does not tell."""

    def make(rng, table, depth):
        value = rng.choice(values)
        return Expression(literal(value, type_), type_, lambda line: value)

    return make


def register(rows):
    """Makes the functions part of all random expressions."""
    for row in rows:
        MAKERS.setdefault(row.result, []).append(called(row))
    return rows
