"""Calls of plugins as people write them: signatures say little. A step of a timeline is of its kind, a weight is a number."""

from __future__ import annotations

import random

from expressions import LITERALS, NUMBERS, Expressions, Rows, written

# A column of a table's stored file, and tables without dynamic columns, by which rows can be grouped.
FILE = "tests/differential/people.csv"
FLAT = {
    "Events": ("Events | project-away Bag, Tags", ("Bag", "Tags")),
    "Users": ("Users | project-away Props", ("Props",)),
    "Readings": ("Readings | project-away Samples", ("Samples",)),
    "Links": ("Links", ()),
}
# Words of a recipe are methods of PluginCalls; `?` after one: it and those behind it may be left out.
RECIPES = {
    "active_users_count": "id time start end stretch stretch few stretch dimensions",
    "activity_counts_metrics": "id time start end stretch dimensions",
    "activity_engagement": "id time start end stretch stretch dimensions",
    "activity_metrics": "id time start end stretch dimensions",
    "autocluster": "part? weight few wildcards",
    "bag_unpack": "dynamic prefix?",
    "basket": "part? weight few wildcards",
    "dcount_intersect": "sketches",
    "diffpatterns": "text value value weight? part few wildcards",
    "execute_show_command": "value value",
    "funnel_sequence": "id time start end stretch stretch state states",
    "funnel_sequence_completion": "id time start end stretch state states stretches",
    "geo_line_lookup": "table shape coordinate coordinate radius truth? radius truth",
    "geo_polygon_lookup": "table shape coordinate coordinate radius? truth radius truth",
    "infer_storage_schema": "files",
    "infer_storage_schema_with_suggestions": "files",
    "ipv4_lookup": "table text network truth?",
    "ipv6_lookup": "table text network truth?",
    "new_activity_metrics": "id time start end stretch start? dimensions",
    "pivot": "key aggregate? keys",
    "preview": "few",
    "python": "schema script bag? files_beside",
    "rolling_percentile": "measure percent time stretch bins dimensions",
    "rows_near": "test few few?",
    "sequence_detect": "time stretch stretch tests dimensions",
    "session_count": "id time start end stretch stretch dimensions",
    "sliding_window_counts": "id time start end stretch stretch dimensions",
}
FORMS = {  # arguments of other overloads
    "activity_engagement": ("id time stretch stretch",),
    "activity_metrics": ("id time stretch",),
    "geo_polygon_lookup": ("table shape coordinate coordinate return_unmatched",),
    "ipv4_lookup": ("table text network return_unmatched",),
    "new_activity_metrics": ("id time start end stretch start dimensions table",),
}


