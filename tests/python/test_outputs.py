"""What scripts leave beside their rows: pictures, pages, files and blobs, through the program."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree

import pytest
from outputs_of import DRAWING, kinds, outputs
from PIL import Image
from python_queries import SHARES, batched, one_row, python
from wardian_program import PipeProgram, run

# --- pictures -------------------------------------------------------------------------------------------------------------


def test_a_figure_left_open_is_the_plot_that_was_drawn(wardian):
    left = outputs(wardian, one_row(DRAWING))
    assert {name: (output["kind"], output["type"]) for name, output in left.items()} == {"figure_1.png": ("picture", "image/png")}
    picture = Image.open(io.BytesIO(left["figure_1.png"]["content"])).convert("RGB")
    assert picture.size == (400, 300)
    # The line goes from the lower left corner to the upper right one; beside it there is nothing.
    for x, y in ((20, 285), (200, 150), (380, 15)):
        assert picture.getpixel((x, y)) == (255, 0, 0)
    for x, y in ((20, 15), (380, 285), (100, 150)):
        assert picture.getpixel((x, y)) == (255, 255, 255)
    red = {color: count for count, color in picture.getcolors(400 * 300)}[255, 0, 0]
    # 500 points long, 4 points of 1/72 inch wide: 5.6 pixels.
    assert 500 * 4 < red < 500 * 7


def test_figures_have_the_names_of_their_labels_and_closed_ones_none(wardian):
    script = """
import matplotlib.pyplot as plt
for label in ("costs", "../a/b\\x1b[31m", "žluť"):
    plt.figure(label)
    plt.plot([1, len(label)])
plt.figure("gone")
plt.close()
"""
    assert kinds(outputs(wardian, one_row(script))) == {
        "costs.png": "picture",
        "_a_b_[31m.png": "picture",
        "žluť.png": "picture",
    }


def test_pictures_in_the_working_folder(wardian):
    script = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([3, 1, 2])
figure.savefig("plot.png")           # and stays open: the same picture, which comes once
figure.savefig("drawing.SVG", format="svg")
figure.savefig("note.pdf")           # no picture, and not in outputs/
open("cut.png", "wb").write(open("plot.png", "rb").read()[:-20])
open("no.svg", "w").write("<html><svg/></html>")
"""
    left = outputs(wardian, one_row(script))
    assert {name: (output["kind"], output["type"]) for name, output in left.items()} == {
        "plot.png": ("picture", "image/png"),
        "drawing.SVG": ("picture", "image/svg+xml"),
        "cut.png": ("file", "application/octet-stream"),
        "no.svg": ("page", "text/html"),
    }
    assert xml.etree.ElementTree.fromstring(left["drawing.SVG"]["content"]).tag == "{http://www.w3.org/2000/svg}svg"


def test_figures_of_plotly_are_pages_that_need_nothing_else(wardian):
    script = """
import plotly.express as px
import plotly.graph_objects as go
named = px.line(x=[1, 2], y=[3, 4], title="named one")
go.Figure(go.Bar(y=[5], name="shown bar")).show()
same = named
again = go.Figure(go.Bar(y=[6], name="first")); again.show()
again.data[0].name = "second"; again.show()
_hidden = go.Figure()
"""
    left = outputs(wardian, one_row(script))
    assert kinds(left) == dict.fromkeys(["plotly_1.html", "again.html", "again-2.html", "named.html"], "page")
    for name, word in (
        ("plotly_1.html", "shown bar"),
        ("again.html", "first"),
        ("again-2.html", "second"),
        ("named.html", "named one"),
    ):
        page = left[name]["content"].decode()
        assert word in page and len(page) > 1_000_000
        assert "<script src=" not in page and "cdn.plot.ly" not in page.split("Plotly.newPlot")[-1]
        assert left[name]["type"] == "text/html"


def test_figures_that_a_script_draws_for_each_batch(wardian):
    """Of variables the last of each name; what is open in matplotlib stays open from batch to batch."""
    script = """
import matplotlib.pyplot as plt
import plotly.graph_objects as go
fig = go.Figure(go.Bar(y=df.x, name=f"up to {df.x.max()}"))
globals()[f"of_{df.x.min()}"] = go.Figure()
plt.figure(f"plot {df.x.min()}")
result = df
"""
    left = outputs(wardian, f"range x from 1 to 4 step 1 | {batched(2, 'typeof(*)', script)}")
    pages = dict.fromkeys(["fig.html", "of_1.html", "of_3.html"], "page")
    assert kinds(left) == pages | dict.fromkeys(["plot 1.png", "plot 3.png"], "picture")
    page = left["fig.html"]["content"].decode()
    assert "up to 4" in page and "up to 2" not in page


def test_a_figure_that_cannot_be_drawn_is_an_error(wardian):
    script = "import matplotlib.pyplot as plt\nplt.figure('formula')\nplt.title(r'$\\frac{1$')"
    error = wardian.error(one_row(script))
    assert error["code"] == "BAD_RESULT"
    assert error["message"].startswith("The figure 'formula' cannot be drawn: ValueError: ")


