"""The functions library of the documentation: each of its self-contained examples runs in the default image or in that of
examples/images/pandas-1.txt, and gives what is printed, where something is.

The examples are those of the conformance cases, which lie beside this checkout; where not, this file is not collected.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from image_store import UV, Images
from wardian_program import CASES, ROOT, PipeProgram

EXAMPLES = {
    case["id"].split("/")[-1]: case
    for case in map(json.loads, (CASES / "python_plugin.jsonl").read_text(encoding="utf-8").splitlines())
    if case["self_contained"]
}
# With reasons in examples/images/README.md.
OF_PANDAS_1 = {"kmeans-fl#3"}
OTHERWISE_PRINTED = {"mann-whitney-u-test-fl#3"}


def matches(case: dict[str, Any], answer: dict[str, Any]) -> tuple[bool, str]:
    """The cases' own comparison."""
    spec = importlib.util.spec_from_file_location("compare", CASES / "compare.py")
    assert spec is not None and spec.loader is not None
    compare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compare)
    return compare.match(case, answer["columns"], answer["rows"])


@pytest.fixture(scope="module")
def pandas_1(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipeProgram]:
    """The program with the image that one command makes."""
    images = Images(tmp_path_factory.mktemp("library"))
    requirements = ROOT / "examples" / "images" / "pandas-1.txt"
    done = images.image("create", "pandas-1", "-r", requirements, "--installer", UV)
    assert done.returncode == 0, done.stderr
    program = PipeProgram("--image", "pandas-1", "--sandbox-time", "120s", env=images.environment)
    yield program
    program.close()


PROGRAM_WORDS = ("--sandbox-time", "120s")


def test_there_are_as_many_as_there_were() -> None:
    assert len(EXAMPLES) >= 7
    assert set(EXAMPLES) >= OF_PANDAS_1 | OTHERWISE_PRINTED


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - OTHERWISE_PRINTED))
def test_in_the_image_of_pandas_1(name: str, pandas_1: PipeProgram) -> None:
    judge(EXAMPLES[name], pandas_1)


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - OTHERWISE_PRINTED - OF_PANDAS_1))
def test_in_the_default_image(name: str, wardian: PipeProgram) -> None:
    judge(EXAMPLES[name], wardian)


def judge(case: dict[str, Any], program: PipeProgram) -> None:
    answer = program.ask(case["query"])
    assert "error" not in answer, answer["error"]
    assert answer["rows"]
    if case["rows"] is not None:
        ok, why = matches(case, answer)
        assert ok, why


def test_of_the_u_test_the_statistic_is_as_printed_and_the_p_value_exact(wardian: PipeProgram, pandas_1: PipeProgram) -> None:
    """Printed is the normal approximation of one side, the default of SciPy before 1.7, which has no wheels for CPython 3.10.
    Since then the default is the exact p-value of both sides (release notes of SciPy 1.7.0): twice the share of the arrangements
    of the ranks that give as small a U; of six ranks two, then one in comb(6, 3), of eight one in comb(8, 4)."""
    case = EXAMPLES["mann-whitney-u-test-fl#3"]
    exact = [2 * 2 / math.comb(6, 3), 2 / math.comb(6, 3), 2 / math.comb(8, 4)]
    for program in (wardian, pandas_1):
        answer = program.ask(case["query"])
        assert answer["columns"] == case["columns"]
        assert [row[3] for row in answer["rows"]] == [float(row[3]) for row in case["rows"]]
        assert [row[4] for row in answer["rows"]] == pytest.approx(exact, rel=1e-12)
