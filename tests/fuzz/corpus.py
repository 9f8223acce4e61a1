#!/usr/bin/env python3
"""Writes every query of tests/queries into a folder, a file each, as seeds for the fuzzers of the language.

tests/fuzz/corpus.py FOLDER
"""

from __future__ import annotations

import hashlib
import pathlib
import re
import sys

BLOCK = re.compile(r"^(?:query|error \S+ at \S+)\n(.*?)\n----$", re.DOTALL | re.MULTILINE)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted((pathlib.Path(__file__).parents[1] / "queries").rglob("*.test")):
        for query in BLOCK.findall(file.read_text(encoding="utf-8")):
            if len(query) < 4096:  # a longer one is slow, and has nothing that others lack
                (folder / hashlib.sha1(query.encode(), usedforsecurity=False).hexdigest()).write_text(query, encoding="utf-8")


if __name__ == "__main__":
    main()
