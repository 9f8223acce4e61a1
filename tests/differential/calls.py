"""Calls of one function, aggregate or plugin, made after its signatures, and queries around them."""

from __future__ import annotations

import random

from expressions import ARRAYS, BAGS, NUMBERS, SUMMABLE, TYPES, Expressions, Rows, written
from plugin_calls import PluginCalls
from symbols import Argument, Kind, Parameter, Signature, Symbol

TABLES = {
    "Events": Rows(
        [
            ("Id", "long"),
            ("Kind", "string"),
            ("Level", "int"),
            ("Score", "real"),
            ("Price", "decimal"),
            ("When", "datetime"),
            ("Took", "timespan"),
            ("Ok", "bool"),
            ("Key", "guid"),
            ("Bag", "dynamic"),
            ("Tags", "dynamic"),
            ("Source", "string"),
        ]
    ),
    "Users": Rows(
        [
            ("Id", "long"),
            ("Name", "string"),
            ("Country", "string"),
            ("Joined", "datetime"),
            ("Age", "int"),
            ("Weight", "real"),
            ("Props", "dynamic"),
        ]
    ),
    "Readings": Rows([("When", "datetime"), ("Sensor", "string"), ("Value", "real"), ("Count", "long"), ("Samples", "dynamic")]),
    "Links": Rows([("From", "string"), ("To", "string"), ("Cost", "real")]),
}
# Functions of the row order. The language service takes them anywhere, a run only over rows in an order.
NEEDS_ORDER = ("next", "prev", "row_cumsum", "row_number", "row_rank", "row_rank_dense", "row_rank_min", "row_window_session")
# Functions that a run takes only where an option says something; the language service takes them anywhere.
NEEDS_SETTING = {"bin_auto": ("query_bin_auto_size = 1h", "query_bin_auto_size = 5")}
GRAPH_CALLS = {
    "all": ("all(e, {test})", "all(inner_nodes(e), true)"),
    "any": ("any(e, {test})", "any(inner_nodes(e), 1 == 2)"),
    "map": ("map(e, {value})", "map(e, Cost)", "map(inner_nodes(e), labels())"),
    "inner_nodes": ("inner_nodes(e)", "any(inner_nodes(e), {test})", "map(inner_nodes(e), {value})"),
    "node_id": ("node_id(a)", "node_id(b)", "strcat(node_id(a), tostring({value}))", "map(inner_nodes(e), node_id())"),
    "node_degree_in": ("node_degree_in(a)", "node_degree_in(b) + {value}", "map(inner_nodes(e), node_degree_in())"),
    "node_degree_out": ("node_degree_out(a)", "node_degree_out(b) + {value}", "map(inner_nodes(e), node_degree_out())"),
    "labels": ("labels(a)", "array_length(labels(b)) + {value}", "labels(b)"),
}
CHOICES = {
    Kind.INTEGER: ("long", "int"),
    Kind.REAL_OR_DECIMAL: ("real", "decimal"),
    Kind.STRING_OR_DYNAMIC: ("string", "dynamic"),
    Kind.STRING_OR_ARRAY: ("string", "dynamic"),
    Kind.INTEGER_OR_ARRAY: ("long", "dynamic"),
    Kind.ARRAY: ("dynamic",),
    Kind.BAG: ("dynamic",),
    Kind.NUMBER: NUMBERS,
    Kind.NUMBER_OR_BOOL: (*NUMBERS, "bool"),
    Kind.SUMMABLE: SUMMABLE,
    Kind.ORDERABLE: (*SUMMABLE, "string"),
    Kind.NOT_REAL_OR_BOOL: ("long", "int", "string", "datetime", "timespan", "guid"),
    Kind.NOT_DYNAMIC: tuple(kind for kind in TYPES if kind != "dynamic"),
    Kind.NOT_BOOL: tuple(kind for kind in TYPES if kind != "bool"),
    Kind.COMMON_SCALAR: TYPES,
    Kind.COMMON_NUMBER: NUMBERS,
    Kind.COMMON_SUMMABLE: SUMMABLE,
    Kind.COMMON_ORDERABLE: (*SUMMABLE, "string"),
    Kind.COMMON_SCALAR_OR_DYNAMIC: TYPES,
}


