"""Whole queries of random operators over the declared tables."""

from __future__ import annotations

import random

from calls import TABLES
from expressions import Rows
from steps import Step
from table_steps import TableSteps

STARTING = ("print", "range", "datatable", "externaldata", "find", "search", "let", "declare", "macro-expand")
# What stands around other operators seldom says more of them: these end a pipeline, or leave columns that nobody knows.
RARE = (
    *("scan", "fork", "facet", "reduce", "evaluate", "make-graph", "assert-schema", "getschema", "render", "consume"),
    *("partition", "top-nested", "invoke", "project-by-names"),
)


class Pipelines(TableSteps):
    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.steps = {
            "where": self.where,
            "extend": self.extend,
            "project": self.project,
            "summarize": self.summarize,
            "count": self.count,
            "take": self.take,
            "sort": self.sort,
            "top": self.top,
            "distinct": self.distinct,
            "join": self.join,
            "lookup": self.lookup,
            "union": self.union,
            "mv-expand": self.mv_expand,
            "mv-apply": self.mv_apply,
            "parse": self.parse,
            "parse-where": self.parse,
            "parse-kv": self.parse_kv,
            "make-series": self.make_series,
            "project-away": self.project_away,
            "project-keep": self.project_keep,
            "project-rename": self.project_rename,
            "project-reorder": self.project_reorder,
            "serialize": self.serialize,
            "sample": self.sample,
            "sample-distinct": self.sample_distinct,
            "as": self.as_,
            "getschema": self.getschema,
            "consume": self.consume,
            "render": self.render,
            "invoke": self.invoke,
            "partition": self.partition,
            "scan": self.scan,
            "search": self.search,
            "find": self.find,
            "fork": self.fork,
            "facet": self.facet,
            "top-nested": self.top_nested,
            "top-hitters": self.top_hitters,
            "reduce": self.reduce,
            "evaluate": self.evaluate,
            "make-graph": self.graph,
            "externaldata": self.externaldata,
            "datatable": self.datatable,
            "range": self.range_,
            "print": self.print_,
            "let": self.let,
            "macro-expand": self.macro_expand,
            "declare": self.declare,
            "assert-schema": self.assert_schema,
            "project-by-names": self.project_by_names,
        }
        self.exact = ("where", "take", "sort", "top", "sample", "distinct", "count", "sample-distinct", "as")
        self.usual = tuple(name for name in self.steps if name not in STARTING and name not in RARE)

    def query(self, operator: str) -> str:
        """A query in which the operator stands, perhaps with others before and after it."""
        self.fresh = 0
        if operator in STARTING:
            text, rows = self.steps[operator](Rows())
        else:
            text, rows = self.source() if operator != "invoke" else ("Users", TABLES["Users"])
            for _ in range(self.rng.choice((0, 0, 1, 1, 2))):
                # What is asserted of columns has to know them all.
                before = self.rng.choice(self.exact) if operator == "assert-schema" else self.another()
                text, rows = self.append(text, rows, before)
            text, rows = self.append(text, rows, operator)
        if rows.columns and operator not in ("consume", "render", "facet", "fork", "make-graph"):
            for _ in range(self.rng.choice((0, 0, 0, 1))):
                text, rows = self.append(text, rows, self.another())
        return text

    def source(self) -> Step:
        choice = self.rng.random()
        if choice < 0.85:
            name = self.rng.choice(("Events", "Events", "Users", "Readings", "Links"))
            return name, TABLES[name]
        if choice < 0.9:
            return "Recent(1d)", TABLES["Events"]
        if choice < 0.95:
            return "Kinds", Rows([("Kind", "string"), ("Events", "long")])
        return self.datatable(Rows())
