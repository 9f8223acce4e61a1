"""Images: how they are changed, and what goes wrong with them."""

import hashlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import pytest
from image_store import INSTALLERS, PIP, UV, VERSION, Images, asking, hidden_code, script
from wardian_program import WARDIAN, PipeProgram
from wheels import write_wheel

# --- changes ---------------------------------------------------------------------------------------------------------


def test_an_environment_is_copied_and_changed_under_a_running_program(images, environment, tmp_path):
    assert images.image("create", "copy", "--from-venv", environment).returncode == 0
    text = script("import own\nresult = pd.DataFrame({'v': [own.VERSION]})")
    program = PipeProgram("--image", "copy", env=images.environment)
    assert program.rows(text) == [["first"]]
    site = next(environment.glob("lib/python3*/site-packages"))
    # The index has each of its packages, in these versions.
    for installer in INSTALLERS:
        lock = images.image("export", "copy", "--installer", installer)
        lines = lock.stdout.replace("\\\n", " ").splitlines()
        assert lines[0].startswith("# Image copy: Python 3."), lock.stderr
        assert {line.partition("==")[0].lower() for line in lines[1:]} >= {"numpy", "pandas", "pyarrow"}
        assert all("==" in line and "--hash=sha256:" in line for line in lines[1:])
    (site / "own.py").write_text("VERSION = 'second'\n")
    (site / "own-9.dist-info").mkdir()
    (site / "own-9.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: no-such-package-of-wardian\nVersion: 9\n")
    # A copy: what its origin does is nothing to it.
    assert program.rows(text) == [["first"]]
    assert images.image("update", "copy").returncode == 0
    assert program.rows(text) == [["second"]]
    failed = images.image("export", "copy")
    assert failed.returncode == 1 and not failed.stdout
    assert "error IMAGE_FAILED" in failed.stderr and "no-such-package-of-wardian" in failed.stderr
    refused = images.image("update", "copy", "--python", "3.11")
    assert refused.stderr.startswith("error BAD_ARGUMENT: The image is a copy of an environment")
    assert images.image("remove", "copy").returncode == 0
    assert program.error(text)["code"] == "UNKNOWN_IMAGE"
    program.close()
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


@pytest.mark.parametrize("installer", INSTALLERS)
def test_requirements_that_cannot_be_had_leave_nothing(empty, installer, tmp_path):
    (tmp_path / "r.txt").write_text("humanize==4.11.0\nno-such-package-of-wardian==99\n")
    done = empty.image("create", "half", "-r", tmp_path / "r.txt", "--installer", installer)
    assert done.returncode == 1
    assert f"error IMAGE_FAILED: Choosing versions with {installer} failed" in done.stderr
    assert "no-such-package-of-wardian" in done.stderr and "--allow-source" in done.stderr
    assert not (empty.folder / "half").exists()


@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_wheel_that_is_not_what_its_hash_says(empty, installer, tmp_path):
    write_wheel(tmp_path, "starter", "1.0", {"starter.py": ""})
    (tmp_path / "r.txt").write_text(f"--find-links {tmp_path}\n--no-index\nstarter==1.0 --hash=sha256:{'0' * 64}\n")
    done = empty.image("create", "forged", "-r", tmp_path / "r.txt", "--installer", installer)
    assert done.returncode == 1
    assert "error IMAGE_FAILED" in done.stderr and "hash" in done.stderr.lower()
    assert not (empty.folder / "forged").exists()


# What each installer makes of such a wheel: pip refuses it; uv leaves out what leads elsewhere and installs the rest, which is no
# image without numpy.
UNPACKED = {UV: "No module named 'numpy'", PIP: "trying to install outside the target directory"}