# --- files ----------------------------------------------------------------------------------------------------------------


def test_files_and_their_folders(wardian):
    script = r"""
import os
os.makedirs("outputs/deep/er")
open("outputs/a.csv", "w").write("x\n1\n")
open("outputs/deep/er/žluť.bin", "wb").write(bytes(range(256)))
open("outputs/deep/empty", "w").close()
os.link("outputs/a.csv", "outputs/deep/also.csv")
os.chdir("/")
"""
    left = outputs(wardian, one_row(script))
    assert {name: output["content"] for name, output in left.items()} == {
        "a.csv": b"x\n1\n",
        "deep/also.csv": b"x\n1\n",
        "deep/empty": b"",
        "deep/er/žluť.bin": bytes(range(256)),
    }
    assert set(kinds(left).values()) == {"file"}


def test_a_script_that_leaves_nothing_has_no_outputs(wardian):
    assert set(wardian.ask(one_row("open('x.csv', 'w').write('1')"))) == {"id", "columns", "types", "rows"}


def test_outputs_of_several_calls_have_names_of_their_own(wardian):
    script = "import pathlib\npathlib.Path('outputs/part.csv').write_text(str(len(df)))\nblobs['b'] = len(df)\nresult = df"
    each = python("typeof(*)", script)
    left = wardian.ask(f"union (print x = 1 | {each}), (range x from 1 to 2 step 1 | {each})")["outputs"]
    assert [(output["name"], output["kind"]) for output in left] == [
        ("part.csv", "file"), ("b", "blob"), ("part-2.csv", "file"), ("b-2", "blob")
    ]  # fmt: skip
    many = "range x from 1 to 100000 step 1 | " + python(
        "typeof(*)",
        "open('outputs/share.txt', 'w').write(str(df['x'].iloc[0]))\nresult = df",
        hint="hint.distribution = per_node",
    )
    shares = outputs(wardian, many)
    assert list(shares) == ["share.txt", *(f"share-{number}.txt" for number in range(2, SHARES + 1))]
    assert len({share["content"] for share in shares.values()}) == SHARES


# --- blobs ----------------------------------------------------------------------------------------------------------------


def test_lines_of_another_script_are_not_those_of_this_one(wardian):
    """A function out of a blob has lines of the script that made it."""
    maker = "\n" * 7 + "def f(x): return 1 / x\nblobs['f'] = f\nresult = df"
    user = "a = 1\nkargs['f'](0)\nresult = df"
    given = "bag_pack('f', blob('f'))"
    error = wardian.error(f"print x = 1 | {python('typeof(*)', maker)} | {python('typeof(*)', user, given)}")
    said = error["message"].splitlines()
    assert (error["code"], said[0]) == ("SCRIPT_ERROR", "The script failed at its line 2: ZeroDivisionError: division by zero")
    assert [line.strip() for line in said if "File" in line or "kargs" in line] == [
        'File "<script>", line 2, in <module>', "kargs['f'](0)", 'File "<another script>", line 8, in f'
    ]  # fmt: skip


def test_more_blobs_than_a_call_can_take(wardian):
    kargs = ", ".join(f"'k{number}', blob('b')" for number in range(65))
    error = wardian.error(f"print x = 1 | {python('typeof(*)', 'result = df', f'bag_pack({kargs})')}")
    assert (error["code"], error["message"]) == ("BAD_ARGUMENT", "kargs has more than 64 blobs")


TRAIN = """
from sklearn.linear_model import LinearRegression
blobs["model"] = LinearRegression().fit(df[["x"]], 3 * df["x"] + 1)
result = df
"""
USE = """
df["y"] = kargs["model"].predict(df[["x"]]).round(6)
result = df
"""


def test_a_model_trained_in_one_query_is_used_in_the_next(database):
    train = "range x from 1 to 10 step 1 | " + python("typeof(*)", TRAIN) + " | count"
    done = run("query", train, "--db", database, "--keep-blobs")
    assert done.returncode == 0, done.stderr
    assert "kept blob model (" in done.stderr
    used = "print x = 20 | " + python("typeof(*, y:real)", USE, "bag_pack('model', blob('model'))")
    done = run("query", used, "--db", database, "--format", "csv")
    assert done.stdout == "x,y\n20,61\n", done.stderr
    # A process that answers many queries finds it as well.
    program = PipeProgram("--db", str(database))
    assert program.rows(used) == [[20, 61]]
    program.close()


def test_a_model_trained_in_one_script_is_used_by_the_next(wardian):
    text = "range x from 1 to 10 step 1 | " + python("typeof(*)", TRAIN) + " | where x == 5 | "
    text += python("typeof(*, y:real)", USE, "bag_pack('model', blob('model'))")
    answer = wardian.ask(text)
    assert answer["rows"] == [[5, 16]]
    assert [(output["name"], output["kind"], output["type"]) for output in answer["outputs"]] == [
        ("model", "blob", "application/x-python-pickle")
    ]


