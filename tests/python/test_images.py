"""Images: Python environments for scripts, made, changed and used as a user does. Packages come from the index."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import sysconfig
import time

import pytest
from wardian_program import WARDIAN, PipeProgram, run
from wheels import write_wheel

SITE_PACKAGES = pathlib.Path(sysconfig.get_path("purelib"))
NEEDED = ("numpy", "numpy.libs", "pandas", "pyarrow", "dateutil", "pytz", "tzdata", "six.py")


class Images:
    """A folder of images, and the program that uses it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.environment = os.environ | {"WARDIAN_IMAGES": str(folder)}

    def run(self, *words, **options):
        return run(*words, env=self.environment | options.pop("more", {}), **options)

    def image(self, *words, **options):
        return self.run("image", *words, timeout=600, **options)

    def query(self, text, *words):
        return self.run("query", "--format", "csv", *words, text)

    def left(self):
        """Folders of generations, of all images."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.glob("*/*") if path.is_dir())


def script(text: str, columns: str = "v:string", source: str = "print x = 1") -> str:
    return f"{source} | evaluate python(typeof({columns}), ```\n{text}\n```)"


def hidden_code(marker: pathlib.Path) -> str:
    """A line of a .pth file that runs where an interpreter starts with it in sight."""
    return f"import pathlib; pathlib.Path({str(marker)!r}).touch()\n"


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return Images(tmp_path_factory.mktemp("images"))


@pytest.fixture
def empty(tmp_path):
    return Images(tmp_path / "images")


@pytest.fixture(scope="module")
def markers(tmp_path_factory):
    """A folder in which code that ran outside of the sandbox would leave a file."""
    return tmp_path_factory.mktemp("markers")


@pytest.fixture(scope="module")
def old(images, markers, tmp_path_factory):
    """pandas 1.5 by one command, as the documentation has it, with a package that would like to run at the start."""
    folder = tmp_path_factory.mktemp("wheels")
    write_wheel(folder, "starter", "1.0", {"starter.py": "NAME = 'starter'\n", "starter.pth": hidden_code(markers / "wheel")})
    requirements = folder / "requirements.txt"
    requirements.write_text(f"--find-links {folder}\npandas==1.5.3\nstarter\n")
    done = images.image("create", "old", "-r", requirements)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("The image old is ready: Python 3."), done.stdout
    return "old"


@pytest.fixture(scope="module")
def new(images, tmp_path_factory):
    requirements = tmp_path_factory.mktemp("new") / "requirements.txt"
    requirements.write_text("pandas>=3,<4\n")
    done = images.image("create", "new", "-r", requirements, "--installer", "pip")
    assert done.returncode == 0, done.stderr
    return "new"


@pytest.fixture(scope="module")
def environment(tmp_path_factory, markers):
    """A small virtual environment with what scripts need, a package of its own, and code that would run at its start."""
    folder = tmp_path_factory.mktemp("environment") / "env"
    base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
    site = next(folder.glob("lib/python3*/site-packages"))
    for entry in SITE_PACKAGES.iterdir():
        if entry.name in NEEDED or entry.name.partition("-")[0] in NEEDED or entry.name.startswith("python_dateutil-"):
            shutil.copytree(entry, site / entry.name, copy_function=os.link) if entry.is_dir() else os.link(entry, site / entry.name)
    (site / "own.py").write_text("VERSION = 'first'\n")
    (site / "starter.pth").write_text(hidden_code(markers / "environment"))
    return folder


# --- versions --------------------------------------------------------------------------------------------------------

# DataFrame.append went with pandas 2.0; a dict as an indexer with 2.0 likewise. Source: pandas' release notes, "Removal of prior version
# deprecations/changes" of 2.0.0.
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


EVERY_TYPE = (
    "datatable(b:bool, i:int, l:long, r:real, d:decimal, s:string, t:datetime, p:timespan, j:dynamic, g:guid)"
    " [true, 1, 9007199254740993, 1.5, decimal(1.25), 'ä', datetime(2020-01-02 03:04:05.1234567), 1.02:03:04.0000005, dynamic({'a':[1]}),"
    " guid(74be27de-1e4e-49d9-b579-fe0b331d3642), bool(null), int(null), long(null), real(null), decimal(null), '', datetime(null),"
    " timespan(null), dynamic(null), guid(null)]"
)


@pytest.mark.parametrize("image", ["old", "new", "default"])
def test_every_type_crosses_in_every_image(images, image, request):
    name = image if image == "default" else request.getfixturevalue(image)
    before = images.query(EVERY_TYPE)
    text = "df['version'] = pd.__version__\nresult = df.iloc[::-1].iloc[::-1]"
    done = images.query(EVERY_TYPE + f" | evaluate python(typeof(*, version:string), ```\n{text}\n```) | project-away version", "--image", name)
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
    done = images.image("create", "again", "-r", lock, "--installer", "pip")
    assert done.returncode == 0, done.stderr
    assert json.loads(images.image("show", "again", "--json").stdout)["packages"] == json.loads(
        images.image("show", old, "--json").stdout
    )["packages"]
    assert images.image("remove", "again").returncode == 0


def test_a_script_is_tried_in_an_image(images, old, tmp_path):
    path = tmp_path / "script.py"
    path.write_text("import starter\nprint(starter.NAME, pd.__version__)\nresult = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})\n")
    done = images.image("try", old, path)
    assert (done.returncode, done.stdout) == (0, "starter 1.5.3\nresult: 2 rows of a:long, b:string\n"), done.stderr
    path.write_text("x = 1\nopen('/etc/shadow')\n")
    done = images.image("try", old, path)
    assert done.returncode == 1
    assert "at its line 2" in done.stderr and "Error: " in done.stderr
    assert images.image("try", "default", path).returncode == 1
    assert images.image("try", old, tmp_path / "absent.py").stderr.startswith("error FILE_NOT_FOUND")


# --- which image -----------------------------------------------------------------------------------------------------

VERSION = "result = pd.DataFrame({'v': [pd.__version__]})"


def test_the_query_chooses_over_the_program(images, old):
    assert images.query('set python_image = "old"; ' + script(VERSION), "--image", "default").stdout == "v\n1.5.3\n"
    assert images.query('set python_image = "default"; ' + script(VERSION), "--image", old).stdout != "v\n1.5.3\n"


def test_two_images_in_one_query(images, old, new):
    both = f'union ({script(VERSION)}), ({script(VERSION)})'
    done = images.query('set python_image = "new"; ' + both)
    assert done.stdout.count("3.") == 2, done.stderr


def test_an_unknown_image_is_refused_at_its_place(images, old):
    done = images.query(script(VERSION), "--image", "odl")
    assert "error UNKNOWN_IMAGE at query:1:" in done.stderr and "Did you mean old?" in done.stderr
    done = images.query('set python_image = "../old"; ' + script(VERSION))
    assert "error BAD_ARGUMENT" in done.stderr
    assert "error BAD_ARGUMENT" in images.query("set python_image = 3; " + script(VERSION)).stderr


def asking(dependencies: list[str], text: str, python: str = ">=3.10") -> str:
    block = f"# /// script\n# requires-python = \"{python}\"\n# dependencies = {json.dumps(dependencies)}\n# ///\n"
    return script(block + text)


def test_what_the_default_image_has_is_not_made_again(empty):
    done = empty.query(asking(["pandas>=2", "NumPy"], VERSION))
    assert done.returncode == 0, done.stderr
    assert empty.left() == []


def test_a_script_asks_for_an_image_and_gets_it_where_that_is_allowed(images):
    text = asking(["humanize==4.11.0"], "import humanize\nresult = pd.DataFrame({'v': [humanize.intcomma(1234567)]})")
    done = images.query(text)
    assert "error ACCESS_DENIED at query:1:" in done.stderr and "--build-images" in done.stderr
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
    for python, words in (("3.99", "No Python 3.99"), ("/bin/true", "Not a Python"), ("newest", "Not a version of Python")):
        done = empty.image("create", "x", "-r", tmp_path / "r.txt", "--python", python)
        assert done.returncode == 1 and words in done.stderr, done.stderr
    assert empty.left() == []


# --- changes ---------------------------------------------------------------------------------------------------------


def test_an_environment_is_copied_and_changed_under_a_running_program(images, environment, tmp_path):
    assert images.image("create", "copy", "--from-venv", environment).returncode == 0
    text = script("import own\nresult = pd.DataFrame({'v': [own.VERSION]})")
    # The environment variable is the whole process's: PipeProgram inherits it.
    os.environ["WARDIAN_IMAGES"] = str(images.folder)
    try:
        program = PipeProgram("--image", "copy")
        assert program.rows(text) == [["first"]]
        site = next(environment.glob("lib/python3*/site-packages"))
        (site / "own.py").write_text("VERSION = 'second'\n")
        # A copy: what its origin does is nothing to it.
        assert program.rows(text) == [["first"]]
        assert images.image("update", "copy").returncode == 0
        assert program.rows(text) == [["second"]]
        assert images.image("remove", "copy").returncode == 0
        assert program.error(text)["code"] == "UNKNOWN_IMAGE"
        program.close()
    finally:
        del os.environ["WARDIAN_IMAGES"]
    assert not any(left.startswith("copy/") for left in images.left())


def test_a_taken_name_and_an_absent_one(images, old, environment):
    assert images.image("create", old, "--from-venv", environment).stderr.startswith("error IMAGE_EXISTS")
    for command in ("update", "remove", "show", "export"):
        assert images.image(command, "nobody").stderr.startswith("error UNKNOWN_IMAGE"), command


@pytest.mark.parametrize("name", ["..", "a/b", "-x", "a\nb", "a\x1b[2J", "default", "ä", "n" * 65])
def test_names_that_are_none(empty, name, environment):
    done = empty.image("create", "--from-venv", environment, "--", name)
    assert done.returncode == 1 and done.stderr.startswith("error BAD_ARGUMENT")
    assert "\x1b" not in done.stderr and not empty.folder.exists()


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_requirements_that_cannot_be_had_leave_nothing(empty, installer, tmp_path):
    (tmp_path / "r.txt").write_text("humanize==4.11.0\nno-such-package-of-wardian==99\n")
    done = empty.image("create", "half", "-r", tmp_path / "r.txt", "--installer", installer)
    assert done.returncode == 1
    assert f"error IMAGE_FAILED: Choosing versions with {installer} failed" in done.stderr
    assert "no-such-package-of-wardian" in done.stderr and "--allow-source" in done.stderr
    assert not (empty.folder / "half").exists()


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_a_wheel_that_is_not_what_its_hash_says(empty, installer, tmp_path):
    write_wheel(tmp_path, "starter", "1.0", {"starter.py": ""})
    (tmp_path / "r.txt").write_text(f"--find-links {tmp_path}\n--no-index\nstarter==1.0 --hash=sha256:{'0' * 64}\n")
    done = empty.image("create", "forged", "-r", tmp_path / "r.txt", "--installer", installer)
    assert done.returncode == 1
    assert "error IMAGE_FAILED" in done.stderr and "hash" in done.stderr.lower()
    assert not (empty.folder / "forged").exists()


@pytest.mark.parametrize(
    "members",
    [
        {"../../../escaped.py": "x"},
        {"/tmp/wardian-escaped.py": "x"},
        {"starter/../../../../escaped.py": "x"},
    ],
)
@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_a_wheel_that_reaches_out_of_its_folder(empty, installer, members, tmp_path):
    write_wheel(tmp_path, "starter", "1.0", {"starter.py": ""} | members)
    (tmp_path / "r.txt").write_text(f"--find-links {tmp_path}\nstarter\n")
    done = empty.image("create", "slip", "-r", tmp_path / "r.txt", "--installer", installer)
    assert not list(tmp_path.rglob("escaped.py")) and not pathlib.Path("/tmp/wardian-escaped.py").exists()
    if done.returncode == 0:  # an installer may leave the member out
        assert not [path for path in empty.folder.rglob("*escaped.py") if "site-packages" not in path.parts]
    else:
        assert "error IMAGE_FAILED" in done.stderr
        assert empty.left() == []


def test_an_image_that_does_not_work_is_none(empty, environment, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(environment, broken, symlinks=True, copy_function=os.link)
    site = next(broken.glob("lib/python3*/site-packages"))
    shutil.rmtree(site / "pandas")
    (site / "pandas").mkdir()
    (site / "pandas" / "__init__.py").write_text("raise RuntimeError('this pandas is \\x1b[31mbroken')\n")
    done = empty.image("create", "broken", "--from-venv", broken)
    assert done.returncode == 1
    assert "error IMAGE_FAILED: The image does not work" in done.stderr and "this pandas is" in done.stderr
    assert "\x1b" not in done.stderr
    assert empty.left() == []


def damaged(environment, tmp_path, damage):
    copy = tmp_path / "damaged"
    shutil.copytree(environment, copy, symlinks=True, copy_function=os.link)
    damage(copy, next(copy.glob("lib/python3*/site-packages")))
    return copy


def elsewhere(copy, site):
    (copy / "project").mkdir()
    (site / "project.pth").write_text(f"{copy / 'project'}\n")


def system_packages(copy, site):
    text = (copy / "pyvenv.cfg").read_text()
    (copy / "pyvenv.cfg").unlink()
    (copy / "pyvenv.cfg").write_text(text.replace("include-system-site-packages = false", "include-system-site-packages = true"))


DAMAGES = {
    "a link out": (lambda copy, site: (site / "secret").symlink_to("/etc/passwd"), "a link leads out of it"),
    "a link to nothing": (lambda copy, site: (site / "gone").symlink_to("/nowhere"), "a link leads out of it"),
    "packages elsewhere": (elsewhere, "names packages elsewhere"),
    "editable": (lambda copy, site: (site / "__editable__.x.pth").write_text("import x\n"), "installed in place"),
    "no environment": (lambda copy, site: (copy / "pyvenv.cfg").unlink(), "it has no pyvenv.cfg"),
    "system packages": (system_packages, "packages of the system's Python"),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_environments_that_are_not_whole(empty, environment, tmp_path, kind):
    damage, words = DAMAGES[kind]
    done = empty.image("create", "x", "--from-venv", damaged(environment, tmp_path, damage))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] != "" and "error BAD_ARGUMENT" in done.stderr and words in done.stderr
    assert empty.left() == []


class Creation:
    """A build under way, stopped while its installer waits for an index that never answers."""

    def __init__(self, images, tmp_path, name="stuck"):
        import socket

        self.index = socket.create_server(("127.0.0.1", 0))
        (tmp_path / "stuck.txt").write_text(f"--index-url http://127.0.0.1:{self.index.getsockname()[1]}/\nhumanize\n")
        words = [WARDIAN, "image", "create", name, "-r", tmp_path / "stuck.txt", "--installer", "pip"]
        self.process = subprocess.Popen(words, env=images.environment, stderr=subprocess.PIPE, text=True)
        # Whoever knocks at the index is the installer.
        self.index.settimeout(60)
        self.connection, _ = self.index.accept()

    def end(self):
        self.connection.close()
        self.index.close()


def processes_below(folder: pathlib.Path) -> list[str]:
    """Programs that have the folder's name among their arguments."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_text(errors="replace")
        except OSError:
            continue
        if str(folder) in text:
            found.append(text.replace("\0", " "))
    return found


