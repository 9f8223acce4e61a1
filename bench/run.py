#!/usr/bin/env python3
"""Runs the benchmarks and prints each figure beside its peer and its budget.

bench/run.py [--quick] [one_row | five_million_rows | start_time | frame_memory | batches | ending | kql | text_to_sql]…
"""

from __future__ import annotations

import argparse
import importlib
import os
import pathlib
import sys

QUESTIONS = ("start_time", "one_row", "five_million_rows", "frame_memory", "batches", "ending", "kql", "text_to_sql")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("questions", nargs="*", choices=[[], *QUESTIONS], help="all of them when none is named")
    parser.add_argument("--quick", action="store_true", help="shorter samples")
    arguments = parser.parse_args()
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    missed = 0
    for question in arguments.questions or QUESTIONS:
        for figure in importlib.import_module(question).measure(arguments.quick):
            verdict = {True: "holds", False: "MISSED", None: "unknown"}[figure.holds]
            missed += figure.holds is False
            print(
                f"\n{figure.what}\n  ours    {figure.ours}\n  peer    {figure.peer}\n  budget  {figure.budget}: {verdict}",
                flush=True,
            )
    print(f"\n{missed} budgets missed" if missed else "\nall budgets hold")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
