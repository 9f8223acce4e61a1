#!/usr/bin/env python3
"""Compare the binder with Microsoft's language service over generated queries; see README.md.

    run.py [--seed N] [--show N] [--subject NAME] [--kind KIND] [--update] [--out FILE]

Says how far both agree, over all and for each function and operator. Fails where a gate does not hold. --show prints that
many differences (of a subject or kind, if named), --out writes every one as a JSON line, --update writes the present
state down.
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
STATE = HERE / "state.tsv"
DIFFERENCES = HERE / "differences.tsv"
WORSE_SHOWN_MAX = 20


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
    arguments.add_argument("--update", action="store_true")
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
    below = sorted((rate, subject) for subject, rate in rates.items() if rate < 95)
    print(f"{len(cases)} queries, {invalid} of them invalid; made in {asked - started:.0f} s, checked in {ended - asked:.1f} s")
    print("lasting differences: " + ("; ".join(f"{reason} ({count})" for reason, count in listed.most_common()) or "none"))
    print("differences by kind: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print(
        f"{len(below)} of {len(rates)} functions and operators below 95 %: "
        + ", ".join(f"{subject} {rate:g}" for rate, subject in below)
    )
    print(f"agreement: {overall} %")
    return gates(rates, overall, kinds["crashed"], given.update)


def gates(rates: dict[str, float], overall: float, crashed: int, update: bool) -> int:
    """The state may only improve; --update writes it down."""
    before = {}
    if STATE.is_file():
        before = {
            name: float(rate) for name, rate in (line.split("\t") for line in STATE.read_text().splitlines() if line[0] != "#")
        }
    now = {"overall": overall, **dict(sorted(rates.items()))}
    if update:
        lines = ["# How far the binder and the language service agree, in percent; written by run.py --update. Absent: wholly."]
        STATE.write_text("\n".join(lines + [f"{name}\t{rate:g}" for name, rate in now.items() if rate < 100]) + "\n")
        return 0
    worse = [f"{name}: {now[name]} %, was {before.get(name, 100.0)} %" for name in now if now[name] < before.get(name, 100.0)]
    for line in worse[:WORSE_SHOWN_MAX]:
        print(f"worse than before: {line}")
    if len(worse) > WORSE_SHOWN_MAX:
        print(f"worse than before: {len(worse) - WORSE_SHOWN_MAX} more")
    if crashed:
        print(f"crashed: {crashed}")
    return 1 if worse or crashed else 0


if __name__ == "__main__":
    sys.exit(main())
