"""Right queries made wrong, in the ways people go wrong. Some stay right; the language service says which."""

from __future__ import annotations

import random
import re

WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
CALL = re.compile(r"\b[a-z_0-9]+\(")
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")


def _swap(text: str, begin: int, end: int, put: str) -> str:
    return text[:begin] + put + text[end:]


def mutated(query: str, rng: random.Random) -> str:
    """The query with one thing about it changed."""
    for _ in range(20):
        made = rng.choice(_MUTATIONS)(query, rng)
        if made != query:
            return made
    return query + " |"


def _other_case(query: str, rng: random.Random) -> str:
    word = rng.choice(list(WORD.finditer(query)))
    return _swap(query, *word.span(), word[0].swapcase() if rng.random() < 0.5 else word[0].capitalize())


def _misspelt(query: str, rng: random.Random) -> str:
    word = rng.choice(list(WORD.finditer(query)))
    at = rng.randrange(len(word[0]))
    put = word[0][:at] + word[0][at + 1 :] if len(word[0]) > 3 and rng.random() < 0.5 else word[0][:at] + "q" + word[0][at:]
    return _swap(query, *word.span(), put)


def _no_pipe(query: str, rng: random.Random) -> str:
    pipes = [match.span() for match in re.finditer(r" \| ", query)]
    return _swap(query, *rng.choice(pipes), " ") if pipes else query


def _argument_gone(query: str, rng: random.Random) -> str:
    commas = [at for at, sign in enumerate(query) if sign == ","]
    if not commas:
        return query
    at = rng.choice(commas)
    end = at + 1
    while end < len(query) and query[end] not in ",)|":
        end += 1
    return _swap(query, at, end, "")


def _argument_more(query: str, rng: random.Random) -> str:
    closed = [at for at, sign in enumerate(query) if sign == ")"]
    return _swap(query, at := rng.choice(closed), at, rng.choice((", 1", ", 'x'", ", 1, 2, 3"))) if closed else query


def _no_arguments(query: str, rng: random.Random) -> str:
    calls = list(CALL.finditer(query))
    if not calls:
        return query
    begin = rng.choice(calls).end()
    depth, end = 1, begin
    while end < len(query) and depth:
        depth += {"(": 1, ")": -1}.get(query[end], 0)
        end += 1
    return _swap(query, begin, end - 1, "")


def _other_type(query: str, rng: random.Random) -> str:
    numbers = list(NUMBER.finditer(query))
    if not numbers:
        return query
    return _swap(query, *rng.choice(numbers).span(), rng.choice(("'text'", "dynamic([1])", "1d", "true", "datetime(2024-01-01)")))


def _bracket_gone(query: str, rng: random.Random) -> str:
    brackets = [at for at, sign in enumerate(query) if sign in "()[]"]
    return _swap(query, at := rng.choice(brackets), at + 1, "") if brackets else query


def _quote_gone(query: str, rng: random.Random) -> str:
    quotes = [at for at, sign in enumerate(query) if sign in "'\""]
    return _swap(query, at := rng.choice(quotes), at + 1, "") if quotes else query


def _one_equals(query: str, rng: random.Random) -> str:
    return query.replace("==", "=", 1)


def _unknown_column(query: str, rng: random.Random) -> str:
    names = [m for m in WORD.finditer(query) if m[0][0].isupper()]
    return _swap(query, *rng.choice(names).span(), rng.choice(("Missing", "NoSuchName"))) if names else query


def _cut(query: str, rng: random.Random) -> str:
    return query[: rng.randrange(len(query) // 2, len(query))].rstrip()


def _twice(query: str, rng: random.Random) -> str:
    words = [m for m in WORD.finditer(query)]
    word = rng.choice(words)
    return _swap(query, word.end(), word.end(), " " + word[0])


def _sql_sign(query: str, rng: random.Random) -> str:
    for old, new in rng.sample(
        (("!=", " is not "), (" and ", " && "), (" or ", " || "), ("==", " is "), (" by ", " group by ")), 5
    ):
        if old in query:
            return query.replace(old, new, 1)
    return query


def _table_for_scalar(query: str, rng: random.Random) -> str:
    names = [m for m in WORD.finditer(query) if m[0] in ("Id", "Kind", "Level", "Score", "Name", "When", "Tags", "Value")]
    return _swap(query, *rng.choice(names).span(), "Users") if names else query


_MUTATIONS = (
    _other_case,
    _misspelt,
    _misspelt,
    _no_pipe,
    _argument_gone,
    _argument_gone,
    _argument_more,
    _no_arguments,
    _other_type,
    _other_type,
    _bracket_gone,
    _quote_gone,
    _one_equals,
    _unknown_column,
    _unknown_column,
    _cut,
    _twice,
    _sql_sign,
    _table_for_scalar,
)
