"""Random steps of a pipeline: each takes a table and gives (text, table), or raises Undefined."""

from random_queries import values
from random_queries.aggregates import summarize
from random_queries.expressions import random_expression
from random_queries.tables import Column, Table, random_datatable
from random_queries.values import Undefined


def _need(found):
    if not found:
        raise Undefined("nothing to choose from")
    return found


def _fresh(table, *others):
    taken = {c.name for t in (table, *others) for c in t.columns}
    return next(name for name in (f"x{i}" for i in range(1, 99)) if name not in taken)


def where(rng, table):
    test = random_expression(rng, table, "bool", 2)
    return f"where {test.text}", Table(table.columns, [r for r in table.rows if test.evaluate(r) is True])


def extend(rng, table):
    value = random_expression(rng, table, rng.choice(["long", "long", "real", "string", "bool"]), 2)
    replaced = table.names()
    name = rng.choice(replaced) if rng.random() < 0.3 and replaced else _fresh(table)
    at = table.index(name) if name in replaced else len(table.columns)
    columns = [*table.columns[:at], Column(name, value.type), *table.columns[at + 1 :]]
    rows = [[*row[:at], value.evaluate(row), *row[at + 1 :]] for row in table.rows]
    return f"extend {name} = {value.text}", Table(columns, rows)


def _columns(table, names):
    at = [table.index(name) for name in names]
    return Table([table.columns[i] for i in at], [[row[i] for i in at] for row in table.rows])


def project(rng, table):
    names = [c.name for c in table.columns]
    chosen = rng.sample(names, rng.randint(1, len(names)))
    word = rng.choice(["project", "project-keep", "project-reorder"])
    if word == "project-keep":
        return f"{word} {', '.join(chosen)}", _columns(table, [n for n in names if n in chosen])
    rest = [n for n in names if n not in chosen] if word == "project-reorder" else []
    return f"{word} {', '.join(chosen)}", _columns(table, chosen + rest)


def project_away(rng, table):
    if len(table.columns) < 2:
        raise Undefined("it would leave no column")
    gone = rng.choice([c.name for c in table.columns])
    return f"project-away {gone}", _columns(table, [c.name for c in table.columns if c.name != gone])


def rename(rng, table):
    old, new = rng.choice([c.name for c in table.columns]), _fresh(table)
    columns = [Column(new, c.type, c.exact) if c.name == old else c for c in table.columns]
    return f"project-rename {new} = {old}", Table(columns, table.rows)


def distinct(rng, table):
    if any(c.type == "dynamic" or not c.exact for c in table.columns):
        raise Undefined("equality of dynamic values")
    names = [c.name for c in table.columns]
    chosen = names if rng.random() < 0.5 else rng.sample(names, rng.randint(1, len(names)))
    narrow = _columns(table, chosen)
    rows = {tuple(row): row for row in narrow.rows}
    return f"distinct {'*' if chosen == names else ', '.join(chosen)}", Table(narrow.columns, list(rows.values()))


def count(rng, table):
    return "count", Table([Column("Count", "long")], [[len(table.rows)]])


def _ordering(rng, table, names):
    """(text, key function) over the columns given."""
    parts, keys = [], []
    for name in names:
        ascending = rng.random() < 0.5
        nulls_first = ascending
        text = name + (" asc" if ascending else rng.choice(["", " desc"]))
        if rng.random() < 0.4:
            nulls_first = rng.random() < 0.5
            text += " nulls first" if nulls_first else " nulls last"
        parts.append(text)
        keys.append((table.index(name), ascending, nulls_first))
    return ", ".join(parts), lambda row: [values.sort_key(row[at], *how) for at, *how in keys]


def ordered(rng, table, names=None):
    """(text, table, positions of the keys): a sort by some columns; rows with equal keys may come in any order."""
    names = names or rng.sample(_need(table.names("long", "real", "string", "bool")), 1)
    text, key = _ordering(rng, table, names)
    rows = sorted(table.rows, key=key)
    return f"{rng.choice(['sort', 'order'])} by {text}", Table(table.columns, rows), [table.index(n) for n in names]


def first_rows(rng, table):
    """A sort by every column and a take, or a top where no tie crosses its edge."""
    n = rng.randint(0, 4)
    if rng.random() < 0.5:
        if any(c.type == "dynamic" or not c.exact for c in table.columns):
            raise Undefined("no total order")
        text, sorted_table, _ = ordered(rng, table, rng.sample([c.name for c in table.columns], len(table.columns)))
        return f"{text} | {rng.choice(['take', 'limit'])} {n}", Table(table.columns, sorted_table.rows[:n])
    name = rng.choice(_need(table.names("long", "real", "string")))
    text, key = _ordering(rng, table, [name])
    rows = sorted(table.rows, key=key)
    if 0 < n < len(rows) and key(rows[n - 1]) == key(rows[n]):
        raise Undefined("a tie at the edge")
    return f"top {n} by {text}", Table(table.columns, rows[:n])


