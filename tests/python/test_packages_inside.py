"""`sandbox_utils.Zipackage` as it runs inside, here without a sandbox. No program is needed.

Source of what install does: Kusto's page "Python plugin", section "Install packages for the Python plugin".
"""

from __future__ import annotations

import importlib
import io
import os
import pathlib
import stat
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable

import pytest
from wheels import wheel, zip_of_wheels, zipped

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python"))

from wardian._inside import archive, files, packages, wheel_tags  # noqa: E402


@pytest.fixture
def sandbox(tmp_path, monkeypatch) -> Callable[..., Callable[[str], None]]:
    """A scratch folder with artifacts; gives `install`. Search path and modules are afterwards what they were."""
    scratch, shown = tmp_path / "scratch", tmp_path / "shown"
    scratch.mkdir()
    shown.mkdir()
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # as it is in a sandbox
    monkeypatch.setattr(packages, "_installed", {})
    modules = set(sys.modules)

    def start(**artifacts: bytes) -> Callable[[str], None]:
        names = {name.replace("_zip", ".zip"): content for name, content in artifacts.items()}
        for name, content in names.items():
            (shown / name).write_bytes(content)
        fresh = scratch / str(len(os.listdir(scratch)))
        fresh.mkdir()
        monkeypatch.chdir(fresh)
        files.place_files(list(names), str(shown))
        from sandbox_utils import Zipackage

        return Zipackage.install

    yield start
    for name in set(sys.modules) - modules:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    importlib.invalidate_caches()


def test_the_documented_example(sandbox) -> None:
    """The artifact is called faker.zip there, and the script says Faker.zip."""
    install = sandbox(
        faker_zip=zip_of_wheels(
            wheel(
                "Faker", "1.0", {"faker/__init__.py": "import tests_dateutil\nclass Faker:\n    def name(self): return 'Gary'\n"}
            ),
            wheel("tests_dateutil", "2.0", {"tests_dateutil.py": "x = 1\n"}),
        )
    )
    install("Faker.zip")
    module = importlib.import_module("faker")
    assert module.Faker().name() == "Gary"
    assert importlib.import_module("importlib.metadata").version("faker") == "1.0"


def test_folders_of_packages_and_their_data(sandbox) -> None:
    install = sandbox(
        own_zip=zipped(
            {"own_pkg/__init__.py": "", "own_pkg/words.txt": "inside", "own_pkg/deep/__init__.py": "y = 2", "loose.bin": b"\0\1"}
        )
    )
    install(r"C:\Temp\own.zip")
    module = importlib.import_module("own_pkg")
    assert pathlib.Path(module.__file__).with_name("words.txt").read_text() == "inside"
    assert importlib.import_module("importlib.resources").files(module).joinpath("words.txt").read_text() == "inside"
    assert importlib.import_module("own_pkg.deep").y == 2
    # Data is found where artifacts are, too.
    assert pathlib.Path("Temp/loose.bin").read_bytes() == b"\0\1"
    assert pathlib.Path("C:\\Temp/own_pkg/words.txt").read_text() == "inside"


def test_what_a_mac_adds_is_passed_over(sandbox) -> None:
    name, content = wheel("from_a_mac", "1", {"from_a_mac.py": ""})
    sandbox(x_zip=zipped({name: content, f"__MACOSX/._{name}": "attributes"}))("x.zip")
    assert importlib.import_module("from_a_mac")


def test_a_wheel_may_be_the_artifact_itself(sandbox) -> None:
    name, content = wheel(
        "solo_pkg",
        "1",
        {"solo_pkg.py": "z = 3", "solo_pkg-1.data/purelib/beside.py": "w = 4", "solo_pkg-1.data/scripts/run": "#!"},
    )
    install = sandbox(**{name: content, "other_zip": content})
    install(name)
    assert importlib.import_module("solo_pkg").z == 3
    assert importlib.import_module("beside").w == 4
    assert "solo_pkg.py" in os.listdir(f".packages/{name}") and "run" not in os.listdir(f".packages/{name}")
    install("other.zip")  # the same version is there: nothing to do, nothing wrong


def test_two_installs_and_one_twice(sandbox) -> None:
    install = sandbox(
        a_zip=zip_of_wheels(wheel("two_a", "1", {"two_a.py": "v = 'a'", "two_shared/a.py": ""})),
        b_zip=zip_of_wheels(wheel("two_b", "1", {"two_b.py": "v = 'b'", "two_shared/b.py": ""})),
    )
    install("a.zip")
    install("a.zip")
    install("b.zip")
    assert [importlib.import_module(name).v for name in ("two_a", "two_b")] == ["a", "b"]
    assert importlib.import_module("two_shared.a") and importlib.import_module("two_shared.b")
    assert sum("/.packages/" in folder for folder in sys.path) == 2
    assert sorted(os.listdir(".packages")) == ["a.zip", "b.zip"]