# Expressions that are arrays, and such that are bags.
SHAPES = dict.fromkeys(
    (Kind.ARRAY, Kind.STRING_OR_ARRAY, Kind.INTEGER_OR_ARRAY),
    (*ARRAYS, "split({string}, ',')", "pack_array({long}, {long})", "array_concat({dynamic}, dynamic([1]))", "range(1, 5)"),
) | {Kind.BAG: (*BAGS, "bag_pack('k', {any})", "parse_json({string})", "todynamic({string})")}
# A run takes constants only for these, whatever the service says.
CONSTANTS = dict.fromkeys(("percentile", "percentile1", "min_percentile", "max_percentile"), ("50", "95", "99.9", "5")) | {
    "accuracy": ("0", "1", "2", "4"),
    "maxsize": ("10", "128"),
    "startingindex": ("0", "1", "7"),
    "offset": ("1", "2"),
    "default_value": ("0", "-1"),
}


# Calls whose arguments are looked at while the query is read, whatever the service says.
WRITTEN = {
    "assert": (
        "assert({constant}, {text})",
        "assert(true, {text})",
        "assert(strlen({text}) < 9, 'long')",
        "assert(isnotempty('a') and 1 < 2, 'm')",
    ),
    "table": ("table({table})", "table({table}, 'all')", "table({table}, 'hotcache')"),
}
WORDS = {
    "{constant}": ("1 == 1", "2 > 1", "'a' has 'a'", "now() > ago(1d)", "not(false)", "1 in (1, 2)"),
    "{text}": ("'m'", '"a b"', "strcat('a', 'b')", "tostring(1)"),
    "{table}": ("'Events'", '"Users"', "strcat('Use', 'rs')", "'Links'", "@'Readings'"),
}