class PluginCalls:
    """One call at a time: what its words choose depends on those before."""

    def __init__(self, rng: random.Random, tables: dict[str, Rows]) -> None:
        self.rng = rng
        self.tables = tables
        self.expressions = Expressions(rng)

    def knows(self, name: str) -> bool:
        return name in RECIPES

    def call(self, name: str) -> tuple[str, str]:
        """The table that is piped in, and the plugin's call."""
        table = self.rng.choice(("Events", "Events", "Users", "Readings"))
        self.source, self.rows = table, self.tables[table]
        self.taken: set[str] = set()
        self.kind = "datetime"  # of the timeline
        if name == "pivot" and self.rng.random() < 0.8:
            self.source, gone = FLAT[table]
            self.rows = Rows([column for column in self.rows.columns if column[0] not in gone])
        if name == "dcount_intersect":
            self.source = (
                f"{table} | summarize h1 = hll({self.id()}), h2 = hll({self.id()}), h3 = hll({self.id()}, 2) by {self.key()}"
            )
        self.looked_up = Rows()
        recipe = self.rng.choice((RECIPES[name], *FORMS.get(name, ())))
        made: list[str] = []
        for word in recipe.split():
            if word.endswith("?") and self.rng.random() < 0.5:
                break
            made += [part for part in (getattr(self, word.rstrip("?"))(),) if part]
        return self.source, f"{name}({', '.join(made)})"

    # --- columns

    def column(self, *types: str) -> str:
        found = [name for name in self.rows.of(*types) if name not in self.taken] or self.rows.of(*types) or self.rows.of()
        name = self.rng.choice(found)
        self.taken.add(name)
        return written(name)

    def id(self) -> str:
        return self.column("long", "string", "int", "guid")

    def time(self) -> str:
        self.kind = self.rng.choice(("datetime", "datetime", "datetime", "timespan", "long", "int"))
        if not self.rows.of(self.kind):
            self.kind = "datetime" if self.rows.of("datetime") else "long"
        return self.column(self.kind)

    def key(self) -> str:
        return self.column("string", "bool", "int", "guid", "long", "datetime")

    def state(self) -> str:
        return self.column("string", "int", "bool", "guid")

    def text(self) -> str:
        return self.column("string")

    def measure(self) -> str:
        return self.column(*NUMBERS)

    def dynamic(self) -> str:
        return self.column("dynamic")

    def coordinate(self) -> str:
        return self.column(*NUMBERS)

    def keys(self) -> str:
        free = [name for name in self.rows.of() if name not in self.taken]
        return ", ".join(written(name) for name in self.rng.sample(free, min(len(free), self.rng.randint(0, 2))))

    def dimensions(self) -> str:
        free = [name for name, kind in self.rows.columns if kind != "dynamic" and name not in self.taken]
        return ", ".join(written(name) for name in self.rng.sample(free, min(len(free), self.rng.choice((0, 0, 1, 1, 2)))))

    # --- constants

    def timed(self) -> bool:
        return self.kind in ("datetime", "timespan")

    def start(self) -> str:
        if self.kind == "datetime":
            return self.rng.choice(("ago(7d)", "now() - 7d", "startofday(ago(3d))", "ago(1d) - 1h"))
        return self.rng.choice(("0s", "1h") if self.timed() else ("0", "1", "5 - 4"))

    def end(self) -> str:
        if self.kind == "datetime":
            return self.rng.choice(("now()", "ago(1h)", "startofday(now()) + 1h"))
        return self.rng.choice(("10h", "1d") if self.timed() else ("50", "100", "10 * 10"))

    def stretch(self) -> str:
        return self.rng.choice(("1h", "1d", "30m", "2 * 1h", "12h") if self.timed() else ("1", "10", "2 + 3", "long(4)"))

    def stretches(self) -> str:
        spans = ("1h, 1d", "10m", "1h, 2h, 3h") if self.timed() else ("1, 5", "3")
        return f"dynamic([{self.rng.choice(spans)}])"

    def few(self) -> str:
        return self.rng.choice(("1", "3", "5", "int(2)", "1 + 1", "long(4)"))

    def bins(self) -> str:
        return self.rng.choice(("2", "5", "long(3)", "7"))  # names the column, which the service does not compute

    def part(self) -> str:
        return self.rng.choice(("0.1", "0.25", "0.5", "0.05 * 2", "'~'"))

    def percent(self) -> str:
        return self.rng.choice(("50", "95", "99.9", "5", "25.0"))

    def schema(self) -> str:
        columns = self.rng.choice(("*", "*, y:long", "y:long", "x:string, y:real", "*, k:int, y:datetime", "['a b']:dynamic"))
        return f"typeof({columns})"

    def script(self) -> str:
        return self.rng.choice(("'result = df'", '"result = df"', "strcat('result', ' = df')", "@'result = df.head(1)'"))

    def bag(self) -> str:
        return self.rng.choice(("dynamic({'a': 1})", "bag_pack('a', 1, 'b', 'x')", "dynamic({})"))

    def files_beside(self) -> str:
        return f"dynamic({{'people.csv': '{FILE}'}})"

    def radius(self) -> str:
        return self.rng.choice(("100.0", "1e3", "real(50)", "0.5"))

    def truth(self) -> str:
        return self.rng.choice(("true", "false"))

    def return_unmatched(self) -> str:
        return f"return_unmatched = {self.truth()}"

    def value(self) -> str:
        return self.rng.choice(("'a'", '"b"', "strcat('a', 'b')", "h'secret'"))

    def prefix(self) -> str:
        return self.rng.choice(("'p_'", '"x"', "@'q'"))

    def states(self) -> str:
        return self.rng.choice(("dynamic(['a', 'b'])", "dynamic([1, 2])", "pack_array('a', 'b', 'c')", "split('a,b', ',')"))

    def weight(self) -> str:
        return self.rng.choice(("'~'", self.column(*NUMBERS)))

    def wildcards(self) -> str:
        return self.rng.choice(("", "", "'*'", "'~'", "'*', -1", "'any', int(-1), datetime(null)"))

    def files(self) -> str:
        rest = self.rng.choice(("", ", 'Mode': 'all'", ", 'FileExtension': 'csv'", ", 'FileNamePrefix': 'p'"))
        return f"dynamic({{'StorageContainers': ['{FILE}'], 'DataFormat': 'csv'{rest}}})"

    # --- what reads rows

    def test(self) -> str:
        return self.expressions.of("bool", self.rows, 1)

    def tests(self) -> str:
        tests = [self.expressions.comparison(self.rows, 0) for _ in range(self.rng.randint(1, 3))]
        return ", ".join(f"{name} = ({test})" for name, test in zip(("one", "two", "three"), tests, strict=False))

    def aggregate(self) -> str:
        name = self.rng.choice(("count", "sum", "max", "avg", "dcount", "make_list", "take_any", "stdev"))
        kinds = NUMBERS if name in ("sum", "avg", "stdev") else LITERALS
        return "count()" if name == "count" else f"{name}({self.column(*kinds)})"

    def sketches(self) -> str:
        return ", ".join(self.rng.sample(("h1", "h2", "h3"), self.rng.randint(2, 3)))

    def table(self) -> str:
        name = self.rng.choice(("Users", "Events"))
        self.looked_up = self.tables[name]
        return name if self.rng.random() < 0.6 else f"({name} | where Id > {self.rng.randint(0, 9)})"

    def shape(self) -> str:
        return self.rng.choice(self.looked_up.of("dynamic"))

    def network(self) -> str:
        return self.rng.choice(self.looked_up.of("string"))
