"""Images for tests: a folder of them, environments to make them from, scripts that ask for them. Packages come from the index."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

import pytest
from python_queries import python
from wardian_program import run
from wheels import write_wheel

SITE_PACKAGES = pathlib.Path(sysconfig.get_path("purelib"))
NEEDED = ("numpy", "numpy.libs", "pandas", "pyarrow", "dateutil", "pytz", "tzdata", "six.py")
UV, PIP = INSTALLERS = ("uv", "pip")  # uv is the one beside wardian, in .venv/bin
VERSION = "result = pd.DataFrame({'v': [pd.__version__]})"


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


def script(text: str) -> str:
    """A query whose script leaves the texts of a column v."""
    return f"print x = 1 | {python('typeof(v:string)', text)}"


def hidden_code(marker: pathlib.Path) -> str:
    """A line of a .pth file that runs where an interpreter starts with it in sight."""
    return f"import pathlib; pathlib.Path({str(marker)!r}).touch()\n"


@pytest.fixture(scope="session")
def images(tmp_path_factory):
    return Images(tmp_path_factory.mktemp("images"))


@pytest.fixture
def empty(tmp_path):
    return Images(tmp_path / "images")


@pytest.fixture(scope="session")
def markers(tmp_path_factory):
    """A folder in which code that ran outside of the sandbox would leave a file."""
    return tmp_path_factory.mktemp("markers")


@pytest.fixture(scope="session")
def old(images, markers, tmp_path_factory):
    """pandas 1.5 by one command, as the documentation has it, with a package that would like to run at the start."""
    folder = tmp_path_factory.mktemp("wheels")
    write_wheel(folder, "starter", "1.0", {"starter.py": "NAME = 'starter'\n", "starter.pth": hidden_code(markers / "wheel")})
    requirements = folder / "requirements.txt"
    requirements.write_text(f"--find-links {folder}\npandas==1.5.3\nstarter\n")
    done = images.image("create", "old", "-r", requirements, "--installer", UV)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("The image old is ready: Python 3."), done.stdout
    return "old"


@pytest.fixture(scope="session")
def new(images, tmp_path_factory):
    requirements = tmp_path_factory.mktemp("new") / "requirements.txt"
    requirements.write_text("pandas>=3,<4\n")
    done = images.image("create", "new", "-r", requirements, "--installer", PIP)
    assert done.returncode == 0, done.stderr
    return "new"


@pytest.fixture(scope="session")
def environment(tmp_path_factory, markers):
    """A small virtual environment with what scripts need, a package of its own, and code that would run at its start."""
    folder = tmp_path_factory.mktemp("environment") / "env"
    base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
    site = next(folder.glob("lib/python3*/site-packages"))
    for entry in SITE_PACKAGES.iterdir():
        if entry.name in NEEDED or entry.name.partition("-")[0] in NEEDED or entry.name.startswith("python_dateutil-"):
            shutil.copytree(entry, site / entry.name, copy_function=os.link) if entry.is_dir() else os.link(
                entry, site / entry.name
            )
    (site / "own.py").write_text("VERSION = 'first'\n")
    (site / "starter.pth").write_text(hidden_code(markers / "environment"))
    return folder


def asking(dependencies: list[str], text: str, version: str = ">=3.10") -> str:
    block = f'# /// script\n# requires-python = "{version}"\n# dependencies = {json.dumps(dependencies)}\n# ///\n'
    return script(block + text)
