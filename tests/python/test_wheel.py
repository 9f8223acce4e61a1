"""The wheel: installed into a fresh environment, its program runs from anywhere, with nothing set."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sysconfig
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
SITE = sysconfig.get_path("platlib", vars={"platbase": str(VENV)})
# What every Linux with our glibc has; all else must come with the wheel or with pyarrow.
SYSTEM_LIBRARIES = re.compile(r"lib(c|m|dl|rt|pthread|stdc\+\+|gcc_s)\.so|ld-linux|linux-vdso")


def run(*words: object, **options) -> str:
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def environment():
    """A fresh virtual environment with our wheel; its dependencies are links to the files of .venv, so nothing is downloaded."""
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build", prefix="wheel-test-") as folder:
        home = pathlib.Path(folder)
        pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        # Without isolation, and with the compiler's name that `make build` uses, so that ccache serves.
        compilers = os.environ | {"CC": "cc", "CXX": "c++"}
        run(*pip, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", home, ROOT, env=compilers)
        (wheel,) = home.glob("wardian-*.whl")
        run("/usr/bin/python3", "-m", "venv", "--without-pip", home / "env")
        site = pathlib.Path(sysconfig.get_path("platlib", vars={"platbase": str(home / "env")}))
        for entry in pathlib.Path(SITE).iterdir():
            if entry.is_dir() and not entry.name.startswith(("wardian", "pip", "setuptools")):
                shutil.copytree(entry, site / entry.name, copy_function=os.link, symlinks=True)
            elif entry.suffix == ".py":
                os.link(entry, site / entry.name)
        run(*pip, "--python", home / "env" / "bin" / "python", "install", "--no-deps", "--no-index", wheel)
        yield home / "env"


def ask(environment: pathlib.Path, query: str) -> dict:
    return json.loads(run(environment / "bin" / "wardian", "query", "--format", "jsonl", query, cwd="/", env={}))


def test_program_is_no_script(environment):
    assert (environment / "bin" / "wardian").read_bytes()[:4] == b"\x7fELF"


def test_package_and_program_agree_on_the_version(environment):
    version = run(environment / "bin" / "python", "-c", "import wardian; print(wardian.__version__)", cwd="/", env={}).strip()
    assert version in run(environment / "bin" / "wardian", "--version", cwd="/", env={})


def test_query_runs_from_the_root_folder_without_environment(environment):
    assert ask(environment, "print answer = 6 * 7") == {"answer": 42}


def test_query_through_the_sandbox(environment):
    query = "print x = 1 | evaluate python(typeof(*, y: long), 'df[\"y\"] = df.x + 1\\nresult = df') | summarize total = sum(y)"
    assert ask(environment, query) == {"total": 2}


def test_arrow_file_is_read_by_the_module_beside_the_program(environment, tmp_path):
    """Arrow lies in a module of its own, loaded only when a file asks for it: it too must be found from the wheel."""
    path = tmp_path / "t.feather"
    write = "import sys, pandas; pandas.DataFrame({'a': [20, 22]}).to_feather(sys.argv[1])"
    run(environment / "bin" / "python", "-c", write, path, cwd="/", env={})
    query = [environment / "bin" / "wardian", "query", "--format", "jsonl", "--table", f"t={path}", "t | summarize s = sum(a)"]
    assert json.loads(run(*query, cwd="/", env={})) == {"s": 42}


def test_libraries_come_from_the_environment(environment):
    program = environment / "bin" / "wardian"
    paths = re.findall(r"\(R(?:UN)?PATH\)\s+.*\[(.*)\]", run("readelf", "-d", program))
    assert paths and all(path.startswith("$ORIGIN/") for path in paths[0].split(":"))
    needed = re.findall(r"\(NEEDED\)\s+Shared library: \[(.*)\]", run("readelf", "-d", program))
    assert "libduckdb.so" in needed and not [name for name in needed if "/" in name]
    real = environment.resolve()
    for line in run("ldd", program, cwd="/", env={}).splitlines():
        name, _, place = line.strip().partition(" => ")
        if not SYSTEM_LIBRARIES.search(name):
            assert pathlib.Path(place.split(" (")[0]).resolve().is_relative_to(real), line
