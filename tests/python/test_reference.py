"""The reference and the coverage report: every documented name is accounted for, every page has an example that runs."""

import functools
import sys

from wardian_program import ROOT

sys.path.insert(0, str(ROOT / "tools" / "reference_pages"))
import golden_examples  # noqa: E402
import write_pages  # noqa: E402

# Their answer is no table, or several; or the query needs a permission.
WITHOUT_ANSWER = {
    *(("operator", name) for name in ("consume", "externaldata", "inline_external_table", "facet", "fork")),
    *(("plugin", name) for name in ("funnel_sequence", "preview")),
    *(("plugin", name) for name in ("infer_storage_schema", "infer_storage_schema_with_suggestions")),
}

# They are known but always refuse: a database here keeps nothing of that kind, and queries ask no other service.
ALWAYS_REFUSED = {
    *(("function", name) for name in ("entity_group", "external_table", "graph", "materialized_view", "stored_query_result")),
    *(("plugin", name) for name in ("ai_embed_text", "csharp", "dax_request", "execute_query", "execute_show_command", "r")),
}


@functools.cache
def entries():
    return write_pages.entries()


def test_no_documented_name_is_silently_missing():
    found = write_pages.states({(entry.kind, entry.name) for entry in entries() if entry.built})
    assert [key for key, state in found.items() if state == "silently missing"] == []


def test_declined_and_missing_names_are_documented_ones():
    names = {tuple(row) for row in write_pages.rows_of("names.tsv")}
    listed = [row for file in ("declined.tsv", "missing.tsv") for row in write_pages.rows_of(file)]
    assert [row for row in listed if tuple(row[:2]) not in names] == []


def test_every_page_has_an_example():
    without = WITHOUT_ANSWER | ALWAYS_REFUSED | {(kind, name) for kind, name, _ in write_pages.rows_of("declined.tsv")}
    shown = [entry for entry in entries() if entry.built and (entry.kind, entry.name) not in without]
    assert [f"{e.kind} {e.name}" for e in shown if golden_examples.example_of(e.kind, e.name) is None] == []


def test_every_page_has_a_file_of_its_own():
    pages = [(write_pages.FOLDERS[entry.kind], entry.page) for entry in entries()]
    assert [page for page in pages if pages.count(page) > 1] == []