def test_ctrl_c_ends_a_build_and_leaves_nothing(empty, tmp_path):
    creation = Creation(empty, tmp_path)
    creation.process.send_signal(signal.SIGINT)
    assert creation.process.wait(60) == 130
    creation.end()
    assert not (empty.folder / "stuck").exists()
    assert processes_below(empty.folder) == []


def test_a_killed_build_is_never_an_image_and_goes_with_the_next(empty, environment, tmp_path):
    creation = Creation(empty, tmp_path)
    creation.process.kill()
    creation.process.wait(60)
    creation.end()
    assert "no images" in empty.image("list").stdout
    assert "error UNKNOWN_IMAGE" in empty.query(script(VERSION), "--image", "stuck").stderr
    assert len(empty.left()) == 1
    # The installer, which lost its index, ends by itself; it holds nothing that the next one needs.
    assert empty.image("create", "stuck", "--from-venv", environment).returncode == 0
    assert len(empty.left()) == 1
    assert empty.query(script(VERSION), "--image", "stuck").returncode == 0


def test_one_process_at_a_time_changes_an_image(empty, environment, tmp_path):
    creation = Creation(empty, tmp_path)
    done = empty.image("create", "stuck", "--from-venv", environment)
    assert done.returncode == 1
    assert f"error IMAGE_BUSY: The image is being changed by process {creation.process.pid}: stuck" in done.stderr
    creation.process.send_signal(signal.SIGTERM)
    assert creation.process.wait(60) == 130
    creation.end()


def test_a_query_waits_for_an_image_no_longer_than_its_deadline(empty, tmp_path):
    text = asking(["humanize==4.11.0"], VERSION)
    name = json.loads(empty.run("query", "--jsonl", text=json.dumps({"id": 1, "query": text}) + "\n").stdout)["error"]["message"]
    assert "humanize==4.11.0" in name
    index = "http://127.0.0.1:9/"  # the port of discard: nobody answers
    begun = time.monotonic()
    done = empty.run("query", "--build-images", "--timeout", "3s", text, more={"PIP_INDEX_URL": index, "UV_DEFAULT_INDEX": index})
    assert done.returncode == 1
    assert "error TIMEOUT" in done.stderr or "error IMAGE_FAILED" in done.stderr, done.stderr
    assert time.monotonic() - begun < 60
    assert empty.left() == []


def test_nothing_of_a_package_ran_outside(images, old, environment, markers):
    """Last in the file: by now wheels and environments with hidden code were installed, examined, tried and used."""
    assert list(markers.iterdir()) == []