def test_what_is_not_imported_yet_gives_way_and_what_is_does_not(sandbox, tmp_path) -> None:
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "image_pkg.py").write_text("v = 'of the image'")
    sys.path.append(str(tmp_path / "image"))
    install = sandbox(new_zip=zip_of_wheels(wheel("image_pkg", "2", {"image_pkg.py": "v = 'of the zip'"})))
    install("new.zip")
    assert importlib.import_module("image_pkg").v == "of the zip"
    import numpy

    files = ("numpy", {"numpy/__init__.py": ""}), ("pytest", {"pytest/__init__.py": ""})
    late = sandbox(late_zip=zip_of_wheels(*(wheel(name, "0.1", content) for name, content in files)))
    with pytest.raises(archive.PackageError, match="imported already: numpy of numpy-0.1.*, pytest of pytest-0.1.*Leave it out"):
        late("late.zip")
    same = sandbox(same_zip=zip_of_wheels(wheel("numpy", numpy.__version__, {"numpy/__init__.py": ""})))
    same("same.zip")


def test_the_wheel_that_fits_best_is_taken(sandbox) -> None:
    tags = wheel_tags.supported()
    install = sandbox(
        best_zip=zip_of_wheels(
            wheel("best", "1", {"best.py": "v = 'any'"}),
            wheel("best", "1", {"best.py": "v = 'own'"}, tags[0]),
            wheel("best", "1", {"best.py": "v = 'windows'"}, "cp311-cp311-win_amd64"),
        )
    )
    install("best.zip")
    assert importlib.import_module("best").v == "own"


def entry(name: str, mode: int = 0, content: bytes = b"x", **attributes: object) -> bytes:
    """A zip of one file with something wrong about it."""
    info = zipfile.ZipInfo("placeholder")
    info.filename = info.orig_filename = name
    info.external_attr = mode << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(info, content)
        for attribute, value in attributes.items():
            setattr(made.filelist[0], attribute, value)
    return out.getvalue()


def twice(first: str, second: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.writestr(first, "1")
        made.writestr(second, "2")
    return out.getvalue()


def overlapping() -> bytes:
    """Two entries of the directory that mean the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a", b"x" * 100)
        made.writestr("b", b"x" * 100)
        made.filelist[1].header_offset = 0
    return out.getvalue()


def with_sizes(declared: int) -> bytes:
    """A file that says that it has other bytes than it has, in zip64 where that is large."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.py", b"x" * 1000)
        made.filelist[0].file_size = declared
    return out.getvalue()


def long_directory() -> bytes:
    """The end says that the directory before it is larger than anybody's."""
    content = bytearray(zipped({"a": "x"}))
    struct.pack_into("<L", content, content.rindex(b"PK\5\6") + 12, 1 << 30)
    return bytes(content)


