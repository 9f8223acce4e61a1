"""Functions and operators of strings. Source: KQL reference, their pages."""

import base64
import hashlib
import ipaddress
import re
import urllib.parse

from random_queries.dynamics import array_of_longs
from random_queries.expressions import MAKERS, Expression, constant, random_expression
from random_queries.functions import Function, register
from random_queries.values import Undefined, terms

PIECES = ["a", "b", "-", "x", "é", "ab", " "]
PATTERNS = ["[a-c]+", "b", r"\w", "[^a]", "x|y", "é$", "^a"]
GROUPED = ["(a)(b)?", "([a-z])(.)", "(é)|(b)", "(.)-(.)"]


def substring(text, start, length=None):
    if start < 0:
        start = max(0, len(text) + start)
    return text[start:] if length is None else text[start : start + max(0, length)]


def indexof(text, piece, start=0, length=-1, occurrence=1):
    """Each search looks at so many characters, the second one behind the first match."""
    at = start - 1
    for _ in range(occurrence):
        begin = at + 1
        at = text.find(piece, begin)
        if at < 0 or (length >= 0 and at + len(piece) > begin + length):
            return -1
    return at


def countof(text, piece):
    """Plain matches may overlap."""
    return sum(text.startswith(piece, at) for at in range(len(text)))


def trimmed(pattern, text, start=True, end=True):
    """One match at each end."""
    if start:
        text = re.sub(f"^(?:{pattern})", "", text, count=1)
    return re.sub(f"(?:{pattern})$", "", text, count=1) if end else text


def translate(search, replacement, text):
    made = []
    for c in text:
        at = search.find(c)
        made.append(c if at < 0 else replacement[min(at, len(replacement) - 1)] if replacement else "")
    return "".join(made)


def extract(pattern, group, text):
    found = re.search(pattern, text)
    return (found[group] or "") if found else ""


def extract_all(pattern, text):
    matches = [m.group(0) if not m.re.groups else list(m.groups("")) for m in re.finditer(pattern, text) if m.group(0)]
    return [m[0] if isinstance(m, list) and len(m) == 1 else m for m in matches] or None


def replace_strings(text, searched, replaced):
    """One pair after the other."""
    for old, new in zip(searched, replaced, strict=True):
        text = text.replace(old, new)
    return text


def _number_of(address):
    return int(ipaddress.IPv4Address(address))


def compared(a, b, prefix=32):
    a, b = (_number_of(x) >> (32 - prefix) for x in (a, b))
    return (a > b) - (a < b)


def _strcmp(a, b):
    return (a.encode() > b.encode()) - (a.encode() < b.encode())


def _strcat_delim(delimiter, *parts):
    return delimiter.join(parts)


def _has_any(text, words):
    return any(word.lower() in terms(text) for word in words)


def _has_all(text, words):
    return all(word.lower() in terms(text) for word in words)


def _last_term_ends(text, word):
    return any(term.endswith(word.lower()) for term in terms(text))


def _first_term_starts(text, word):
    return any(term.startswith(word.lower()) for term in terms(text))


def _url_encoded(text):
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), urllib.parse.quote(text, safe=""))


def _has_address(text, address):
    return re.search(rf"(?<![\w.]){re.escape(address)}(?![\w.])", text) is not None


WORDS = ["ab", "zebra", "né", "b", "x", "Ab"]
ADDRESSES = ["10.0.0.1", "192.168.1.255", "0.0.0.0", "172.32.0.1", "8.8.4.4", "127.0.0.1"]
OPERATORS = {
    "hasprefix": _first_term_starts,
    "!hasprefix": lambda a, b: not _first_term_starts(a, b),
    "hassuffix": _last_term_ends,
    "!hassuffix": lambda a, b: not _last_term_ends(a, b),
    "has_cs": lambda a, b: b in re.findall(r"\w+", a),
    "!contains_cs": lambda a, b: b not in a,
    "startswith_cs": lambda a, b: a.startswith(b),
    "!startswith": lambda a, b: not a.lower().startswith(b.lower()),
    "!endswith": lambda a, b: not a.lower().endswith(b.lower()),
    "!endswith_cs": lambda a, b: not a.endswith(b),
}


def _operator(rng, table, depth):
    symbol = rng.choice(list(OPERATORS))
    a, b = random_expression(rng, table, "string", depth), constant(rng.choice(WORDS), "string")
    return Expression(f"({a.text} {symbol} {b.text})", "bool", lambda row: OPERATORS[symbol](a.evaluate(row), b.evaluate(row)))


def _matches(rng, table, depth):
    a, pattern = random_expression(rng, table, "string", depth), rng.choice(PATTERNS)
    return Expression(
        f'({a.text} matches regex @"{pattern}")', "bool", lambda row: re.search(pattern, a.evaluate(row)) is not None
    )


def _in_folded(rng, table, depth):
    a, words = random_expression(rng, table, "string", depth), rng.sample(WORDS, 2)
    symbol = rng.choice(["in~", "!in~"])
    listed = ", ".join(f'"{w}"' for w in words)
    return Expression(
        f"({a.text} {symbol} ({listed}))",
        "bool",
        lambda row: (a.evaluate(row).lower() in [w.lower() for w in words]) == (symbol == "in~"),
    )


def _has_of(name, judge):
    def make(rng, table, depth):
        a, words = random_expression(rng, table, "string", depth), rng.sample(WORDS, 2)
        return Expression(f'({a.text} {name} ("{words[0]}", "{words[1]}"))', "bool", lambda row: judge(a.evaluate(row), words))

    return make


