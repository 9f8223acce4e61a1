"""Operators that filter, compute and group, each as a step of a pipeline: its text, and the columns after it."""

from __future__ import annotations

import random
from collections.abc import Callable

from expressions import NUMBERS, SUMMABLE, TYPES, Expressions, Rows, written

Step = tuple[str, Rows]
AGGREGATES = (
    ("count()", "long"),
    ("dcount({any})", "long"),
    ("sum({long})", "long"),
    ("sum({real})", "real"),
    ("avg({real})", "real"),
    ("min({datetime})", "datetime"),
    ("max({long})", "long"),
    ("countif({bool})", "long"),
    ("make_list({string})", "dynamic"),
    ("make_set({any})", "dynamic"),
    ("take_any({string})", "string"),
    ("percentile({real}, 95)", "real"),
    ("stdev({real})", "real"),
    ("sumif({long}, {bool})", "long"),
    ("max({string})", "string"),
)


class Steps:
    """What all makers of steps share: one random generator, expressions, fresh names."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.expressions = Expressions(rng)
        self.fresh = 0
        self.steps: dict[str, Callable[[Rows], Step]] = {}  # by operator
        self.usual: tuple[str, ...] = ()  # those that may stand around another

    def append(self, text: str, rows: Rows, operator: str) -> Step:
        if not rows.columns:
            return text, rows
        step, after = self.steps[operator](rows)
        return f"{text} | {step}", after

    def another(self) -> str:
        return self.rng.choice(self.usual)

    def name(self) -> str:
        self.fresh += 1
        return self.rng.choice(("x", "y", "Total", "my_value", "Abc")) + str(self.fresh)

    def typed(self, rows: Rows, depth: int = 2) -> tuple[str, str]:
        kind = self.rng.choice(TYPES)
        return self.expressions.of(kind, rows, self.rng.randint(0, depth)), kind

    def column(self, rows: Rows, *types: str) -> str:
        """A column of one of the types, or any where there is none."""
        return written(self.rng.choice(rows.of(*types) or rows.of()))

    def some(self, rows: Rows, most: int = 3) -> list[tuple[str, str]]:
        return self.rng.sample(rows.columns, min(len(rows.columns), self.rng.randint(1, most)))

    def aggregate(self, rows: Rows) -> tuple[str, str]:
        pattern, kind = self.rng.choice(AGGREGATES)
        return self.expressions.call(pattern)(rows, self.rng.choice((0, 0, 1))), kind

    # --- operators that add, drop or filter

    def where(self, rows: Rows) -> Step:
        word = self.rng.choice(("where", "where", "filter"))
        return f"{word} {self.expressions.of('bool', rows, self.rng.randint(1, 3))}", rows

    def extend(self, rows: Rows) -> Step:
        parts, columns = [], list(rows.columns)
        for _ in range(self.rng.randint(1, 3)):
            text, kind = self.typed(rows)
            named = self.rng.random()
            if named < 0.25:
                parts.append(text)
                continue
            name = self.name() if named < 0.9 else self.rng.choice(rows.columns)[0]
            parts.append(f"{written(name)} = {text}")
            columns = [(n, k) for n, k in columns if n != name] + [(name, kind)]
        return "extend " + ", ".join(parts), Rows(columns)

    def project(self, rows: Rows) -> Step:
        parts, columns = [], []
        for name, kind in self.some(rows):
            if self.rng.random() < 0.25:
                fresh = self.name()
                parts.append(f"{fresh} = {written(name)}")
                columns.append((fresh, kind))
            else:
                parts.append(written(name))
                columns.append((name, kind))
        if self.rng.random() < 0.6:
            text, kind = self.typed(rows)
            if self.rng.random() < 0.6:
                fresh = self.name()
                text = f"{fresh} = {text}"
                columns.append((fresh, kind))
            parts.append(text)
        return "project " + ", ".join(parts), Rows(columns)

    def project_away(self, rows: Rows) -> Step:
        gone = [name for name, _ in self.some(rows, 2)]
        if len(gone) == len(rows.columns):
            gone = gone[:-1] or ["zz*"]
        pattern = [written(name) for name in gone]
        if self.rng.random() < 0.2:
            pattern = ["S*"]
            gone = [name for name, _ in rows.columns if name.startswith("S")]
        return "project-away " + ", ".join(pattern), Rows([(n, k) for n, k in rows.columns if n not in gone])

    def project_keep(self, rows: Rows) -> Step:
        kept = [name for name, _ in self.some(rows)]
        text = ", ".join(map(written, kept)) + (", K*" if self.rng.random() < 0.2 else "")
        return "project-keep " + text, Rows([(n, k) for n, k in rows.columns if n in kept])

    def project_rename(self, rows: Rows) -> Step:
        renamed = {name: self.name() for name, _ in self.some(rows, 2)}
        text = ", ".join(f"{fresh} = {written(name)}" for name, fresh in renamed.items())
        return "project-rename " + text, Rows([(renamed.get(n, n), k) for n, k in rows.columns])

    def project_reorder(self, rows: Rows) -> Step:
        parts = [written(name) + self.rng.choice(("", "", " asc", " desc")) for name, _ in self.some(rows)]
        if self.rng.random() < 0.3:
            parts = [self.rng.choice(("K*", "*", "S* asc", "* granny-asc"))]
        return "project-reorder " + ", ".join(parts), rows

    def project_by_names(self, rows: Rows) -> Step:
        name = self.rng.choice(rows.columns)[0]
        form = self.rng.choice(
            ("pack_array('{0}')", "'{0}'", "dynamic(['{0}'])", "'{0}', 'zz*'", "strcat('{0}', '')", "split('{0},zz', ',')")
        )
        return f"project-by-names {form.format(name)}", Rows()

    def distinct(self, rows: Rows) -> Step:
        if self.rng.random() < 0.2:
            return "distinct *", rows
        kept = self.some(rows)
        return "distinct " + ", ".join(written(name) for name, _ in kept), Rows(kept)

    def count(self, rows: Rows) -> Step:
        if self.rng.random() < 0.1:
            return "count as Counted", Rows([("Counted", "long")])
        return "count", Rows([("Count", "long")])

    def take(self, rows: Rows) -> Step:
        return f"{self.rng.choice(('take', 'limit'))} {self.rng.choice(('5', '2 + 3', 'toint(4)', '10'))}", rows

    def sort(self, rows: Rows) -> Step:
        kinds = (*SUMMABLE, "string", "bool")
        keys = [
            (self.column(rows, *kinds) if self.rng.random() < 0.8 else self.expressions.of("long", rows, 1))
            + self.rng.choice(("", " asc", " desc", " asc nulls first", " desc nulls last", " nulls first"))
            for _ in range(self.rng.randint(1, 2))
        ]
        return f"{self.rng.choice(('sort', 'order'))} by {', '.join(keys)}", rows

    def top(self, rows: Rows) -> Step:
        order = self.rng.choice(("", " asc", " desc", " desc nulls first"))
        return f"top {self.rng.randint(1, 9)} by {self.column(rows, *SUMMABLE, 'string')}{order}", rows

    def serialize(self, rows: Rows) -> Step:
        if self.rng.random() < 0.4:
            return "serialize", rows
        name = self.name()
        function = self.rng.choice(("row_number()", "row_number(1)", f"prev({self.column(rows)})"))
        return f"serialize {name} = {function}", Rows([*rows.columns, (name, "long")] if "row" in function else rows.columns)

    def sample(self, rows: Rows) -> Step:
        return f"sample {self.rng.randint(1, 9)}", rows

    def sample_distinct(self, rows: Rows) -> Step:
        name, kind = self.rng.choice(rows.columns)
        return f"sample-distinct {self.rng.randint(1, 9)} of {written(name)}", Rows([(name, kind)])

    # --- groups

    def by(self, rows: Rows) -> tuple[str, list[tuple[str, str]]]:
        parts, columns = [], []
        for name, kind in self.some(rows, 2):
            form = self.rng.random()
            if kind == "dynamic":
                parts.append(f"k{name} = tostring({written(name)})")
                columns.append((f"k{name}", "string"))
            elif form < 0.2 and kind in ("datetime", "timespan", *NUMBERS):
                unit = "1h" if kind in ("datetime", "timespan") else "10"
                parts.append(f"bin({written(name)}, {unit})")
                columns.append((name, kind))
            else:
                parts.append(written(name))
                columns.append((name, kind))
        return ", ".join(parts), columns

    def summarize(self, rows: Rows) -> Step:
        parts, columns = [], []
        for _ in range(self.rng.randint(0, 3)):
            text, kind = self.aggregate(rows)
            if self.rng.random() < 0.6:
                name = self.name()
                parts.append(f"{name} = {text}")
                columns.append((name, kind))
            else:
                parts.append(text)
        by, keys = self.by(rows) if not parts or self.rng.random() < 0.7 else ("", [])
        text = "summarize " + ", ".join(parts) + (" by " if by else "") + by
        return text, Rows([*keys, *columns])

    def make_series(self, rows: Rows) -> Step:
        axis = "When" if ("When", "datetime") in rows.columns else None
        aggregate, _ = self.aggregate(rows)
        default = self.rng.choice(("", " default = 0"))
        name = self.name()
        if axis:
            bounds = self.rng.choice(
                ("from datetime(2024-01-01) to datetime(2024-02-01) step 1d", "step 1h", "from ago(7d) step 1h")
            )
        else:
            axis, bounds = self.column(rows, *(("long", "real") if rows.of("long", "real") else ("int",))), "from 0 to 10 step 1"
        others = [(n, k) for n, k in rows.columns if n != axis and k != "dynamic"]
        by = ""
        if others and self.rng.random() < 0.5:
            others = [self.rng.choice(others)]
            by = f" by {written(others[0][0])}"
        else:
            others = []
        text = f"make-series {name} = {aggregate}{default} on {axis} {bounds}{by}"
        return text, Rows([*others, (name, "dynamic"), (axis, "dynamic")])

    def top_nested(self, rows: Rows) -> Step:
        first, second = (self.rng.choice(rows.columns) for _ in range(2))
        text = f"top-nested 3 of {written(first[0])} by count()"
        if second != first and self.rng.random() < 0.6:
            text += f", top-nested 2 of {written(second[0])} by {self.aggregate(rows)[0]}"
        return text, Rows([first])

    def top_hitters(self, rows: Rows) -> Step:
        name, kind = self.rng.choice(rows.columns)
        by = f" by {self.column(rows, *NUMBERS)}" if self.rng.random() < 0.4 else ""
        return f"top-hitters 5 of {written(name)}{by}", Rows([(name, kind)])

    def reduce(self, rows: Rows) -> Step:
        with_ = self.rng.choice(("", " with threshold = 0.35", " with threshold = 0.1, characters = '-'"))
        return f"reduce by {self.column(rows, 'string')}{with_}", Rows([("Pattern", "string"), ("Count", "long")])