def test_what_comes_out_of_blobs_is_what_went_in(wardian):
    make = """
class Own:
    def __init__(self, value): self.value = value
    def twice(self): return 2 * self.value
blobs["bytes"] = b"raw \\x00\\xff"
blobs["array"] = bytearray(b"")
blobs["view"] = memoryview(b"abcdef")[::2]
blobs["pickle of bytes"] = [b"raw"]
blobs["frame"] = pd.DataFrame({"a": [1, 2]})
blobs["own"] = Own(21)
blobs["function"] = lambda value: value + len(kargs)
result = df
"""
    use = """
assert kargs["b"] == b"raw \\x00\\xff" and type(kargs["b"]) is bytes, kargs["b"]
assert kargs["e"] == b"" and kargs["v"] == b"ace"
assert kargs["p"] == [b"raw"]
assert kargs["f"].equals(pd.DataFrame({"a": [1, 2]}))
assert kargs["o"].twice() == 42
assert kargs["l"](1) == 1
assert kargs["plain"] == "blob('bytes')"
result = df
"""
    bag = (
        "bag_pack('b', blob('bytes'), 'e', blob('array'), 'v', blob('view'), 'p', blob('pickle of bytes'), 'f', blob('frame'), "
        "'o', blob('own'), 'l', blob('function'), 'plain', \"blob('bytes')\")"
    )
    calls = f"{python('typeof(*)', make)} | {python('typeof(*)', use, 'args')}"
    answer = wardian.ask(f"let args = {bag}; print x = 1 | {calls}")
    assert "error" not in answer, answer["error"]
    assert {output["name"]: output["type"].rpartition("/")[2] for output in answer["outputs"]} == {
        "bytes": "octet-stream", "array": "octet-stream", "view": "octet-stream", "pickle of bytes": "x-python-pickle",
        "frame": "x-python-pickle", "own": "x-python-pickle", "function": "x-python-pickle",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("import threading\nblobs['lock'] = threading.Lock()", "The blob 'lock' cannot be pickled: TypeError: cannot pickle"),
        ("blobs[7] = b''", "The name of an output is no text: 7"),
        ("blobs['a/b'] = b''", "The name of a blob holds a slash: 'a/b'"),
        (
            "class Odd:\n    def __reduce__(self): raise KeyError('\\x1b[2J')\nblobs['odd'] = Odd()",
            "The blob 'odd' cannot be pickled: KeyError: ",
        ),
    ],
)
def test_what_is_no_blob_is_refused(wardian, script, message):
    error = wardian.error(one_row(script))
    assert error["code"] == "BAD_RESULT"
    assert error["message"].startswith(message)
    assert "\x1b" not in error["message"]


def test_a_script_with_a_variable_named_blobs_leaves_none(wardian):
    assert outputs(wardian, one_row("blobs = {'a': 1}")) == {}


def test_a_blob_that_cannot_be_opened_is_told_before_the_script_runs(wardian):
    make = "class Bad:\n    def __reduce__(self): return (eval, ('[].pop()',))\nblobs['bad'] = Bad()\nresult = df"
    use = python("typeof(*)", "print('never')\nresult = df", "bag_pack('m', blob('bad'))")
    error = wardian.error("print x = 1 | " + python("typeof(*)", make) + " | " + use)
    assert error["code"] == "SCRIPT_ERROR"
    assert error["message"] == "The blob 'bad' cannot be opened here: IndexError: pop from empty list"


def test_references_to_blobs(wardian):
    text = one_row("blobs['model'] = 1") + " | " + python("typeof(*)", "result = df", "bag_pack('m', blob('modle'))")
    error = wardian.error(text)
    assert (error["code"], error["message"]) == ("UNKNOWN_NAME", "No blob has that name: modle")
    assert error["hint"] == "Did you mean model?"
    assert (error["line"], error["column"]) == (1, text.index("blob('modle')") + 1)
    error = wardian.error(one_row("", "bag_pack('m', bag_pack('n', blob('model')))"))
    assert error["code"] == "BAD_ARGUMENT"
    error = wardian.error("print x = 1 | " + python("typeof(*)", "result = df", "bag_pack('m', blob('model'))"))
    assert error["hint"].startswith("--db opens")


def test_data_cannot_pass_for_a_reference(wardian):
    """kargs may be made from a table's values. A value that looks like what blob() makes stays what it is."""
    seen = wardian.rows("print tostring(blob('model'))")[0][0]
    guess = seen.replace("blob ", "blob 0", 1)
    rows = wardian.rows(
        f"let k = toscalar(print parse_json({json.dumps(guess)})); print x = '' | "
        + python("typeof(*)", "df['x'] = str(kargs)\nresult = df", "bag_pack('m', k)")
    )
    assert "model" in rows[0][0] and rows[0][0].startswith("{'m': {'blob 0")
