"""Operators that meet other tables, take dynamic values and texts apart, or end a pipeline; and what a query begins with."""

from __future__ import annotations

from calls import TABLES
from expressions import NUMBERS, SUMMABLE, TYPES, Rows, written
from plugin_calls import FILE
from steps import Step, Steps


class TableSteps(Steps):
    def right(self) -> tuple[str, Rows]:
        name = self.rng.choice(("Users", "Readings", "Events", "Links"))
        if self.rng.random() < 0.6:
            return name, TABLES[name]
        text, rows = self.append(name, TABLES[name], self.rng.choice(("where", "project", "take", "distinct")))
        return f"({text})", rows

    def join(self, rows: Rows) -> Step:
        right, others = self.right()
        kind = self.rng.choice(
            (
                "",
                "",
                " kind=inner",
                " kind=leftouter",
                " kind=rightouter",
                " kind=fullouter",
                " kind=leftanti",
                " kind=rightsemi",
                " kind=leftsemi",
                " kind=rightanti",
                " kind=innerunique",
                " kind=anti",
                " hint.strategy=broadcast",
            )
        )
        pairs = [(a, b) for a, k in rows.columns for b, other in others.columns if k == other and k != "dynamic"]
        shared = [a for a, b in pairs if a == b]
        if shared and self.rng.random() < 0.6:
            on = written(self.rng.choice(shared))
        elif pairs:
            a, b = self.rng.choice(pairs)
            on = f"$left.{a} == $right.{b}"
        else:
            on = "Id"
        columns = rows.columns
        return f"join{kind} {right} on {on}" if right[0] == "(" else f"join{kind} ({right}) on {on}", Rows(columns)

    def lookup(self, rows: Rows) -> Step:
        text, after = self.join(rows)
        kind = self.rng.choice(("", " kind=leftouter", " kind=inner"))
        return f"lookup{kind} {text[text.index('(') :]}", after

    def union(self, rows: Rows) -> Step:
        right, others = self.right()
        if self.rng.random() < 0.3:
            right += f", {self.right()[0]}"
        options = self.rng.choice(
            ("", "", " kind=inner", " kind=outer", " withsource=From1", " isfuzzy=true", " kind=outer withsource=T")
        )
        return f"union{options} {right}", Rows([pair for pair in rows.columns if pair in others.columns])

    def invoke(self, rows: Rows) -> Step:
        return "invoke NamedOnes()", rows

    def fork(self, rows: Rows) -> Step:
        first, _ = self.steps[self.rng.choice(("where", "project", "take"))](rows)
        second, _ = self.steps[self.rng.choice(("summarize", "count", "top"))](rows)
        return f"fork ({first}) other = ({second})", Rows()

    def facet(self, rows: Rows) -> Step:
        names = ", ".join(written(name) for name, _ in self.some(rows, 2))
        return f"facet by {names}" + self.rng.choice(("", " with (take 5)")), Rows()

    def partition(self, rows: Rows) -> Step:
        name, kind = self.rng.choice([pair for pair in rows.columns if pair[1] in ("string", "long", "int")] or rows.columns)
        step, after = self.steps[self.rng.choice(("top", "summarize", "take", "extend"))](rows)
        hint = self.rng.choice(("", " hint.strategy=native", " hint.strategy=shuffle"))
        return f"partition{hint} by {written(name)} ({step})", after

    def search(self, rows: Rows) -> Step:
        words = self.rng.choice(
            ('"a"', '"a*" and "b"', 'Kind:"x"', '"a" or Kind == "x"', f"Id > {self.rng.randint(0, 99)} and 'a'")
        )
        if not rows.columns:
            where = self.rng.choice(("", "in (Events) ", "in (Events, Users) ", "kind=case_sensitive "))
            return f"search {where}{words}" + self.rng.choice(("", " | take 3", " | count", " | where Id > 3")), Rows()
        return f"search {words}", rows

    def find(self, rows: Rows) -> Step:
        tables = self.rng.choice(("", "in (Events, Users) ", "withsource = T in (Events) "))
        project = self.rng.choice(("", " project Id, Kind", " project Id, Score", " project Id, pack_all()", " project-smart"))
        test = (
            self.expressions.of("bool", Rows([("Id", "long")]), 2)
            if self.rng.random() < 0.5
            else "Id == 1 and isnotempty(Source)"
        )
        return f"find {tables}where {test}{project}", Rows()

    # --- dynamic values and texts

    def mv_expand(self, rows: Rows) -> Step:
        name = self.column(rows, "dynamic")
        form = self.rng.choice(
            (
                "{0}",
                "{0} to typeof(long)",
                "x9 = {0}",
                "{0} limit 5",
                "with_itemindex=i9 {0}",
                "kind=array {0}",
                "bagexpansion=array {0}",
                "x9 = {0} to typeof(string), y9 = {0}",
                "x9 = split('a,b', ',')",
            )
        )
        word = self.rng.choice(("mv-expand", "mv-expand", "mvexpand"))
        return f"{word} {form.format(name)}", rows

    def mv_apply(self, rows: Rows) -> Step:
        name = self.column(rows, "dynamic")
        inner = self.rng.choice(
            ("take 2", "where e9 > 1", "summarize s9 = count()", "extend f9 = strlen(tostring(e9))", "top 1 by e9")
        )
        to = self.rng.choice((" to typeof(long)", " to typeof(string)", ""))
        index = self.rng.choice(("", "with_itemindex=i9 "))
        return f"mv-apply {index}e9 = {name}{to} on ({inner})", rows

    def parse(self, rows: Rows) -> Step:
        word = self.rng.choice(("parse", "parse-where"))
        pattern = self.rng.choice(("'a=' p9:long ',' *", "* 'k:' p9 ' ' q9:int *", "p9:string '-' q9", "'x' p9:real"))
        kind = self.rng.choice(("", "", " kind=relaxed", " kind=simple"))
        self.fresh += 1
        return f"{word}{kind} {self.column(rows, 'string')} with {pattern.replace('9', str(self.fresh))}", Rows(rows.columns)

    def parse_kv(self, rows: Rows) -> Step:
        options = self.rng.choice(
            ("pair_delimiter=' ', kv_delimiter='='", "pair_delimiter=';', kv_delimiter=':', quote='\"'", "regex=@'(\\w+)=(\\w+)'")
        )
        self.fresh += 1
        keys = f"p{self.fresh}:string, q{self.fresh}:long"
        return f"parse-kv {self.column(rows, 'string')} as ({keys}) with ({options})", Rows(rows.columns)

    # --- the rest

    def as_(self, rows: Rows) -> Step:
        return f"as {self.rng.choice(('T9', 'hint.materialized=true T9'))}", rows

    def getschema(self, rows: Rows) -> Step:
        return "getschema", Rows([("ColumnName", "string"), ("ColumnOrdinal", "long"), ("DataType", "string")])

    def consume(self, rows: Rows) -> Step:
        return "consume", Rows()

    def render(self, rows: Rows) -> Step:
        return "render " + self.rng.choice(
            (
                "timechart",
                "piechart",
                "table",
                "columnchart with (title='t')",
                "barchart kind=stacked",
                "areachart kind=stacked title='x'",
                f"scatterchart with (xcolumn={self.column(rows)}, series={self.column(rows)})",
                f"linechart with (ycolumns={self.column(rows)}, {self.column(rows)}, ysplit=panels, legend=hidden)",
                f"timechart with (xtitle='x', ymin=0, ymax=10.5, xcolumn={self.column(rows)})",
                "scatterchart with (xcolumn=a, series=b)",
            )
        ), Rows()

    def assert_schema(self, rows: Rows) -> Step:
        columns = ", ".join(f"{written(name)}:{kind}" for name, kind in rows.columns)
        return f"assert-schema ({columns})", rows

    def scan(self, rows: Rows) -> Step:
        column = self.column(rows, *NUMBERS)
        declare = self.rng.choice((" declare (n9:long = 0)", " declare (n9:long)"))
        step = self.rng.choice(("n9 = n9 + 1", f"n9 = tolong({column})", "n9 = s1.n9 + 1"))
        ident = self.rng.choice(("", " with_match_id=m9"))
        order = f"sort by {self.column(rows, *SUMMABLE)} asc"
        return f"{order} | scan{ident}{declare} with (step s1: true => {step};)", Rows([*rows.columns, ("n9", "long")])

    def evaluate(self, rows: Rows) -> Step:
        bags, texts = rows.of("dynamic"), rows.of("string", "bool", "long")
        forms = ["narrow()", "estimate_rows_count()", "identity()", "rows_near(true, 2)"]
        if bags:
            forms += ["bag_unpack({0})", "bag_unpack({0}, 'p_')", "bag_unpack({0}) : (a:long, b:string)"]
            forms += ["bag_unpack({0}) : (*, a:long)"] * 2
        if texts:
            forms += ["pivot({1}, count(), {1})", "pivot({1}, dcount({2})) : (x:long)", "pivot({1})"]
            forms += ["pivot({1}, count(), {2}) : ({2}:" + dict(rows.columns)[texts[-1]] + ", x:long)"]
        form = self.rng.choice(forms)
        words = [written(self.rng.choice(names or ["Id"])) for names in (bags, texts)]
        return f"evaluate {form.format(*words, written((texts or ['Id'])[-1]))}", Rows()

    def graph(self, rows: Rows) -> Step:
        ends = (
            ("From", "To") if ("From", "string") in rows.columns else (self.column(rows, "string"), self.column(rows, "string"))
        )
        nodes = self.rng.choice(("", " with Users on Name", " with Users on Name", " with_node_id=Node"))
        of_node = {"": None, " with_node_id=Node": Rows([("Node", "string")])}.get(nodes, TABLES["Users"])
        return f"make-graph {ends[0]} --> {ends[1]}{nodes}{self.of_graph(rows, of_node)}", Rows()

    def of_graph(self, edge: Rows, node: Rows | None) -> str:
        """What follows a graph whose edges have those columns, and whose nodes have these, if any."""
        e = f"e.{self.column(edge)}"
        test = f"isnotempty({e})"
        if node is None:
            a, b = "node_id(a)", "node_degree_in(b)"
        else:
            a, b = (f"{one}.{self.column(node)}" for one in "ab")
            test = self.rng.choice((test, f"isnotnull({a})", f"{a} == {b}" if a[2:] == b[2:] else test))
        inner = self.column(node) if node else "node_id()"
        edges = self.column(edge, "string", "real", "long", "int")
        return self.rng.choice(
            (
                f" | graph-match (a)-[e]->(b) project {a}, {e}, y = {b}",
                f" | graph-match (a)-[e]->(b) where {test} project x = {a}, {e}",
                f" | graph-match (a)-[e]->(b)-[f]->(c) where {test} project {a}, y = f.{edges}",
                f" | graph-match cycles=none (a)<-[e]-(b), (b)-[f]-(c) where {test} project {b}",
                f" | graph-match (a)-[e*1..3]->(b) project x = map(e, {edges}), {a}",
                f" | graph-match (a)-[e*1..3]->(b) where all(e, isnotnull({edges})) project map(inner_nodes(e), {inner}), {b}",
                f" | graph-shortest-paths (a)-[e*1..5]->(b) where {test} project {b}, e",
                f" | graph-shortest-paths output=all (a)-[e*1..5]->(b) project e.{edges}, x = {a}",
                " | graph-match (a)-[e*1..3]->(b) project e, labels(a), node_id(b)",
                " | graph-match (a)-[e]->(b) project a, e",
                " | graph-to-table edges",
                " | graph-to-table edges | take 5" if node is None else " | graph-to-table nodes",
                " | graph-to-table edges as E9, nodes as N9; E9 | count",
                " | graph-mark-components with_component_id = part | graph-to-table " + ("edges" if node is None else "nodes"),
                " | graph-to-table nodes | count",
            )
        )

    def datatable(self, rows: Rows) -> Step:
        columns = [(name, self.rng.choice(TYPES)) for name in ("a", "b", "c")[: self.rng.randint(1, 3)]]
        cells = [self.expressions.literal(kind) for _ in range(self.rng.randint(0, 2)) for _, kind in columns]
        schema = ", ".join(f"{name}:{kind}" for name, kind in columns)
        return f"datatable({schema}) [{', '.join(cells)}]", Rows(columns)

    def externaldata(self, rows: Rows) -> Step:
        options = self.rng.choice(("", " with (format='csv')", " with (format='csv', ignoreFirstRecord=true)"))
        file = self.rng.choice((f"'{FILE}'", f'"{FILE}"', f"h@'{FILE}'", f"'{FILE}', '{FILE}'"))
        schema, columns = self.rng.choice(
            (
                ("a:long, b:string", [("a", "long"), ("b", "string")]),
                ("a:string, b:string", [("a", "string"), ("b", "string")]),
                ("a:real", [("a", "real")]),
                ("a:dynamic, ['b']:string", [("a", "dynamic"), ("b", "string")]),
            )
        )
        return f"externaldata({schema}) [{file}]{options}", Rows(columns)

    def range_(self, rows: Rows) -> Step:
        kind, bounds = self.rng.choice(
            (
                ("long", "1 to 10 step 2"),
                ("real", "0.5 to 2 step 0.5"),
                ("datetime", "ago(3d) to now() step 1d"),
                ("timespan", "1h to 5h step 1h"),
                ("int", "int(1) to int(3) step 1"),
                ("long", "1 to 10"),
            )
        )
        if self.rng.random() < 0.7:
            kind = self.rng.choice(SUMMABLE)
            low, high, step = (self.expressions.of(kind, None, 1) for _ in range(3))
            bounds = f"{low} to {high} step {self.rng.choice((step, '1', '1h'))}"
        return f"range r from {bounds}", Rows([("r", kind)])

    def print_(self, rows: Rows) -> Step:
        parts, columns = [], []
        for _ in range(self.rng.randint(1, 3)):
            text, kind = self.typed(Rows())
            if self.rng.random() < 0.6:
                name = self.name()
                text = f"{name} = {text}"
                columns.append((name, kind))
            parts.append(text)
        return "print " + ", ".join(parts), Rows(columns)

    def let(self, rows: Rows) -> Step:
        scalar, kind = self.typed(Rows(), 1)
        table, columns = self.append("Events", TABLES["Events"], self.rng.choice(("where", "project", "summarize", "extend")))
        forms = (
            (f"let v9 = {scalar}; Events | extend w9 = v9", Rows([*TABLES["Events"].columns, ("w9", kind)])),
            (f"let t9 = {table}; t9", columns),
            (f"let t9 = materialize({table}); t9", columns),
            (f"let f9 = (a9:{kind}) {{ a9 }}; print r9 = f9({scalar})", Rows([("r9", kind)])),
            (
                "let f9 = (a9:long, b9:string = 'x') { Events | where Id > a9 and Kind != b9 }; "
                f"f9({self.expressions.of('long', None, 1)})",
                TABLES["Events"],
            ),
            ("let f9 = (t9:(Id:long, Kind:string)) { t9 | summarize count() by Kind }; f9(Events)", Rows([("Kind", "string")])),
            ("let f9 = (t9:(*)) { t9 | count }; Users | invoke f9()", Rows([("Count", "long")])),
            ("let v9 = toscalar(Events | summarize max(Id)); Users | where Id == v9", TABLES["Users"]),
            (f"let f9 = view() {{ {table} }}; union f9, Users", Rows()),
            ("let f9 = () { let g9 = 2; g9 + 1 }; print f9()", Rows()),
        )
        return self.rng.choice(forms)

    def declare(self, rows: Rows) -> Step:
        kind = self.rng.choice(TYPES)
        return f"declare query_parameters(p9:{kind} = {self.expressions.literal(kind)}); print q9 = p9", Rows([("q9", kind)])

    def macro_expand(self, rows: Rows) -> Step:
        step, _ = self.append("x9.Events", TABLES["Events"], self.another())
        return f"macro-expand entity_group [database('default')] as x9 ( {step} )", Rows()