class Calls:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.expressions = Expressions(rng)
        self.plugin_calls = PluginCalls(rng, TABLES)

    def query(self, symbol: Symbol) -> str:
        """One query that calls the symbol; most are right."""
        table = self.rng.choice(("Events", "Events", "Events", "Users", "Readings"))
        signature = self.rng.choice(symbol.signatures)
        return {"function": self.of_function, "aggregate": self.of_aggregate, "plugin": self.of_plugin}[symbol.family](
            symbol, signature, table
        )

    # --- around the call

    def of_function(self, symbol: Symbol, signature: Signature, table: str) -> str:
        rng = self.rng
        if symbol.name in GRAPH_CALLS:
            return self.of_graph(symbol)
        if symbol.name == "cluster":
            return f"cluster('c{rng.randint(1, 99)}').database('d').Events | take 1"
        if signature.tabular and symbol.name != "database":
            return self.call(symbol, signature, None) + rng.choice(("", " | take 5", " | count"))
        if symbol.name == "database":
            step = self.expressions.of("bool", TABLES[table], 1)
            return f"database({rng.choice(('', chr(39) + 'default' + chr(39)))}).{table} | where {step}"
        if symbol.name in NEEDS_SETTING:
            return f"set {rng.choice(NEEDS_SETTING[symbol.name])}; {self.around_function(symbol, signature, table)}"
        return self.around_function(symbol, signature, table)

    def around_function(self, symbol: Symbol, signature: Signature, table: str) -> str:
        rng = self.rng
        if rng.random() < 0.3 and symbol.name not in NEEDS_ORDER:
            call = self.call(symbol, signature, None)
            return rng.choice(
                (
                    f"print {call}",
                    f"print x = {call}",
                    f"let v = {call}; print v",
                    f"print a = 1, {call}, b = 2",
                    f"range i from 1 to 3 step 1 | extend y = {call}",
                )
            )
        call = self.call(symbol, signature, TABLES[table])
        ordered = " | serialize" if symbol.name in NEEDS_ORDER else ""
        form = rng.choice(
            (
                "extend x = {}",
                "extend {}",
                "project {}",
                "project Id, x = {}",
                "project x = {}, y = 1",
                "where isnotnull({})",
                "extend x = tostring({})",
                "summarize count() by x = {}",
                "extend x = {}, y = strcat('a', {})",
                "where tostring({}) has 'a'",
                "summarize take_any({})",
                "extend x = iff(true, {}, {})",
            )
        )
        if symbol.name in NEEDS_ORDER:
            form = rng.choice(("extend x = {}", "extend {}", "project {}", "project x = {}, When"))
        if table != "Events":
            form = form.replace("Id, ", "")
        return f"{table}{ordered} | {form.replace('{}', call)}"

    def of_aggregate(self, symbol: Symbol, signature: Signature, table: str) -> str:
        rows = TABLES[table]
        call = f"{symbol.name}({self.arguments(signature, rows)})"
        by = self.rng.choice(("", "", " by Kind", " by bin(When, 1d)", " by Kind, Level")) if table == "Events" else ""
        form = self.rng.choice(
            ("summarize {}", "summarize x = {}", "summarize {}, count()", "summarize n = count(), x = {}", "summarize {}, {}")
        )
        return f"{table} | {form.replace('{}', call)}{by}"

    def of_plugin(self, symbol: Symbol, signature: Signature, table: str) -> str:
        end = self.rng.choice(("", "", " | take 5", " | count"))
        if self.plugin_calls.knows(symbol.name) and self.rng.random() < 0.85:
            source, call = self.plugin_calls.call(symbol.name)
            return f"{source} | evaluate {call}{end}"
        if self.rng.random() < 0.4:
            table = f"{table} | where {self.expressions.of('bool', TABLES[table], 1)}"
            return f"{table} | evaluate {symbol.name}({self.arguments(signature, TABLES[table.split()[0]])}){end}"
        return f"{table} | evaluate {symbol.name}({self.arguments(signature, TABLES[table])}){end}"

    def of_graph(self, symbol: Symbol) -> str:
        """A function that stands in graph-match only."""
        call = self.rng.choice(GRAPH_CALLS[symbol.name])
        test = self.expressions.of("bool", Rows([("Cost", "real")]), 1)
        value = self.expressions.of("real", Rows([("Cost", "real")]), 1)
        call = call.replace("{test}", test).replace("{value}", value)
        form = self.rng.choice(("where isnotempty(tostring({})) project y = node_id(a)", "project x = {}", "project {}, e"))
        with_ = self.rng.choice(("", " with Users on Name"))
        return f"Links | make-graph From --> To{with_} | graph-match (a)-[e*1..3]->(b) {form.replace('{}', call)}"

    # --- arguments

    def call(self, symbol: Symbol, signature: Signature, rows: Rows | None) -> str:
        if symbol.name not in WRITTEN or self.rng.random() < 0.2:
            return f"{symbol.name}({self.arguments(signature, rows)})"
        made = self.rng.choice(WRITTEN[symbol.name])
        for word, choices in WORDS.items():
            made = made.replace(word, self.rng.choice(choices))
        return made

    def arguments(self, signature: Signature, rows: Rows | None) -> str:
        made: list[str] = []
        common = self.rng.choice(TYPES)
        numeric = self.rng.choice(NUMBERS)
        summable = self.rng.choice(SUMMABLE)
        types: list[str] = []
        for place, parameter in enumerate(signature.parameters):
            times = self.times(parameter)
            # Repeated parameters that follow one another are repeated in turn: key, value, key, value.
            group = [p for p in signature.parameters[place:] if p.most > 1] if parameter.most > 1 else [parameter]
            if parameter.most > 1 and place > 0 and signature.parameters[place - 1].most > 1:
                continue
            if times == 0 and parameter.least == 0 and parameter.most <= 1:
                break
            for _ in range(times):
                for one in group:
                    kinds = {
                        Kind.COMMON_SCALAR: common,
                        Kind.COMMON_SCALAR_OR_DYNAMIC: common,
                        Kind.COMMON_NUMBER: numeric,
                        Kind.COMMON_SUMMABLE: summable,
                        Kind.COMMON_ORDERABLE: summable,
                        Kind.PARAMETER_0: types[0] if types else common,
                        Kind.PARAMETER_1: types[1] if len(types) > 1 else common,
                        Kind.PARAMETER_2: types[2] if len(types) > 2 else common,
                    }
                    kind = kinds.get(one.kind) or self.kind_of(one)
                    types.append(kind)
                    made.append(self.argument(one, kind, rows))
        return ", ".join(made)

    def times(self, parameter: Parameter) -> int:
        if parameter.most > 1:
            return self.rng.randint(max(parameter.least, 1 if self.rng.random() < 0.9 else 0), parameter.least + 2)
        return 1 if parameter.least or self.rng.random() < 0.6 else 0

    def kind_of(self, parameter: Parameter) -> str:
        if parameter.kind == Kind.DECLARED and parameter.types:
            named = self.rng.choice(parameter.types)
            return named if named in TYPES else "string"
        kinds = CHOICES.get(parameter.kind, TYPES)
        # Most signatures take more types than people use.
        return kinds[0] if self.rng.random() < 0.3 else self.rng.choice(kinds)

    def argument(self, parameter: Parameter, kind: str, rows: Rows | None) -> str:
        rng, expressions = self.rng, self.expressions
        if parameter.name == "OutputSchema":
            return f"typeof({rng.choice(('*, y:', 'y:', 'x:string, y:', '*, k:int, y:'))}{rng.choice(TYPES)})"
        if "type" in parameter.types:
            return f"typeof({rng.choice(TYPES)})"
        if parameter.kind == Kind.TABULAR:
            return rng.choice(("Users", "(Events | where Ok)", "Readings", "(Links | take 3)", "(Events | project Kind, Id)"))
        if parameter.values and rng.random() < 0.85:
            value = rng.choice(parameter.values)
            bare = kind != "string" or value[:1] in "\"'@"
            return value if bare else f"'{value}'"
        if parameter.argument == Argument.STAR_ONLY or (parameter.argument == Argument.STAR_ALLOWED and rng.random() < 0.3):
            return "*"
        if parameter.argument in (Argument.COLUMN, Argument.COLUMN_OF_PARAMETER_0, Argument.COLUMN_OF_BOTH) and rows:
            fitting = rows.of(kind) or rows.of()
            return written(rng.choice(fitting))
        if parameter.argument == Argument.AGGREGATE:
            return rng.choice(("count()", "sum(Id)", "max(When)", "avg(Score)"))
        if parameter.kind in SHAPES and kind == "dynamic" and rng.random() < 0.8:
            columns = rows.of("dynamic") if rows else []
            known = rng.choice(SHAPES[parameter.kind])
            if columns and rng.random() < 0.5:
                return written(rng.choice(columns))
            return known if known in (*ARRAYS, *BAGS) else expressions.call(known)(rows, 0)
        if parameter.name.lower() in CONSTANTS and kind in NUMBERS:
            return rng.choice(CONSTANTS[parameter.name.lower()])
        constant = parameter.argument in (Argument.LITERAL, Argument.LITERAL_NOT_EMPTY, Argument.CONSTANT)
        if constant and parameter.argument == Argument.CONSTANT and rng.random() < 0.3:
            return expressions.of(kind, None, 1)
        if rows is None or constant:
            made = expressions.literal(kind)
            return made if constant else expressions.of(kind, None, rng.randint(0, 1))
        return expressions.of(kind, rows, rng.choice((0, 0, 1, 1, 2)))
