"""Texts with an inner shape: addresses of the web, paths of files, JSON by its paths; and series of numbers side by side.

Source: KQL reference, their pages.
"""

import json

from random_queries.dynamics import array_of_longs
from random_queries.expressions import constant
from random_queries.functions import Function, register
from random_queries.values import Undefined

HOSTS, PLACES, QUERIES = ["example.com", "a.b"], ["", "/x/y", "/x"], ["", "?k=1&m=ab", "?q="]


def _address(rng, table, depth):
    host, place, query = rng.choice(HOSTS), rng.choice(PLACES[1:]), rng.choice(QUERIES)
    user, port, end = rng.choice(["", "u:p@"]), rng.choice(["", ":8080"]), rng.choice(["", "#top"])
    made = constant(f"https://{user}{host}{port}{place}{query}{end}", "string")
    parts = {
        "Scheme": "https", "Host": host, "Port": port[1:], "Path": place, "Username": user[:1], "Password": user[2:3],
        "Query Parameters": dict(pair.split("=") for pair in query[1:].split("&")) if query else {}, "Fragment": end[1:],
    }  # fmt: skip
    made.evaluate = lambda row: parts
    return made


def _path(rng, table, depth):
    folders, file, extension = (
        rng.choice([["tmp"], ["home", "me"], ["a", "b", "c"]]),
        rng.choice(["f", "read me"]),
        rng.choice(["txt", "gz"]),
    )
    made = constant(f"/{'/'.join(folders)}/{file}.{extension}", "string")
    parts = {
        "Scheme": "", "RootPath": "", "DirectoryPath": "/" + "/".join(folders), "DirectoryName": folders[-1],
        "Filename": f"{file}.{extension}", "Extension": extension, "AlternateDataStreamName": "",
    }  # fmt: skip
    made.evaluate = lambda row: parts
    return made


DOCUMENT = {"a": {"b": [1, 2, {"c": "x"}]}, "d": None, "e f": 4}
PATHS = {
    "$.a.b[1]": "2", "$.a.b[2].c": "x", "$['e f']": "4", "$.zz": "", "$.a.b[9]": "", "$.a.b": "[1,2,{\"c\":\"x\"}]",
}  # fmt: skip


def _both(compute):
    def apply(a, b):
        if not a or not b or None in (*a, *b) or max(map(abs, (*a, *b))) > 2**40:
            raise Undefined("series of other lengths, or of large numbers")
        size = max(len(a), len(b))
        pairs = [(a[i] if i < len(a) else None, b[i] if i < len(b) else None) for i in range(size)]
        return [None if x is None or y is None else compute(x, y) for x, y in pairs]

    return apply


def _of_numbers(compute):
    def apply(a):
        if not a or None in a or max(map(abs, a)) > 2**30:
            raise Undefined("a series with nulls, or of large numbers")
        return compute(a)

    return apply


def _product(numbers):
    made = 1
    for number in numbers:
        made *= number
    if abs(made) > 2**50:
        raise Undefined("a product that rounds")
    return float(made)


def _filled(numbers, value):
    return [value if n is None else n for n in numbers]


def _dot(a, b):
    if len(a) != len(b) or not a or None in (*a, *b) or max(map(abs, (*a, *b))) > 2**20:
        raise Undefined("series of other lengths, or of large numbers")
    return float(sum(x * y for x, y in zip(a, b, strict=True)))


SERIES = [array_of_longs, array_of_longs]
ROWS = [
    Function("parse_url", "dynamic", [_address], lambda parts: parts),
    Function("parse_path", "dynamic", [_path], lambda parts: parts),
    Function("extract_json", "string", [list(PATHS), [json.dumps(DOCUMENT).replace('"', "'")]], lambda path, text: PATHS[path]),
    Function("parse_urlquery", "dynamic", [["k=1&m=ab", "q="]],
             lambda s: {"Query Parameters": dict(pair.split("=") for pair in s.split("&"))}),
    Function("treepath", "dynamic", [[{"a": {"b": 1}, "c": 5}]], lambda d: ["['a']", "['a']['b']", "['c']"],
             text="array_sort_asc({name}({arguments}))"),
    Function("series_add", "dynamic", SERIES, _both(lambda x, y: x + y)),
    Function("series_subtract", "dynamic", SERIES, _both(lambda x, y: x - y)),
    Function("series_multiply", "dynamic", SERIES, _both(lambda x, y: x * y)),
    Function("series_greater", "dynamic", SERIES, _both(lambda x, y: x > y)),
    Function("series_equals", "dynamic", SERIES, _both(lambda x, y: x == y)),
    Function("series_less_equals", "dynamic", SERIES, _both(lambda x, y: x <= y)),
    Function("series_abs", "dynamic", [array_of_longs], _of_numbers(lambda a: [abs(n) for n in a])),
    Function("series_sign", "dynamic", [array_of_longs], _of_numbers(lambda a: [(n > 0) - (n < 0) for n in a])),
    Function("series_sum", "real", [array_of_longs], _of_numbers(lambda a: float(sum(a)))),
    Function("series_product", "real", [array_of_longs], _of_numbers(_product)),
    Function("series_dot_product", "real", SERIES, _dot),
    Function("series_fill_const", "dynamic", [[[1, None, 3], [None, None]], [0, 7]], _filled),
    Function("series_fill_forward", "dynamic", [[[None, 1, None, 3, None]]], lambda a: [None, 1, 1, 3, 3]),
    Function("series_fill_backward", "dynamic", [[[None, 1, None, 3, None]]], lambda a: [1, 1, 3, 3, None]),
]  # fmt: skip


register(ROWS)
