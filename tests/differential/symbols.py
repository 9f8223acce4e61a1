"""What the language service knows by name: functions, aggregates, plugins, with their signatures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Kind(IntEnum):
    """What a parameter takes: ParameterTypeKind of the language service."""

    ANY, DECLARED, SCALAR, TABULAR, DATABASE, CLUSTER, INTEGER, REAL_OR_DECIMAL, STRING_OR_DYNAMIC, STRING_OR_ARRAY = range(10)
    INTEGER_OR_ARRAY, ARRAY, BAG, NUMBER, NUMBER_OR_BOOL, SUMMABLE, ORDERABLE, NOT_REAL_OR_BOOL, NOT_DYNAMIC = range(10, 19)
    NOT_BOOL, PARAMETER_0, PARAMETER_1, PARAMETER_2 = range(19, 23)
    COMMON_SCALAR, COMMON_NUMBER, COMMON_SUMMABLE, COMMON_ORDERABLE, COMMON_SCALAR_OR_DYNAMIC = range(23, 28)


class Argument(IntEnum):
    """How an argument must be written: ArgumentKind of the language service."""

    EXPRESSION, EXPRESSION_OVER_PARAMETER_0, STAR_ONLY, STAR_ALLOWED, AGGREGATE, COLUMN, COLUMN_OF_PARAMETER_0 = range(7)
    COLUMN_OF_BOTH, LITERAL, LITERAL_NOT_EMPTY, CONSTANT = range(7, 11)


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: Kind
    types: tuple[str, ...]
    argument: Argument
    least: int
    most: int
    values: tuple[str, ...]


@dataclass(frozen=True)
class Signature:
    parameters: tuple[Parameter, ...]
    least: int
    most: int
    tabular: bool


@dataclass(frozen=True)
class Symbol:
    family: str  # function, aggregate or plugin
    name: str
    hidden: bool
    signatures: tuple[Signature, ...]

    @property
    def subject(self) -> str:
        """What a verdict is about: `avg (aggregate)`; a function has its bare name."""
        return self.name if self.family == "function" else f"{self.name} ({self.family})"


def read_symbols(listed: list[dict[str, Any]]) -> list[Symbol]:
    def parameter(one: dict[str, Any]) -> Parameter:
        # The service has a few more of these than it publishes.
        how = Argument(one["argument"]) if one["argument"] <= max(Argument) else Argument.EXPRESSION
        return Parameter(one["name"], Kind(one["kind"]), tuple(one["types"]), how, one["least"], one["most"],
                         tuple(one["values"]))  # fmt: skip

    def signature(one: dict[str, Any]) -> Signature:
        return Signature(tuple(map(parameter, one["parameters"])), one["least"], one["most"], one["tabular"])

    return [Symbol(one["family"], one["name"], one["hidden"], tuple(map(signature, one["signatures"]))) for one in listed]
