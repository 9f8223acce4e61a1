"""Random small queries, answered by the program and by plain Python: both must give the same rows.

The queries are fixed by their seeds. WARDIAN_RANDOM_QUERIES=20000 makes as many, WARDIAN_RANDOM_SEED=1234 begins elsewhere;
a failing seed alone: pytest tests/python/test_random_queries.py -k "seed_17".
"""

import json
import os

import pytest
from random_queries import coverage, values
from random_queries.matching import mismatch
from random_queries.queries import random_query
from wardian_program import run

FIRST = int(os.environ.get("WARDIAN_RANDOM_SEED", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("WARDIAN_RANDOM_QUERIES", "3000")))
ANSWER_TIMEOUT_S = 60 + len(SEEDS)


@pytest.fixture(scope="module")
def answers():
    """One process answers all of them, in order."""
    asked = "".join(json.dumps({"id": str(seed), "query": random_query(seed).text}) + "\n" for seed in SEEDS)
    done = run("query", "--jsonl", text=asked, timeout=ANSWER_TIMEOUT_S)
    found = {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}
    assert len(found) == len(SEEDS), f"{len(found)} of {len(SEEDS)} answered; exit {done.returncode}\n{done.stderr[-2000:]}"
    return found


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed_{seed}")
def test_answers_as_plain_python_does(seed, answers):
    query = random_query(seed)
    wrong = mismatch(query, answers[str(seed)])
    assert not wrong, f"{wrong}\n{query.text}"


def test_each_name_is_tried_often_enough():
    """What the README says is covered; of 3,000 queries six at least use each."""
    counted = coverage.uses([random_query(seed).text for seed in range(3000)])
    assert {name: count for name, count in counted.items() if count < 6} == {}


def test_the_evaluator_knows_the_null_rules():
    """Source: KQL reference, null values."""
    assert values.equal(None, None) is None and values.different(None, None) is None
    assert values.equal(None, 1) is False and values.different(1, None) is True
    assert values.add(None, 1) is None and values.less(1, None) is None
    assert values.both(None, False) is False and values.both(None, True) is None
    assert values.either(None, True) is True and values.either(None, False) is None


def test_the_evaluator_knows_integer_arithmetic():
    """Source: KQL reference, numerical operators: division truncates, the modulo is never negative."""
    assert [values.divide(a, b) for a, b in [(7, 2), (-7, 2), (7, -2)]] == [3, -3, -3]
    assert [values.modulo(a, b) for a, b in [(14, 12), (-14, 12), (14, -12), (-14, -12)]] == [2, 10, 2, 10]
    assert [values.rounded_down(v, 5) for v in (7, -7, -5)] == [5, -10, -5]
    assert values.add(values.LONG_MAX, 1) == values.LONG_MIN