FLAGGED = "cp311-cp311-win_amd64"
HOSTILE = {
    "empty file": (b"", "it is empty"),
    "no zip": (b"PK but no more", "it is no zip"),
    "another format": (b"\x1f\x8b\x08" + b"\0" * 100, "it is no zip"),
    "cut": (zipped({"a.py": "x" * 1000})[:-30], "it is no zip"),
    "nothing in it": (zipped({}), "nothing in it"),
    "only a folder": (zipped({"a/": ""}), "only folders"),
    "slip": (entry("../a.py"), "'../a.py' has a path that leads elsewhere"),
    "slip within": (entry("a/../../b.py"), "leads elsewhere"),
    "dot": (entry("./a.py"), "leads elsewhere"),
    "doubled slash": (entry("a//b.py"), "leads elsewhere"),
    "absolute": (entry("/etc/passwd"), "absolute path"),
    "drive": (entry("C:/a.py"), "absolute path"),
    "backslash": (entry("..\\a.py"), "backslash"),
    "zero byte": (entry("a.py\0.txt"), "control characters"),
    "line break": (entry("a\n.py"), "'a\\n.py' has control characters"),
    "escape": (entry("\x1b[2J.py"), "'\\x1b[2J.py' has control characters"),
    "right to left": (entry("a\u202eyp.exe"), "control characters"),
    "long name": (entry("a" * 300), "too long"),
    "deep": (entry("a/" * 100 + "b"), "too long"),
    "link": (entry("a", stat.S_IFLNK | 0o777, b"/etc/passwd"), "'a' is a link"),
    "device": (entry("a", stat.S_IFCHR | 0o666), "neither a file nor a folder"),
    "pipe": (entry("a", stat.S_IFIFO | 0o666), "neither a file nor a folder"),
    "encrypted": (entry("a", flag_bits=1), "encrypted"),
    "twice": (twice("a.py", "a.py"), "in it twice"),
    "file and folder": (twice("a", "a/b"), "lies in a file"),
    "folder and file": (twice("a/b", "a"), "in it twice"),
    "overlap": (overlapping(), "overlaps another file"),
    "beyond the end": (entry("a", compress_size=1 << 20), "longer than the zip"),
    "fewer bytes than it says": (with_sizes(2000), "a.py is damaged"),
    "more bytes than it says": (with_sizes(10), "a.py is damaged"),
    "terabytes": (with_sizes(1 << 45), "a bomb"),
    "directory": (long_directory(), "list of files has 1073741824 bytes"),
    "bzip2": (zipped({"a.py": "x"}, zipfile.ZIP_BZIP2), "compressed by method 12"),
    "lzma": (zipped({"a.py": "x"}, zipfile.ZIP_LZMA), "compressed by method 14"),
    "no wheel's name": (zipped({"a.whl": "x"}), "no wheel's name"),
    "a wheel that is none": (zip_of_wheels(("a-1-py3-none-any.whl", b"x")), "cannot be installed: it is no zip"),
    "a wheel without metadata": (zip_of_wheels(("a-1-py3-none-any.whl", zipped({"a.py": ""}))), "one folder name-version"),
    "a wheel of something else": (zip_of_wheels(("a-1-py3-none-any.whl", wheel("b", "1", {})[1])), "a wheel of b"),
    "a wheel with a slip": (zip_of_wheels(("a-1-py3-none-any.whl", entry("../a.py"))), "leads elsewhere"),
    "another platform": (zip_of_wheels(wheel("a", "1", {}, FLAGGED)), "for this Python.*There is: a-1-cp311-cp311-win_amd64.whl"),
    "another Python": (zip_of_wheels(wheel("a", "1", {}, "cp27-none-any")), "no wheel of a is for this Python"),
    "two versions": (zip_of_wheels(wheel("a", "1", {}), wheel("a", "2", {})), "a in several versions: 1, 2"),
    "source": (zipped({"a-1.0.tar.gz": "x"}), "source distribution: make a wheel"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_and_broken_zips(sandbox, case: str) -> None:
    """A clear error, and nothing left behind."""
    content, said = HOSTILE[case]
    install = sandbox(x_zip=content)
    before, path = sorted(os.walk("..")), list(sys.path)
    with pytest.raises(archive.PackageError, match="x.zip.*" + said.replace("\\", "\\\\").replace("[", "\\[")):
        install("x.zip")
    assert sorted(os.walk("..")) == before and sys.path == path


def test_names_that_are_no_utf8(sandbox) -> None:
    content = zipped({"aa.py": "x"}).replace(b"aa.py", b"\xff\xfe.py")
    content = content.replace(b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\0\x08").replace(
        b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\0\x08"
    )
    with pytest.raises(archive.PackageError, match="no zip that can be read .UnicodeDecodeError"):
        sandbox(x_zip=content)("x.zip")


def test_what_does_not_fit_scratch(sandbox, monkeypatch) -> None:
    """SCRATCH_LIMIT outside, for it is an OSError of a full disk; told before anything is written."""
    install = sandbox(
        x_zip=zipped({"big.bin": b"\0" * (2 << 20)}), w_zip=zip_of_wheels(wheel("w", "1", {"w.py": "x" * (2 << 20)}))
    )
    real = os.statvfs("/")
    room = os.statvfs_result((4096, 4096, 256, 256, 256, real.f_files, real.f_ffree, 1000, real.f_flag, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: room)
    for name in ("x.zip", "w.zip"):
        with pytest.raises(OSError, match=f"{name} becomes 2[0-9]* bytes, and 1048576 are free.*--sandbox-scratch.*image"):
            install(name)
    few = os.statvfs_result((4096, 4096, 10**6, 10**6, 10**6, 1000, 1000, 4, real.f_flag, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: few)
    with pytest.raises(OSError, match="1 files in 0 folders, and 4 are free"):
        install("x.zip")
    assert not os.path.exists(".packages")


def test_unknown_artifacts(sandbox) -> None:
    install = sandbox(x_zip=zipped({"a.py": ""}))
    with pytest.raises(archive.PackageError, match="No artifact is called 'y.zip'; there are x.zip"):
        install("y.zip")
    with pytest.raises(archive.PackageError, match="not int"):
        install(7)


def test_tags_are_those_that_pip_would_take() -> None:
    """Source: the packaging library's own list."""
    tags = pytest.importorskip("packaging.tags")
    known = [str(tag) for tag in tags.sys_tags()]
    ours = wheel_tags.supported()
    assert ours == [tag for tag in known if tag in set(ours)]
    assert set(known) == set(ours)
