"""tools/bootstrap when things go wrong: it names what is missing or which download failed, and leaves nothing half-done."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOBODY = 65534
# Nothing listens there; every client of a registry fails at once.
CLOSED = "http://127.0.0.1:9/"
OFFLINE = {
    "PIP_INDEX_URL": CLOSED,
    "PIP_FIND_LINKS": "",
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_RETRIES": "0",
    "PIP_NO_CACHE_DIR": "1",
}


@pytest.fixture
def checkout(tmp_path):
    """A checkout with nothing installed, and a folder of programs that stand before the machine's own."""
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    return tmp_path


def fake(checkout: pathlib.Path, name: str, script: str) -> None:
    path = checkout / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def bootstrap(checkout: pathlib.Path, part: str, path: str | None = None, user: int | None = None, **environment: str):
    variables = {"PATH": path or f"{checkout}/bin:/usr/bin:/bin", "HOME": str(checkout)} | environment
    return subprocess.run([checkout / "tools" / "bootstrap", part], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env=variables, user=user)  # fmt: skip


def test_second_run_does_nothing():
    done = subprocess.run([ROOT / "tools" / "bootstrap"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_root_the_missing_packages_are_named(checkout):
    fake(checkout, "dpkg-query", 'echo "gcc installed"; echo "git not-installed"')
    user = None
    if os.geteuid() == 0:
        user = NOBODY
        shutil.chown(checkout, user=NOBODY)
        for folder in list(checkout.parents)[:2]:  # pytest's own folders are closed to others
            folder.chmod(0o755)
    done = bootstrap(checkout, "debian", path=f"{checkout}/bin", user=user)
    assert done.returncode != 0
    missing = done.stderr.split("Missing Debian packages: ")[1].split()
    assert "git" in missing and "ninja-build" in missing and "gcc" not in missing


def test_an_environment_that_is_a_link_is_left_alone(checkout):
    (checkout / "elsewhere").mkdir()
    (checkout / "elsewhere" / "precious").write_text("mine")
    (checkout / ".venv").symlink_to("elsewhere")
    done = bootstrap(checkout, "python", **OFFLINE)
    assert done.returncode != 0
    assert ".venv is a link to elsewhere" in done.stderr
    assert (checkout / "elsewhere" / "precious").read_text() == "mine"


def test_failed_python_download_is_named(checkout):
    done = bootstrap(checkout, "python", **OFFLINE)
    assert done.returncode != 0
    assert "Downloading or installing the Python packages of requirements/*.lock failed" in done.stderr
    assert not (checkout / ".venv" / "wardian-requirements.stamp").exists()


def test_failed_npm_download_is_named(checkout):
    fake(checkout, "npm", "echo no network >&2; exit 1")
    done = bootstrap(checkout, "duckdb")
    assert done.returncode != 0
    assert "no network" in done.stderr and "Downloading the npm package @duckdb/node-bindings-linux-" in done.stderr


def test_wrong_content_is_refused(checkout):
    fake(
        checkout, "npm", 'cd "$3" && mkdir package && echo wrong >package/libduckdb.so && tar czf it.tgz package && rm -r package'
    )
    done = bootstrap(checkout, "duckdb")
    assert done.returncode != 0
    assert "package/libduckdb.so has an unexpected SHA-256" in done.stderr
    assert not list((checkout / ".deps").rglob("libduckdb.so*"))


def test_unknown_part_is_refused(checkout):
    done = bootstrap(checkout, "everything")
    assert done.returncode != 0 and "Parts: debian, python, duckdb, charts" in done.stderr
