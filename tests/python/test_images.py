"""Images: Python environments for scripts, as their users meet them. How they change and fail: test_image_changes.py."""

import json

import pytest
from image_store import PIP, UV, VERSION, asking, script
from python_queries import EVERY_TYPE, python

# --- versions --------------------------------------------------------------------------------------------------------

# DataFrame.append went with pandas 2.0. Source: its release notes, "Removal of prior version deprecations/changes".
OLD_SCRIPT = """
df = df.append(pd.DataFrame({'x': [2]}), ignore_index=True)
result = pd.DataFrame({'v': [str(list(df['x']))]})
"""


def test_a_script_of_pandas_1_runs_in_an_image_made_by_one_command(images, old):
    done = images.query(script(OLD_SCRIPT), "--image", old)
    assert done.stdout == 'v\n"[1, 2]"\n', done.stderr


def test_the_same_script_fails_where_pandas_is_newer(images, new):
    for words in (["--image", new], []):
        done = images.query(script(OLD_SCRIPT), *words)
        assert done.returncode == 1
        assert "AttributeError: 'DataFrame' object has no attribute 'append'" in done.stderr


@pytest.mark.parametrize("image", ["old", "new", "default"])
def test_every_type_crosses_in_every_image(images, image, request):
    name = image if image == "default" else request.getfixturevalue(image)
    before = images.query(EVERY_TYPE)
    text = "df['version'] = pd.__version__\nresult = df.iloc[::-1].iloc[::-1]"
    crossed = f"{EVERY_TYPE} | {python('typeof(*, version:string)', text)} | project-away version"
    done = images.query(crossed, "--image", name)
    assert done.returncode == 0, done.stderr
    assert done.stdout == before.stdout


def test_an_image_says_what_it_holds(images, old):
    listed = json.loads(images.image("list", "--json").stdout)
    described = next(one for one in listed if one["name"] == old)
    assert {"pandas": "1.5.3"}.items() <= {one["name"]: one["version"] for one in described["packages"]}.items()
    shown = images.image("show", old).stdout
    assert "pandas" in shown and "1.5.3" in shown and "starter" in shown
    assert old in images.image("list").stdout


def test_an_exported_lock_has_a_hash_for_each_package(images, old, tmp_path):
    lock = tmp_path / "lock.txt"
    assert images.image("export", old, "--output", lock).returncode == 0
    assert lock.read_text() == images.image("export", old).stdout
    lines = lock.read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in lines if line and line[0] not in "#-"]
    assert any(line.startswith("pandas==1.5.3") for line in packages)
    assert all("--hash=sha256:" in line for line in packages)
    # It makes the same image again, by the other installer.
    done = images.image("create", "again", "-r", lock, "--installer", PIP)
    assert done.returncode == 0, done.stderr
    made = {name: json.loads(images.image("show", name, "--json").stdout) for name in (old, "again")}
    assert {name: one["installer"] for name, one in made.items()} == {old: UV, "again": PIP}
    assert made["again"]["packages"] == made[old]["packages"]
    assert images.image("remove", "again").returncode == 0


def test_no_variable_of_the_sandbox_is_left_for_scripts(images, old):
    text = "import os\nresult = pd.DataFrame({'v': [k for k in os.environ if k.startswith(('LD_', 'WARDIAN', 'PYTHON'))]})"
    for image in (old, "default"):
        done = images.query(script(text), "--image", image)
        assert done.stdout == "v\n", done.stderr + done.stdout


