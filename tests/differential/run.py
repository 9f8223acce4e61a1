#!/usr/bin/env python3
"""Compare the binder with Microsoft's language service over generated queries; see README.md.

    run.py [--seed N] [--show N] [--subject NAME] [--kind KIND] [--out FILE]

Says how far both agree, over all and for each function and operator. Fails where one of them, or the whole, agrees too seldom.
--show prints that many differences (of a subject or kind, if named), --out writes every one as a JSON line.
"""

from __future__ import annotations

import argparse
import collections
import json
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import judges  # noqa: E402
from queries import remembered  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
DIFFERENCES = HERE / "differences.tsv"
# Percent, lasting differences apart.
OVERALL_MIN, EACH_MIN = 99, 95


def listed_differences() -> list[tuple[re.Pattern[str], str]]:
    """Lasting differences: a pattern over `subject: query: kind: why`, and the reason."""
    lines = DIFFERENCES.read_text().splitlines() if DIFFERENCES.is_file() else []
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(re.compile(pattern), reason) for pattern, reason in rows]


def percent(agreed: int, total: int) -> float:
    return round(100 * agreed / total, 1) if total else 100.0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--show", type=int, default=0)
    arguments.add_argument("--subject")
    arguments.add_argument("--kind")
    arguments.add_argument("--out")
    given = arguments.parse_args()

    started = time.monotonic()
    cases = remembered(given.seed)
    asked = time.monotonic()
    answers = judges.ask_wardian([case.query for case, _ in cases])
    ended = time.monotonic()
    differences = listed_differences()
    total, agreed, listed = collections.Counter(), collections.Counter(), collections.Counter()
    kinds, shown = collections.Counter(), 0
    out = open(given.out, "w") if given.out else None  # noqa: SIM115
    for (case, service), ours in zip(cases, answers, strict=True):
        verdict = judges.compared(case.query, service, ours)
        if not verdict.agreed:
            line = f"{case.subject}: {case.query}: {verdict.kind}: {verdict.why}"
            reason = next((reason for pattern, reason in differences if pattern.search(line)), None)
            if out:
                out.write(
                    json.dumps(
                        {"subject": case.subject, "query": case.query, "kind": verdict.kind, "why": verdict.why, "listed": reason}
                    )
                    + "\n"
                )
            if reason is not None:
                listed[reason] += 1
                continue
            kinds[verdict.kind] += 1
            asked_for = given.subject in (None, case.subject) and given.kind in (None, verdict.kind)
            if asked_for and shown < given.show:
                shown += 1
                print(f"--- {case.subject} [{verdict.kind}]\n    {case.query}\n    {verdict.why}")
        total[case.subject] += 1
        agreed[case.subject] += verdict.agreed
    rates = {subject: percent(agreed[subject], total[subject]) for subject in total}
    overall = percent(sum(agreed.values()), sum(total.values()))
    invalid = sum(bool(service["errors"]) for _, service in cases)
    below = sorted((rate, subject) for subject, rate in rates.items() if rate < EACH_MIN)
    print(f"{len(cases)} queries, {invalid} of them invalid; made in {asked - started:.0f} s, checked in {ended - asked:.1f} s")
    print("lasting differences: " + ("; ".join(f"{reason} ({count})" for reason, count in listed.most_common()) or "none"))
    print("differences by kind: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print(
        f"{len(below)} of {len(rates)} functions and operators below {EACH_MIN} %: "
        + ", ".join(f"{subject} {rate:g}" for rate, subject in below)
    )
    print(f"agreement: {overall} %")
    return gates(rates, overall, kinds["crashed"])


def gates(rates: dict[str, float], overall: float, crashed: int) -> int:
    """1 where a name, or the whole, agrees too seldom or a query ends the program."""
    if crashed:
        print(f"crashed: {crashed}")
    return 1 if crashed or overall < OVERALL_MIN or min(rates.values()) < EACH_MIN else 0


if __name__ == "__main__":
    sys.exit(main())
