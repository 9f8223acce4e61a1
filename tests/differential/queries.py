"""All queries of a run, from a seed: calls of every function, pipelines of every operator, and wrong ones made of both."""

from __future__ import annotations

import collections
import hashlib
import json
import math
import pathlib
import random
from dataclasses import dataclass

import judges
from calls import Calls
from mutations import mutated
from pipelines import Pipelines
from symbols import Symbol, read_symbols

HERE = pathlib.Path(__file__).resolve().parent
ACCEPTED_MIN = 20  # calls of each function
TRIES_MAX = 12  # rounds of as many candidates, for functions that are hard to call right
PIPELINES_EACH = 150  # queries for each operator
INVALID_PART = 0.25
QUERIES_MIN = 20_000


@dataclass(frozen=True)
class Case:
    subject: str
    query: str


def accepted_calls(symbols: list[Symbol], seed: int) -> tuple[list[tuple[Case, dict]], list[tuple[Case, dict]]]:
    """Calls that the service takes, enough of each symbol, and those it refused while we tried."""
    makers = {symbol.subject: Calls(random.Random(f"{seed} {symbol.subject}")) for symbol in symbols}
    accepted: dict[str, list[tuple[Case, dict]]] = {symbol.subject: [] for symbol in symbols}
    refused: list[tuple[Case, dict]] = []
    seen: set[str] = set()
    for _ in range(TRIES_MAX):
        cases = []
        for symbol in symbols:
            for _ in range(ACCEPTED_MIN + 5 if len(accepted[symbol.subject]) < ACCEPTED_MIN else 0):
                query = makers[symbol.subject].query(symbol)
                if query not in seen:
                    seen.add(query)
                    cases.append(Case(symbol.subject, query))
        if not cases:
            break
        for case, answer in zip(cases, judges.ask_service([case.query for case in cases]), strict=True):
            if not answer["errors"]:
                accepted[case.subject].append((case, answer))
            elif len(refused) < 1500:
                refused.append((case, answer))
    chosen = [pair for pairs in accepted.values() for pair in pairs[: ACCEPTED_MIN + 5]]
    return chosen, refused


def wrong_ones(made: list[tuple[Case, dict]], rng: random.Random) -> list[tuple[Case, dict]]:
    """Right queries made wrong: as many as make a quarter of each subject's, and of all."""
    right: dict[str, list[Case]] = {}
    for case, answer in made:
        if not answer["errors"]:
            right.setdefault(case.subject, []).append(case)
    wrong = collections.Counter(case.subject for case, answer in made if answer["errors"])
    part = INVALID_PART / (1 - INVALID_PART)
    lacking = {subject: max(0, math.ceil(len(cases) * part) - wrong[subject]) for subject, cases in right.items()}
    enough = max(0, QUERIES_MIN - len(made) - sum(lacking.values()))
    for subject in rng.choices(list(right), k=enough):
        lacking[subject] += 1
    found: list[tuple[Case, dict]] = []
    for _ in range(TRIES_MAX):
        batch = [
            Case(subject, mutated(rng.choice(right[subject]).query, rng))
            for subject, count in lacking.items()
            for _ in range(count + 1 if count else 0)
        ]
        for case, answer in zip(batch, judges.ask_service([case.query for case in batch]), strict=True):
            if answer["errors"] and lacking[case.subject] > 0:
                found.append((case, answer))
                lacking[case.subject] -= 1
    return found


def generated(seed: int) -> list[tuple[Case, dict]]:
    """All queries with what the service says of them: the same for the same seed and version of the service."""
    symbols = [symbol for symbol in read_symbols(judges.listed_symbols()) if symbol.subject != "graph"]
    made, refused = accepted_calls(symbols, seed)
    rng = random.Random(f"{seed} pipelines")
    pipelines = Pipelines(rng)
    cases = [
        Case(f"{operator} (operator)", pipelines.query(operator)) for operator in pipelines.steps for _ in range(PIPELINES_EACH)
    ]
    cases = list(dict.fromkeys(cases))
    made += zip(cases, judges.ask_service([case.query for case in cases]), strict=True)
    made += refused
    made += wrong_ones(made, random.Random(f"{seed} mutations"))
    return made


def remembered(seed: int) -> list[tuple[Case, dict]]:
    """generated(), kept in the build folder for as long as nothing of it changes: the service takes its time."""
    sources = [*sorted(HERE.glob("*.py")), *sorted(HERE.glob("*.js*"))]
    key = hashlib.sha256(
        b"".join(path.read_bytes() for path in sources if path.name not in ("judges.py", "run.py")) + str(seed).encode()
    ).hexdigest()
    kept = judges.ROOT / "build" / "differential" / f"{key[:20]}.json"
    if kept.is_file():
        return [(Case(subject, query), answer) for subject, query, answer in json.loads(kept.read_text())]
    made = generated(seed)
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("*.json"):
        old.unlink()
    part = kept.with_suffix(".part")
    part.write_text(json.dumps([(case.subject, case.query, answer) for case, answer in made]))
    part.rename(kept)
    return made
