"""Paths in small graphs, by trying all of them: graph-match of fixed and variable length, and shortest paths.

Source: KQL reference, the pages of the graph operators. Cycles say whether a path may come back to a node, or use an edge again.
"""

import itertools

from random_queries.tables import Column, Table
from random_queries.values import Undefined

NODES = ["a", "b", "c", "d", "e"]


def _graph(rng):
    edges = [(rng.choice(NODES), rng.choice(NODES), rng.randint(1, 9)) for _ in range(rng.choice([0, 2, 4, 6]))]
    listed = ", ".join(f'"{s}", "{t}", {w}' for s, t, w in edges)
    nodes = ", ".join(f'"{n}", {i}' for i, n in enumerate(NODES))
    text = (
        f"datatable(s: string, t: string, w: long)[{listed}]\n"
        f"| make-graph s --> t with (datatable(n: string, v: long)[{nodes}]) on n"
    )
    return text, edges, {n: i for i, n in enumerate(NODES)}


def _trails(edges, start, least, most, cycles="unique_edges"):
    """All walks over edges that the kind of cycles allows, each as the list of their numbers."""
    found = []

    def go(node, used, seen):
        if least <= len(used) <= most:
            found.append(used)
        if len(used) < most:
            for i, (source, target, _) in enumerate(edges):
                if source != node or (cycles == "unique_edges" and i in used) or (cycles == "none" and target in seen):
                    continue
                go(target, [*used, i], {*seen, target})

    go(start, [], {start})
    return found


def _end(edges, trail, start):
    return edges[trail[-1]][1] if trail else start


def one_edge(rng):
    text, edges, number = _graph(rng)
    least = rng.choice([0, 3, 6])
    arrow = rng.choice(["(x)-[e]->(y)", "(y)<-[e]-(x)"])
    rows = [[s, t, w] for s, t, w in edges if w > least and number[s] != number[t]]
    query = f"{text}\n| graph-match {arrow} where e.w > {least} and x.v != y.v project x = x.n, y = y.n, w = e.w"
    return query, Table([Column("x", "string"), Column("y", "string"), Column("w", "long")], rows)


def two_edges(rng):
    text, edges, _ = _graph(rng)
    rows = [[a[0], a[1], b[1], a[2] + b[2]] for a, b in itertools.permutations(edges, 2) if a[1] == b[0]]
    if len({tuple(e) for e in edges}) < len(edges) or any(e[0] == e[1] for e in edges):
        raise Undefined("edges that are alike, or loops")
    if any(a[0] == b[1] for a, b in itertools.permutations(edges, 2) if a[1] == b[0]):
        raise Undefined("cycles, which depend on the kind of cycles")
    query = f"{text}\n| graph-match (x)-[e]->(y)-[f]->(z) project x = x.n, y = y.n, z = z.n, w = e.w + f.w"
    return query, Table([Column("x", "string"), Column("y", "string"), Column("z", "string"), Column("w", "long")], rows)


def variable_length(rng):
    text, edges, _ = _graph(rng)
    least, most = rng.choice([(1, 1), (1, 2), (2, 3), (1, 3)])
    cycles = rng.choice(["", "unique_edges", "all", "none"])
    rows = []
    for start in NODES:
        for trail in _trails(edges, start, least, most, cycles or "unique_edges"):
            rows.append([start, _end(edges, trail, start), len(trail), sum(edges[i][2] for i in trail)])
    query = (
        f"{text}\n| graph-match {f'cycles={cycles} ' if cycles else ''}(x)-[p*{least}..{most}]->(y) project x = x.n, y = y.n, "
        "list = map(p, w)\n| project x, y, hops = array_length(list), w = tolong(array_sum(list))"
    )
    return query, Table([Column("x", "string"), Column("y", "string"), Column("hops", "long"), Column("w", "long")], rows)


def shortest(rng):
    text, edges, _ = _graph(rng)
    start, most = rng.choice(NODES), rng.choice([2, 4])
    rows = []
    for target in NODES:
        lengths = [len(trail) for trail in _trails(edges, start, 1, most) if _end(edges, trail, start) == target]
        if lengths and target != start:
            rows.append([target, min(lengths)])
    query = (
        f"{text}\n| graph-shortest-paths (x)-[p*1..{most}]->(y) where x.n == '{start}' and y.n != '{start}' "
        "project y = y.n, list = map(p, w)\n| project y, hops = array_length(list)"
    )
    return query, Table([Column("y", "string"), Column("hops", "long")], rows)


def edges_as_table(rng):
    text, edges, _ = _graph(rng)
    return f"{text}\n| graph-to-table edges", Table(
        [Column("s", "string"), Column("t", "string"), Column("w", "long")], [list(e) for e in edges]
    )


SOURCES = [one_edge, two_edges, variable_length, variable_length, shortest, edges_as_table]
