"""Random typed expressions. They are meant to be right; whether one is, the language service decides."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

NUMBERS = ("int", "long", "real", "decimal")
SUMMABLE = (*NUMBERS, "datetime", "timespan")
TYPES = (*SUMMABLE, "bool", "string", "dynamic", "guid")

LITERALS = {
    "bool": ("true", "false", "bool(null)"),
    "int": ("int(3)", "int(0)", "int(-7)", "int(null)"),
    "long": ("1", "25", "0", "0x1F", "long(42)", "-3", "10"),
    "real": ("1.5", "0.25", "1e3", "real(7)", "real(nan)", "real(+inf)"),
    "decimal": ("decimal(1.5)", "decimal(0.0001)", "decimal(null)"),
    "string": ('"alpha"', "'beta'", "@'c:\\d'", '""', '"a,b;c"', "h'secret'"),
    "datetime": (
        "datetime(2024-03-31)",
        "datetime(2024-03-31 12:30:45.1234567)",
        "datetime(null)",
        "datetime(1999-12-31T23:59Z)",
    ),
    "timespan": ("1h", "2.5d", "90s", "timespan(1.02:03:04)", "time(10ms)", "15m"),
    "dynamic": ("dynamic([1, 2, 3])", 'dynamic({"a": 1, "b": "x"})', 'dynamic(["p", "q"])', "dynamic(null)", "dynamic([])"),
    "guid": ("guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", "guid(null)"),
}
ARRAYS = ("dynamic([1, 2, 3])", 'dynamic(["p", "q"])', "dynamic([0.5, 1.5, 2.5, 3.5])")
BAGS = ('dynamic({"a": 1, "b": "x"})', 'dynamic({"type": "Point", "coordinates": [1.0, 2.0]})')
TEXT_OPERATORS = (
    "==",
    "!=",
    "=~",
    "!~",
    "has",
    "!has",
    "has_cs",
    "!has_cs",
    "contains",
    "!contains",
    "contains_cs",
    "!contains_cs",
    "startswith",
    "!startswith",
    "startswith_cs",
    "!startswith_cs",
    "endswith",
    "!endswith",
    "endswith_cs",
    "!endswith_cs",
    "hasprefix",
    "!hasprefix",
    "hasprefix_cs",
    "!hasprefix_cs",
    "hassuffix",
    "!hassuffix",
    "hassuffix_cs",
    "!hassuffix_cs",
)
LIST_OPERATORS = ("in", "!in", "in~", "!in~", "has_any", "has_all")


@dataclass
class Rows:
    """The columns that are known to be there."""

    columns: list[tuple[str, str]] = field(default_factory=list)

    def of(self, *types: str) -> list[str]:
        return [name for name, kind in self.columns if not types or kind in types]


def written(name: str) -> str:
    """The name as a query spells it."""
    plain = name.replace("_", "a").isalnum() and name.isascii() and not name[0].isdigit()
    return name if plain else f"['{name}']"


class Expressions:
    """Makes expressions over some rows. All choices come from one random generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def literal(self, kind: str) -> str:
        return self.rng.choice(LITERALS[kind])

    def of(self, kind: str, rows: Rows | None, depth: int = 1) -> str:
        """An expression of the type: a column, a literal, or one operator or function over smaller ones."""
        columns = rows.of(kind) if rows else []
        if depth <= 0 or self.rng.random() < 0.35:
            if columns and self.rng.random() < 0.8:
                return written(self.rng.choice(columns))
            return self.literal(kind)
        return self.rng.choice(self.makers(kind))(rows, depth - 1)

    def makers(self, kind: str):
        return {
            "bool": [self.comparison, self.text_test, self.membership, self.between, self.logic, self.null_test],
            "int": [
                self.call("toint({real})"),
                self.call("getyear({datetime})"),
                self.call("hourofday({datetime})"),
                self.call("monthofyear({datetime})"),
                self.call("iff({bool}, {int}, {int})"),
            ],
            "long": [
                self.arithmetic("long"),
                self.call("tolong({string})"),
                self.call("strlen({string})"),
                self.call("array_length({dynamic})"),
                self.call("datetime_diff('day', {datetime}, {datetime})"),
                self.call("iff({bool}, {long}, {long})"),
                self.call("coalesce({long}, {long})"),
                self.call("abs({long})"),
                self.call("indexof({string}, {string})"),
                self.call("bin({long}, 10)"),
                self.call("max_of({long}, {int})"),
            ],
            "real": [
                self.arithmetic("real"),
                self.call("todouble({string})"),
                self.call("round({real}, 2)"),
                self.call("sqrt({real})"),
                self.call("exp({real})"),
                self.call("{timespan} / {timespan}"),
                self.call("toreal({long})"),
                self.call("min_of({real}, {real})"),
                self.call("case({bool}, {real}, {real})"),
            ],
            "decimal": [self.call("todecimal({string})"), self.call("{decimal} * {decimal}"), self.call("{decimal} + {long}")],
            "string": [
                self.call("strcat({string}, {string})"),
                self.call("tostring({long})"),
                self.call("toupper({string})"),
                self.call("substring({string}, {long}, {long})"),
                self.call("tostring({dynamic})"),
                self.call("replace_string({string}, {string}, {string})"),
                self.call("iff({bool}, {string}, {string})"),
                self.call("trim(@'\\s+', {string})"),
                self.call("format_datetime({datetime}, 'yyyy-MM-dd')"),
                self.call("case({bool}, {string}, {bool}, {string}, {string})"),
                self.call("strcat({string}, {any})"),
                self.call("extract('a(.)', 1, {string})"),
                self.call("tolower({string})"),
            ],
            "datetime": [
                self.call("{datetime} + {timespan}"),
                self.call("{datetime} - {timespan}"),
                self.call("ago({timespan})"),
                self.call("startofday({datetime})"),
                self.call("bin({datetime}, {timespan})"),
                self.call("now()"),
                self.call("todatetime({string})"),
                self.call("datetime_add('month', {long}, {datetime})"),
            ],
            "timespan": [
                self.call("{datetime} - {datetime}"),
                self.call("{timespan} * {long}"),
                self.call("totimespan({string})"),
                self.call("{timespan} + {timespan}"),
                self.call("-{timespan}"),
                self.call("bin({timespan}, 1h)"),
            ],
            "dynamic": [
                self.call("pack_array({any}, {any})"),
                self.call("bag_pack('k', {any}, 'l', {any})"),
                self.call("parse_json({string})"),
                self.call("split({string}, ',')"),
                self.member,
                self.element,
                self.call("todynamic({string})"),
                self.call("array_concat({dynamic}, {dynamic})"),
                self.call("iff({bool}, {dynamic}, {dynamic})"),
            ],
            "guid": [self.call("toguid({string})"), self.call("new_guid()"), self.call("iff({bool}, {guid}, {guid})")],
        }[kind]

    def call(self, pattern: str):
        """What {type} stands for is filled in; {any} is any type."""

        def make(rows: Rows | None, depth: int) -> str:
            out, at = "", 0
            while (begin := pattern.find("{", at)) >= 0:
                end = pattern.index("}", begin)
                kind = pattern[begin + 1 : end]
                part = self.of(self.rng.choice(TYPES) if kind == "any" else kind, rows, depth)
                out += pattern[at:begin] + part
                at = end + 1
            return out + pattern[at:]

        return make

    def arithmetic(self, kind: str):
        others = {"long": ("long", "int"), "real": ("real", "long", "int")}[kind]

        def make(rows: Rows | None, depth: int) -> str:
            sides = [self.of(kind, rows, depth), self.of(self.rng.choice(others), rows, depth)]
            self.rng.shuffle(sides)
            return f"({sides[0]} {self.rng.choice('+-*/%')} {sides[1]})"

        return make

    def comparison(self, rows: Rows | None, depth: int) -> str:
        kind = self.rng.choice((*SUMMABLE, "string", "bool", "guid", "dynamic"))
        operator = (
            self.rng.choice(("==", "!="))
            if kind in ("guid", "bool", "dynamic")
            else self.rng.choice(("==", "!=", "<", "<=", ">", ">=", "<>"))
        )
        other = self.rng.choice(NUMBERS) if kind in NUMBERS else kind
        return f"{self.of(kind, rows, depth)} {operator} {self.of(other, rows, depth)}"

    def text_test(self, rows: Rows | None, depth: int) -> str:
        if self.rng.random() < 0.1:
            return f"{self.of('string', rows, depth)} matches regex @'^a.*\\d$'"
        kind = "dynamic" if self.rng.random() < 0.15 else "string"
        return f"{self.of(kind, rows, depth)} {self.rng.choice(TEXT_OPERATORS)} {self.of('string', rows, depth)}"

    def membership(self, rows: Rows | None, depth: int) -> str:
        operator = self.rng.choice(LIST_OPERATORS)
        kind = self.rng.choice((*NUMBERS, "string", "datetime", "guid")) if operator in ("in", "!in") else "string"
        left = self.of(kind, rows, depth)
        form = self.rng.random()
        if form < 0.15:
            return f"{left} {operator} (dynamic(['a', 'b']))"
        if form < 0.25 and kind == "string":
            return f"{left} {operator} ((Users | project Name))"
        return f"{left} {operator} ({', '.join(self.of(kind, rows, 0) for _ in range(self.rng.randint(1, 3)))})"

    def between(self, rows: Rows | None, depth: int) -> str:
        kind = self.rng.choice(SUMMABLE)
        high = "timespan" if kind == "datetime" and self.rng.random() < 0.4 else kind
        word = self.rng.choice(("between", "!between"))
        return f"{self.of(kind, rows, depth)} {word} ({self.of(kind, rows, 0)} .. {self.of(high, rows, 0)})"

    def logic(self, rows: Rows | None, depth: int) -> str:
        parts = [self.of("bool", rows, depth) for _ in range(self.rng.randint(2, 3))]
        if self.rng.random() < 0.25:
            return f"not({parts[0]})"
        return "(" + f" {self.rng.choice(('and', 'or'))} ".join(parts) + ")"

    def null_test(self, rows: Rows | None, depth: int) -> str:
        name = self.rng.choice(("isnull", "isnotnull", "isempty", "isnotempty"))
        return f"{name}({self.of(self.rng.choice(TYPES), rows, depth)})"

    def member(self, rows: Rows | None, depth: int) -> str:
        bags = rows.of("dynamic") if rows else []
        if not bags:
            return f"todynamic({self.of('string', rows, depth)}).k"
        name = written(self.rng.choice(bags))
        return name + self.rng.choice((".a", ".a.b", "['a b']", ".a[0]", ".['x']"))

    def element(self, rows: Rows | None, depth: int) -> str:
        bags = rows.of("dynamic") if rows else []
        source = written(self.rng.choice(bags)) if bags else "split('a,b', ',')"
        return f"{source}[{self.of(self.rng.choice(('long', 'string', 'int')), rows, min(depth, 1))}]"
