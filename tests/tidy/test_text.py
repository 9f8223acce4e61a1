"""What may not stand in any file: a machine's own paths and hosts, put-off work, documents that a reader does not have."""

import re

import pytest
from source_tree import ROOT, files, place, text

# The classes of one letter keep these lines from finding themselves.
RULES = {
    "a path of one machine": re.compile(r"/(w[o]rk|f[a]rm|r[o]ot|h[o]me)/[A-Za-z.]"),
    "a registry's host": re.compile(r"p[y]pi\.org|pyth[o]nhosted|npmj[s]\.(org|com)|d[e]b\.debian|m[a]ven\.org|crat[e]s\.io"),
    "work put off": re.compile(r"\b(T[O]DO|FIX[M]E|X[X]X|HA[C]K)\b"),
    "a document that is not here": re.compile(r"\u00a7|\b[Tt]h(e|is) iss[u]e\b|\(iss[u]e\b|\b(design|style)[.]md\b"),
    "a trace of merging": re.compile(r"^(<{7}|>{7}) "),
}
# Lock files hold hashes only; golden files and fixtures quote what others wrote.
QUOTING = (".lock", ".jsonl", ".svg", ".png", ".parquet", ".arrow", ".csv", ".bin")

# What a hostile script tries to read is no path that we rely on.
HOSTILE = ROOT / "tests" / "programs"


@pytest.mark.parametrize("rule", RULES)
def test_no_file_holds(rule):
    found = []
    for path in files():
        if path.suffix in QUOTING or "seeds" in path.parts:
            continue
        for number, line in enumerate(text(path).splitlines(), start=1):
            if RULES[rule].search(line) and not (rule == "a path of one machine" and HOSTILE in path.parents):
                found.append(f"{place(path, number)}: {line.strip()[:100]}")
    assert not found, "\n" + "\n".join(found)


def test_text_files_end_with_one_newline():
    wrong = []
    for path in files():
        if path.suffix in {".h", ".cpp", ".c", ".py", ".md", ".cmake", ".txt", ".toml", ".json"} and "seeds" not in path.parts:
            content = text(path)
            if content and (not content.endswith("\n") or content.endswith("\n\n")):
                wrong.append(place(path))
    assert not wrong, "\n" + "\n".join(wrong)