MAKERS["bool"] += [_operator, _operator, _matches, _in_folded, _has_of("has_any", _has_any), _has_of("has_all", _has_all)]

RAW = "{name}({arguments})"
ROWS = [
    Function("split", "dynamic", ["string", PIECES], lambda s, d: s.split(d)),
    Function("substring", "string", ["string", [-3, -1, 0, 1, 4]], substring),
    Function("substring", "string", ["string", [-2, 0, 1], [0, 1, 2, 9]], substring),
    Function("indexof", "long", ["string", PIECES], indexof),
    Function("indexof", "long", ["string", ["a", "b", "-"], [0, 1], [-1, 2], [1, 2]], indexof),
    Function("countof", "long", ["string", ["a", "aa", "b", "é"]], countof),
    Function("countof", "long", ["string", ["[ab]", "a+", "x-y"], ["regex"]], lambda s, p, _: len(re.findall(p, s))),
    Function("trim", "string", [["a", "[-x]+", "é", "b+"], "string"], trimmed),
    Function("trim_start", "string", [["a", "[-xA]+", "é"], "string"], lambda p, s: trimmed(p, s, end=False)),
    Function("trim_end", "string", [["b", "[-y]+", "é"], "string"], lambda p, s: trimmed(p, s, start=False)),
    Function("translate", "string", [["ab", "éx", "-"], ["12", "z", ""], "string"], translate),
    Function("replace_string", "string", ["string", PIECES, ["", "Q", "aa"]], lambda s, a, b: s.replace(a, b)),
    Function("replace_regex", "string", ["string", ["[ab]+", "é", "-."], ["", "<>"]], lambda s, p, r: re.sub(p, r, s)),
    Function("replace_strings", "string", ["string", [["a", "b"]], [["x", ""], ["1", "2"]]], replace_strings),
    Function("extract", "string", [GROUPED, [0, 1, 2], "string"], extract),
    Function("extract_all", "dynamic", [["([a-z])", "([a-z])(.)", "(b)|(é)"], "string"], extract_all),
    Function("reverse", "string", ["string"], lambda s: s[::-1]),
    Function("strrep", "string", ["string", [0, 1, 3], ["", "-"]], lambda s, n, d: d.join([s] * n)),
    Function("string_size", "long", ["string"], lambda s: len(s.encode())),
    Function("strcmp", "long", ["string", "string"], _strcmp, text="tolong({name}({arguments}))"),
    Function("strcat_delim", "string", [["", "-", ", "], "string", "string", "string"], _strcat_delim),
    Function("base64_encode_tostring", "string", ["string"], lambda s: base64.b64encode(s.encode()).decode()),
    Function("base64_decode_tostring", "string", ["string"], lambda s: s, text="{name}(base64_encode_tostring({arguments}))"),
    Function("url_encode_component", "string", ["string"], _url_encoded),
    Function("url_decode", "string", ["string"], lambda s: s, text="{name}(url_encode_component({arguments}))"),
    Function("hash_md5", "string", ["string"], lambda s: hashlib.md5(s.encode()).hexdigest()),  # noqa: S324
    Function("hash_sha1", "string", ["string"], lambda s: hashlib.sha1(s.encode()).hexdigest()),  # noqa: S324
    Function("hash_sha256", "string", ["string"], lambda s: hashlib.sha256(s.encode()).hexdigest()),
    Function("unicode_codepoints_from_string", "dynamic", ["string"], lambda s: [ord(c) for c in s]),
    Function("strcat_array", "string", [array_of_longs, ["", "->"]], None),
    Function("isascii", "bool", ["string"], str.isascii),
    Function("isutf8", "bool", ["string"], lambda s: True),
    Function("tohex", "string", ["long"], lambda n: "" if n is None else f"{n % 2**64:x}"),
    Function("has_ipv4", "bool", ["string", ADDRESSES], _has_address),
    Function("parse_ipv4", "long", [ADDRESSES], _number_of),
    Function("format_ipv4", "string", [[0, 167772161, 4294967295]], lambda n: str(ipaddress.IPv4Address(n))),
    Function("ipv4_compare", "long", [ADDRESSES, ADDRESSES, [32, 8, 24, 1]], compared),
    Function("ipv4_is_private", "bool", [ADDRESSES], lambda a: a.startswith(("10.", "192.168."))),
    Function("ipv4_is_match", "bool", [ADDRESSES, ADDRESSES, [8, 16]], lambda a, b, p: compared(a, b, p) == 0),
    Function("toint", "long", [["12", "-7", "0x1f", "a", "", "3000000000"]],
             lambda s: {"12": 12, "-7": -7, "0x1f": 31}.get(s), text="tolong({name}({arguments}))"),
    Function("tolong", "long", [["12", "-7", "0x1f", "a", "", "3000000000"]],
             lambda s: {"12": 12, "-7": -7, "0x1f": 31, "3000000000": 3000000000}.get(s)),
    Function("tobool", "bool", [["true", "False", "1", "0", "no", ""]],
             lambda s: {"true": True, "False": False, "1": True, "0": False}.get(s)),
]  # fmt: skip


def _joined(items, delimiter):
    if not isinstance(items, list):
        raise Undefined("no array")
    if any(item is None or isinstance(item, list | dict | float | bool) for item in items):
        raise Undefined("the text of what is no string")
    return delimiter.join(map(str, items))


next(row for row in ROWS if row.name == "strcat_array").compute = _joined
register(ROWS)