@pytest.mark.parametrize("member", ["../" * 7 + "escaped.py", "starter/" + "../" * 8 + "escaped.py", "{outside}/escaped.py"])
@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_wheel_that_reaches_out_of_its_folder(installer, member, tmp_path):
    # Seven folders up from an image's packages is out of all images, and from where an installer unpacks still in tmp_path.
    deep, outside = tmp_path / "1/2/3/4/5/6/7", tmp_path / "outside"
    (deep / "tmp").mkdir(parents=True)
    outside.mkdir()
    images = Images(deep / "images")
    write_wheel(tmp_path, "starter", "1.0", {"starter.py": "", member.format(outside=outside): "x"})
    # With a hash nothing else is installed: so it ends at the trial at the latest.
    digest = hashlib.sha256(next(tmp_path.glob("*.whl")).read_bytes()).hexdigest()
    (tmp_path / "r.txt").write_text(f"--find-links {tmp_path}\n--no-index\nstarter==1.0 --hash=sha256:{digest}\n")
    places = {"TMPDIR": str(deep / "tmp"), "UV_CACHE_DIR": str(deep / "cache"), "PIP_CACHE_DIR": str(deep / "cache")}
    done = images.image("create", "slip", "-r", tmp_path / "r.txt", "--installer", installer, more=places)
    assert done.returncode == 1 and "error IMAGE_FAILED" in done.stderr and UNPACKED[installer] in done.stderr, done.stderr
    assert list(tmp_path.rglob("*escaped*")) == []
    assert images.left() == []


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


def test_links_of_an_environment_lead_into_the_copy(empty, environment, tmp_path):
    copy = tmp_path / "linked"
    shutil.copytree(environment, copy, symlinks=True, copy_function=os.link)
    site = next(copy.glob("lib/python3*/site-packages"))
    (site / "alias.py").symlink_to(site / "own.py")
    (site / "folder").mkdir()
    (site / "folder" / "deep.py").symlink_to(site / "alias.py")
    assert empty.image("create", "linked", "--from-venv", copy).returncode == 0
    shutil.rmtree(copy)
    text = script("import alias\nfrom folder import deep\nresult = pd.DataFrame({'v': [alias.VERSION + deep.VERSION]})")
    done = empty.query(text, "--image", "linked")
    assert done.returncode == 0, done.stderr
    assert len(set(done.stdout.split()[1:])) == 1


def test_what_an_environment_says_of_itself_runs_nothing(empty, environment, markers, tmp_path):
    """A name of a package becomes a line of a requirements file where something is to be installed beside it."""
    copy = tmp_path / "evil"
    shutil.copytree(environment, copy, symlinks=True, copy_function=os.link)
    site = next(copy.glob("lib/python3*/site-packages"))
    shutil.rmtree(site / "pytz")
    for info in site.glob("py[at]*.dist-info"):  # of pyarrow and pytz
        shutil.rmtree(info)
    project = tmp_path / "project"
    project.mkdir()
    (project / "setup.py").write_text(hidden_code(markers / "setup"))
    (site / "zz.egg-info").mkdir()
    (site / "zz.egg-info" / "PKG-INFO").write_text(f"Name: -e {project} #\nVersion: 1\n")
    for installer in INSTALLERS:
        empty.image("create", f"evil-{installer}", "--from-venv", copy, "--installer", installer)
        assert not (markers / "setup").exists()


class SilentIndex:
    """An index of packages that takes connections and never answers."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(60)
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._connections = []

    def wait_for_a_knock(self):
        self._connections.append(self._socket.accept()[0])

    def close(self):
        for connection in [*self._connections, self._socket]:
            connection.close()


class Creation:
    """A build under way, stopped while its installer waits for an index that never answers."""

    def __init__(self, images, tmp_path, name="stuck"):
        self.index = SilentIndex()
        (tmp_path / "stuck.txt").write_text(f"--index-url {self.index.address}\nhumanize\n")
        words = [WARDIAN, "image", "create", name, "-r", tmp_path / "stuck.txt", "--installer", PIP]
        self.process = subprocess.Popen(words, env=images.environment, stderr=subprocess.PIPE, text=True)
        # Whoever knocks at the index is the installer.
        self.index.wait_for_a_knock()

    def end(self):
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
    # The installer, which waited in a session of its own, goes with it.
    until = time.monotonic() + 20
    while processes_below(empty.folder) and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_below(empty.folder) == []
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


def test_a_query_waits_for_an_image_no_longer_than_its_deadline(empty):
    index = SilentIndex()
    begun = time.monotonic()
    done = empty.run(
        "query", "--build-images", "--timeout", "6s", asking(["humanize==4.11.0"], VERSION),
        more={"PIP_INDEX_URL": index.address, "UV_DEFAULT_INDEX": index.address},
    )  # fmt: skip
    assert done.returncode == 1
    assert "error TIMEOUT" in done.stderr, done.stderr
    # The installer alone would wait half a minute for an answer, and try again.
    assert time.monotonic() - begun < 20
    index.wait_for_a_knock()  # it was waiting for this one
    index.close()
    assert empty.left() == []
    assert processes_below(empty.folder) == []