def mv_expand(rng, table):
    name = rng.choice(_need([c.name for c in table.columns if c.type == "dynamic"]))
    at = table.index(name)
    indexed = rng.random() < 0.3
    if indexed and any(row[at] is None for row in table.rows):
        raise Undefined("the index of a null")
    rows = []
    for row in table.rows:
        for position, item in enumerate([None] if row[at] is None else row[at]):
            long = item if isinstance(item, int) and not isinstance(item, bool) else None
            rows.append([*row[:at], long, *row[at + 1 :], *([position] if indexed else [])])
    columns = [*table.columns[:at], Column(name, "long"), *table.columns[at + 1 :]]
    with_index = ""
    if indexed:
        columns.append(Column(_fresh(table), "long"))
        with_index = f"with_itemindex={columns[-1].name} "
    return f"mv-expand {with_index}{name} to typeof(long)", Table(columns, rows)


def union(rng, table):
    text, other = random_datatable(rng, with_lists=False)
    kind = rng.choice(["", "kind=outer ", "kind=inner "])
    mine, theirs = ({(c.name, c.type) for c in t.columns} for t in (table, other))
    if {n for n, _ in mine ^ theirs} & {n for n, _ in mine} & {n for n, _ in theirs}:
        raise Undefined("one name with two types")
    columns = [c for c in table.columns if kind != "kind=inner " or (c.name, c.type) in theirs]
    if not columns:
        raise Undefined("no common column")
    if kind != "kind=inner ":
        columns += [c for c in other.columns if (c.name, c.type) not in mine]

    def cells(source, row):
        at = {c.name: i for i, c in enumerate(source.columns)}
        return [row[at[c.name]] if c.name in at else "" if c.type == "string" else None for c in columns]

    rows = [cells(table, r) for r in table.rows] + [cells(other, r) for r in other.rows]
    return f"union {kind}({text})", Table(columns, rows)


JOINS = [
    "inner",
    "leftouter",
    "rightouter",
    "fullouter",
    "leftsemi",
    "leftanti",
    "rightsemi",
    "rightanti",
    "innerunique",
    "innerunique",
]


def _empty(column):
    return "" if column.type == "string" else None


def join(rng, table):
    """By a string, which is never null, so that the question whether nulls match does not arise."""
    text, other = random_datatable(rng, with_lists=False)
    left, right = rng.choice(_need(table.names("string"))), rng.choice(other.names("string"))
    kind = rng.choice(JOINS)
    li, ri = table.index(left), other.index(right)
    lefts, rights = {r[li] for r in table.rows}, {r[ri] for r in other.rows}
    on = left if left == right else f"$left.{left} == $right.{right}"
    head = f"join kind={kind} ({text}) on {on}"
    one_sided = {
        "leftsemi": (table.columns, [r for r in table.rows if r[li] in rights]),
        "leftanti": (table.columns, [r for r in table.rows if r[li] not in rights]),
        "rightsemi": (other.columns, [r for r in other.rows if r[ri] in lefts]),
        "rightanti": (other.columns, [r for r in other.rows if r[ri] not in lefts]),
    }
    if kind in one_sided:
        return head, Table(*one_sided[kind])
    if kind == "innerunique" and len(lefts) < len(table.rows):
        raise Undefined("several left rows with one key")
    rows = [[*a, *b] for a in table.rows for b in other.rows if a[li] == b[ri]]
    if kind in ("leftouter", "fullouter"):
        rows += [[*a, *map(_empty, other.columns)] for a in table.rows if a[li] not in rights]
    if kind in ("rightouter", "fullouter"):
        rows += [[*map(_empty, table.columns), *b] for b in other.rows if b[ri] not in lefts]
    columns = list(table.columns)
    for c in other.columns:
        columns.append(Column(_numbered(c.name, {k.name for k in columns}), c.type))
    return head, Table(columns, rows)


def _numbered(name, taken):
    return name if name not in taken else next(n for n in (f"{name}{i}" for i in range(1, 99)) if n not in taken)


def lookup(rng, table):
    text, other = random_datatable(rng, with_lists=False)
    key = rng.choice(_need([n for n in table.names("string") if n in other.names("string")]))
    kind = rng.choice(["", "kind=leftouter ", "kind=inner "])
    li, ri = table.index(key), other.index(key)
    extra = [i for i in range(len(other.columns)) if i != ri]
    rows = [[*a, *(b[i] for i in extra)] for a in table.rows for b in other.rows if a[li] == b[ri]]
    if kind != "kind=inner ":
        keys = {b[ri] for b in other.rows}
        rows += [[*a, *(_empty(other.columns[i]) for i in extra)] for a in table.rows if a[li] not in keys]
    columns = list(table.columns)
    for i in extra:
        columns.append(Column(_numbered(other.columns[i].name, {c.name for c in columns}), other.columns[i].type))
    return f"lookup {kind}({text}) on {key}", Table(columns, rows)


STEPS = [
    where,
    where,
    extend,
    extend,
    extend,
    project,
    project_away,
    rename,
    distinct,
    count,
    first_rows,
    mv_expand,
    mv_expand,
    union,
    union,
    join,
    join,
    join,
    lookup,
    summarize,
    summarize,
    summarize,
]