def test_a_script_is_tried_in_an_image(images, old, tmp_path):
    path = tmp_path / "script.py"
    path.write_text(
        "import starter\nprint(starter.NAME, pd.__version__)\nresult = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})\n"
    )
    done = images.image("try", old, path)
    assert (done.returncode, done.stdout) == (0, "starter 1.5.3\nresult: 2 rows of a:long, b:string\n"), done.stderr
    path.write_text("import os, time\nos.write(1, b'\\xc3')\ntime.sleep(0.2)\nos.write(1, b'\\xa9\\n')\n")
    assert images.image("try", old, path).stdout == "é\n"
    path.write_text("x = 1\nopen('/etc/shadow')\n")
    done = images.image("try", old, path)
    assert done.returncode == 1
    assert "at its line 2" in done.stderr and "Error: " in done.stderr
    assert images.image("try", "default", path).returncode == 1
    assert images.image("try", old, tmp_path / "absent.py").stderr.startswith("error FILE_NOT_FOUND")


# --- which image -----------------------------------------------------------------------------------------------------


def test_the_query_chooses_over_the_program(images, old):
    assert images.query('set python_image = "old"; ' + script(VERSION), "--image", "default").stdout == "v\n1.5.3\n"
    assert images.query('set python_image = "default"; ' + script(VERSION), "--image", old).stdout != "v\n1.5.3\n"


def test_two_images_in_one_query(images, old, new):
    both = f"union ({script(VERSION)}), ({script(VERSION)})"
    done = images.query('set python_image = "new"; ' + both)
    assert done.stdout.count("3.") == 2, done.stderr


def test_an_unknown_image_is_refused_at_its_place(images, old):
    done = images.query(script(VERSION), "--image", "odl")
    assert "error UNKNOWN_IMAGE at query:1:" in done.stderr and "Did you mean old?" in done.stderr
    done = images.query('set python_image = "../old"; ' + script(VERSION))
    assert "error BAD_ARGUMENT" in done.stderr
    assert "error BAD_ARGUMENT" in images.query("set python_image = 3; " + script(VERSION)).stderr


def test_what_the_default_image_has_is_not_made_again(empty):
    done = empty.query(asking(["pandas>=2", "NumPy"], VERSION))
    assert done.returncode == 0, done.stderr
    assert empty.left() == []


def test_a_script_asks_for_an_image_and_gets_it_where_that_is_allowed(images):
    text = asking(["humanize==4.11.0"], "import humanize\nresult = pd.DataFrame({'v': [humanize.intcomma(1234567)]})")
    done = images.query(text)
    assert "error ACCESS_DENIED at query:1:" in done.stderr
    assert "--build-images" in done.stderr and "humanize==4.11.0" in done.stderr
    done = images.query(text, "--build-images")
    assert done.stdout == 'v\n"1,234,567"\n', done.stderr
    # From then on it is there, for everybody.
    assert images.query(text).stdout == 'v\n"1,234,567"\n'


@pytest.mark.parametrize("dependency", ["-r /etc/passwd", "x @ file:///etc/passwd", "./x", "git+https://example.org/x"])
def test_a_script_names_packages_not_places(empty, dependency):
    done = empty.query(asking([dependency], VERSION), "--build-images")
    assert "error BAD_ARGUMENT" in done.stderr
    assert empty.left() == []


def test_malformed_metadata_names_the_scripts_line(empty):
    done = empty.query(script("x = 1\n# /// script\n# dependencies = [\n# ///\n" + VERSION))
    assert "error BAD_ARGUMENT" in done.stderr and "the script's metadata at its line" in done.stderr.lower()


def test_a_python_that_is_not_there(empty, tmp_path):
    done = empty.query(asking([], VERSION, ">=3.99"), "--build-images")
    assert "error BAD_ARGUMENT" in done.stderr and "No Python >=3.99 was found" in done.stderr
    (tmp_path / "r.txt").write_text("humanize\n")
    for version, words in (("3.99", "No Python 3.99"), ("/bin/true", "Not a Python"), ("newest", "Not a version of Python")):
        done = empty.image("create", "x", "-r", tmp_path / "r.txt", "--python", version)
        assert done.returncode == 1 and words in done.stderr, done.stderr
    assert empty.left() == []


def test_nothing_of_a_package_ran_outside(images, old, environment, markers):
    """Last in the file: by now wheels and environments with hidden code were installed, examined, tried and used."""
    assert list(markers.iterdir()) == []
