"""Steps that cut texts: parse, parse-where, parse-kv, over texts that a step before them makes.

Source: KQL reference, their pages.
"""

import re

from random_queries.expressions import random_expression
from random_queries.steps import _fresh
from random_queries.tables import Column, Table
from random_queries.values import Undefined, as_text


def _line(rng, table):
    """(expression, what makes the text of a row): a text between marks and a number behind them."""
    text, number = random_expression(rng, table, "string", 0), random_expression(rng, table, "long", 0)
    written = f'strcat("id=", {text.text}, ";n=", {number.text}, ".")'
    return written, lambda row: f"id={text.evaluate(row)};n={as_text(number.evaluate(row))}."


def _long(text):
    return int(text) if re.fullmatch(r"[-+]?\d+", text) and abs(int(text)) < 2**63 else None


def parse(rng, table):
    line, make = _line(rng, table)
    source = _fresh(table)
    names = {c.name for c in table.columns}
    if {"p9", "q9"} & names:
        raise Undefined("a name that is taken")
    word, kind = rng.choice(["parse", "parse-where"]), rng.choice(["", "kind=simple ", "kind=relaxed ", "kind=regex "])
    mark = rng.choice([";n=", ";m="])
    rows = []
    for row in table.rows:
        text = make(row)
        if text.count(";n=") > 1 or text.count("id=") > 1:
            raise Undefined("a mark twice")
        found = re.fullmatch(rf".*?id=(.*?){mark}(.*)\.", text, re.DOTALL)
        number = _long(found[2]) if found else None
        if kind == "kind=regex " and found and number is None:
            raise Undefined("a pattern that asks for digits")
        whole = found is not None and (kind == "kind=relaxed " or number is not None)
        if word == "parse-where" and not whole:
            continue
        rows.append([*row, text, found[1] if whole else "", number if whole else None])
    dot = "[.]" if kind == "kind=regex " else "."
    text = f'extend {source} = {line} | {word} {kind}{source} with * "id=" p9 "{mark}" q9: long "{dot}"'
    if kind != "kind=regex " and rng.random() < 0.3:
        text += " *"
    return text, Table([*table.columns, Column(source, "string"), Column("p9", "string"), Column("q9", "long")], rows)


def parse_kv(rng, table):
    """Pairs between separators, keys in any order; what is not there is null."""
    source = _fresh(table)
    if {"ka", "kb", "kc"} & {c.name for c in table.columns}:
        raise Undefined("a name that is taken")
    a, b = random_expression(rng, table, "long", 0), random_expression(rng, table, "string", 0)
    pair, between = rng.choice([(",", "="), (";", ":"), ("|", "->")])
    rows = []
    for row in table.rows:
        text = b.evaluate(row)
        if text == "" or not re.fullmatch(r"\w+", text):
            raise Undefined("a value that ends early")
        number = a.evaluate(row)
        line = f"kb{between}{text}{pair}ka{between}{as_text(number)}"
        rows.append([*row, line, number, text, ""])
    made = f'strcat("kb{between}", {b.text}, "{pair}ka{between}", {a.text})'
    how = f"with (pair_delimiter='{pair}', kv_delimiter='{between}')"
    text = f"extend {source} = {made} | parse-kv {source} as (ka: long, kb: string, kc: string) {how}"
    columns = [Column(source, "string"), Column("ka", "long"), Column("kb", "string"), Column("kc", "string")]
    return text, Table([*table.columns, *columns], rows)


STEPS = [parse, parse, parse_kv]
