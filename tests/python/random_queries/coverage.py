"""What the generated queries are about, and how many of them use it."""

import re

from random_queries.queries import FUNCTIONS

OPERATORS = [
    "where", "extend", "project", "project-keep", "project-away", "project-rename", "project-reorder", "distinct", "count",
    "take", "limit", "top", "sort", "order", "mv-expand", "mv-apply", "union", "join", "lookup", "summarize", "serialize",
    "scan", "partition", "parse", "parse-where", "parse-kv", "make-series", "top-nested", "top-hitters", "sample",
    "sample-distinct", "getschema", "evaluate pivot", "evaluate narrow", "evaluate bag_unpack",
    "evaluate sliding_window_counts", "evaluate activity_counts_metrics", "evaluate rolling_percentile", "evaluate rows_near",
    "range", "datatable",
    "make-graph", "let", "as", "invoke", "graph-match", "graph-shortest-paths", "graph-to-table",
]  # fmt: skip
KINDS = [
    *(f"kind={kind}" for kind in ("inner", "outer", "innerunique", "leftouter", "rightouter", "fullouter")),
    *(f"kind={kind}" for kind in ("leftsemi", "leftanti", "rightsemi", "rightanti", "anti")),
    *(f"kind={kind}" for kind in ("simple", "relaxed", "regex", "array", "bag")),
    "bagexpansion=array", "with_itemindex", "with_match_id", "hint.strategy=native", "hint.strategy=shuffle",
    "hint.strategy=legacy", "cycles=all", "cycles=none", "cycles=unique_edges", "default=", "limit", "typeof(long)",
    "nulls first", "nulls last",
]  # fmt: skip
AGGREGATES = [
    "count", "countif", "sum", "sumif", "avg", "avgif", "min", "minif", "max", "maxif", "dcount", "dcountif",
    "count_distinct", "count_distinctif", "make_list", "make_list_if", "make_list_with_nulls", "make_set", "make_set_if",
    "make_bag", "make_bag_if", "variance", "varianceif", "variancep", "variancepif", "stdev", "stdevif", "stdevp",
    "covariance", "covariancep", "percentile", "arg_min", "arg_max", "take_any", "take_anyif", "any", "anyif",
    "binary_all_and", "binary_all_or", "binary_all_xor", "hll", "dcount_hll", "tdigest", "percentile_tdigest",
]  # fmt: skip
WINDOWS = ["row_number", "prev", "next", "row_cumsum", "row_rank_dense", "row_rank_min", "row_window_session"]
SYMBOLS = [
    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "=~", "!~", "and", "or", "in", "!in", "in~", "!in~",
    "between", "!between", "contains", "!contains", "contains_cs", "!contains_cs", "startswith", "!startswith",
    "startswith_cs", "!startswith_cs", "endswith", "!endswith", "endswith_cs", "!endswith_cs", "has", "!has", "has_cs",
    "hasprefix", "!hasprefix", "hassuffix", "!hassuffix", "has_any", "has_all", "matches regex",
]  # fmt: skip


def names():
    """Each name with the pattern that finds a use of it."""
    found = {name: rf"(^|[|(] ?){re.escape(name)}\b" for name in OPERATORS}
    found |= {name: rf"(?<![\w-]){re.escape(name)}" for name in KINDS}
    calls = [
        *AGGREGATES,
        *WINDOWS,
        "case",
        "not",
        "toscalar",
        "materialize",
        "view ",
        "bag_pack",
        "pack",
        "map",
        *(row.name for row in FUNCTIONS),
    ]
    found |= {f"{name}()": rf"\b{re.escape(name)}\(" for name in calls}
    return found | {f"operator {symbol}": rf" {re.escape(symbol)} " for symbol in SYMBOLS}


def uses(texts):
    """How many of the queries use each name."""
    return {name: sum(re.search(pattern, text, re.MULTILINE) is not None for text in texts) for name, pattern in names().items()}
