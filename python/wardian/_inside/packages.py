"""Packages that a call brings: a zip of wheels, or of the folders of packages, unpacked into scratch and put on the search path.

The search path gets a folder for each zip, the last installed first, all before the image's own packages.
"""

from __future__ import annotations

import errno
import importlib
import importlib.machinery
import io
import mmap
import os
import re
import shutil
import sys

from wardian._inside import files, wheel_tags
from wardian._inside.archive import Archive, Member, PackageError, whole_pages

_SOURCE_DISTRIBUTION = re.compile(r"[^/]+-\d[^/]*\.(tar\.gz|tgz|tar\.bz2)", re.I)
# Of a wheel's `name-version.data` folder, what belongs beside its packages; programs and headers are of no use here.
_DATA_PARTS = ("purelib", "platlib")
_DESCRIPTION_BYTES_MAX = 1 << 16
_ENTRIES_OF_OURS = 8
_TOLD_MAX = 10
_installed: dict[tuple[int, ...], str] = {}  # folder by identity of the artifact's file


class NoRoom(PackageError, OSError):
    """The scratch space is too small: the call ends as SCRATCH_LIMIT."""


class _Tree:
    """What is to be unpacked: files of several archives by their paths in one folder."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, ...], tuple[Archive, Member]] = {}
        self.loose: set[str] = set()  # what lies at the top, and comes from no wheel

    def add(self, parts: tuple[str, ...], archive: Archive, member: Member) -> None:
        # Of two wheels that bring one file the later wins, as it does with pip.
        self.files[parts] = (archive, member)

    def modules(self) -> dict[str, Archive]:
        """The full names of the modules in it, and where they come from."""
        found = {}
        for (*folders, last), (archive, _) in self.files.items():
            stem = next((last[: -len(end)] for end in importlib.machinery.all_suffixes() if last.endswith(end)), None)
            if stem is not None and all(part.isidentifier() for part in folders):
                found[".".join(folders if stem == "__init__" else [*folders, stem])] = archive
        return found

    def compiled(self) -> list[tuple[str, ...]]:
        return [parts for parts in self.files if re.search(r"\.so(\.|$)", parts[-1])]


def install(name: str) -> None:
    """See offered/sandbox_utils.py."""
    path = _find(name)
    shown = os.path.basename(path)
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if _installed.get(identity) in sys.path:
            return
        archive = Archive(file, shown)
        root = os.path.join(files.scratch(), ".packages")  # no name of an artifact, nor of a script's own
        folder = _free_name(os.path.join(root, shown))
        staging = _free_name(os.path.join(root, ".unpacking"))
        try:
            os.makedirs(root, exist_ok=True)
            tree = _planned(archive, root)
            _check_room(tree, root, shown)
            os.mkdir(staging)
            _unpack(tree, staging)
            _check_loadable(tree, staging, shown)
            os.rename(staging, folder)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG and not isinstance(error, PackageError):
                raise archive.refused("it has a path that is too long to be unpacked") from None
            if isinstance(error, PackageError) or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            raise _no_room(f"{shown} does not fit the scratch space") from None
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            _remove_if_empty(root)
    _installed[identity] = folder
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    _show_beside_artifacts(folder, tree.loose)


def _find(name: str) -> str:
    """The artifact's file. Its name may have the folder before it, and other letters, as in the documentation's example."""
    if not isinstance(name, str):
        raise PackageError(f"The name of an artifact is needed, not {type(name).__name__}")
    there = files.placed()
    last = re.split(r"[/\\]", name)[-1]
    for candidates in ([one for one in there if one == last], [one for one in there if one.casefold() == last.casefold()]):
        if candidates:
            return os.path.join(files.scratch(), "Temp", candidates[0])
    if os.path.isfile(name):  # one that the script wrote itself
        return name
    known = f"there are {', '.join(sorted(there))}" if there else "there are none"
    raise PackageError(f"No artifact is called {name!r}; {known}. Name it in external_artifacts = bag_pack({last!r}, place).")


def _planned(archive: Archive, root: str) -> _Tree:
    """Everything that is to be unpacked, each wheel looked at, nothing written."""
    tree = _Tree()
    if (described := _description(archive)) is not None:  # the artifact is a wheel, whatever it is called
        wheel = _chosen_by_tags(archive, [_own_name(archive, described)])
        if not _is_in_image(wheel):
            _add_wheel(tree, archive, wheel)
        _check_not_imported(tree, archive)
        return tree
    wheels, loose = [], []
    for member in archive.members:
        (wheels if member.parts[-1].lower().endswith(".whl") else loose).append(member)
    sources = [member.name for member in loose if _SOURCE_DISTRIBUTION.fullmatch(member.name)]
    if sources and (wheels or len(sources) == len(loose)):
        raise archive.refused(f"{sources[0]} is a source distribution: make a wheel of it with `pip wheel`")
    room = _free_bytes(root)
    for member, wheel in _chosen(archive, wheels):
        if member.entry.file_size > room:
            raise _no_room(f"{member.name} in {archive.what} has {member.entry.file_size} bytes, and {room} are free")
        room -= member.entry.file_size
        _add_wheel(tree, Archive(io.BytesIO(archive.read(member)), f"{member.parts[-1]} in {archive.what}"), wheel)
    for member in loose:
        tree.add(member.parts, archive, member)
        tree.loose.add(member.parts[0])
    _check_not_imported(tree, archive)
    return tree


def _description(archive: Archive) -> Member | None:
    """What a wheel says of itself; None in what is no wheel."""
    for member in archive.members:
        if len(member.parts) == 2 and member.parts[0].endswith(".dist-info") and member.parts[1] == "WHEEL":
            return member
    return None


def _own_name(archive: Archive, described: Member) -> wheel_tags.WheelName:
    if described.entry.file_size > _DESCRIPTION_BYTES_MAX:
        raise archive.refused(f"{described.name} has {described.entry.file_size} bytes")
    wheel = wheel_tags.of_metadata(archive.what, described.parts[0], archive.read(described).decode("utf-8", "replace"))
    if wheel is None:
        raise archive.refused(f"{described.name} says nothing of the Python that the wheel is for")
    return wheel


def _chosen(archive: Archive, wheels: list[Member]) -> list[tuple[Member, wheel_tags.WheelName]]:
    """Of each distribution the wheel that fits best."""
    by_name: dict[str, list[wheel_tags.WheelName]] = {}
    members = {}
    for member in wheels:
        wheel = wheel_tags.parse(member.parts[-1])
        if wheel is None:
            raise archive.refused(f"{member.name} has no wheel's name: name-version-python-abi-platform.whl")
        by_name.setdefault(wheel.name, []).append(wheel)
        members[wheel] = member
    chosen = []
    for candidates in by_name.values():
        wheel = _chosen_by_tags(archive, candidates)
        if not _is_in_image(wheel):
            chosen.append((members[wheel], wheel))
    return chosen


def _chosen_by_tags(archive: Archive, candidates: list[wheel_tags.WheelName]) -> wheel_tags.WheelName:
    rank = {tag: place for place, tag in enumerate(wheel_tags.supported())}
    fitting = [wheel for wheel in candidates if not wheel.tags.isdisjoint(rank)]
    if not fitting:
        found = ", ".join(sorted(wheel.file for wheel in candidates))
        best = next(iter(rank))
        raise archive.refused(
            f"no wheel of {candidates[0].name} is for this Python, which takes {best}, abi3 and older manylinux, "
            f"py{sys.version_info[0]}-none-any. There is: {found}"
        )
    versions = sorted({wheel.version for wheel in fitting})
    if len(versions) > 1:
        raise archive.refused(f"it has {fitting[0].name} in several versions: {', '.join(versions)}")
    return min(fitting, key=lambda wheel: (min(rank[tag] for tag in wheel.tags if tag in rank), -wheel.build[0], wheel.build[1]))


def _is_in_image(wheel: wheel_tags.WheelName) -> bool:
    """The very version is there already, perhaps imported: `pip wheel` packs all dependencies."""
    from importlib import metadata

    try:
        return metadata.version(wheel.name) == wheel.version
    except metadata.PackageNotFoundError:
        return False


def _check_not_imported(tree: _Tree, archive: Archive) -> None:
    """What is imported stays what it is: half of one version and half of another helps nobody."""
    found: dict[str, str] = {}
    for module, source in sorted(tree.modules().items()):
        place = getattr(sys.modules.get(module), "__file__", None)
        if place is not None:
            found.setdefault(source.what, f"{module} of {source.what} (there is {place})")
    if found:
        more = f" and {len(found) - _TOLD_MAX} more" if len(found) > _TOLD_MAX else ""
        raise archive.refused(
            f"it has what is imported already: {', '.join(list(found.values())[:_TOLD_MAX])}{more}. Leave it out of the zip, "
            "install before the import, or use an image that has the other version"
        )


def _add_wheel(tree: _Tree, archive: Archive, wheel: wheel_tags.WheelName) -> None:
    infos = {member.parts[0] for member in archive.members if member.parts[0].endswith(".dist-info")}
    if len(infos) != 1:
        raise archive.refused("it is no wheel: a wheel has one folder name-version.dist-info")
    info = wheel_tags.normalized(infos.pop()[: -len(".dist-info")].split("-")[0])
    if info != wheel.name:
        raise archive.refused(f"it is called {wheel.name}, and is a wheel of {info}")
    for member in archive.members:
        parts = member.parts
        if parts[0].endswith(".data") and len(parts) > 2:
            if parts[1] not in _DATA_PARTS:
                continue
            parts = parts[2:]
        tree.add(parts, archive, member)


def _free_bytes(folder: str) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def _check_room(tree: _Tree, root: str, shown: str) -> None:
    sizes = [member.entry.file_size for _, member in tree.files.values()]
    folders = {parts[:depth] for parts in tree.files for depth in range(1, len(parts))}
    needed, free = sum(map(whole_pages, sizes)), _free_bytes(root)
    if needed > free:
        raise _no_room(f"{shown} becomes {needed} bytes, and {free} are free")
    status = os.statvfs(root)
    if status.f_files and len(sizes) + len(folders) + len(tree.loose) + _ENTRIES_OF_OURS > status.f_favail:
        raise _no_room(f"{shown} has {len(sizes)} files in {len(folders)} folders, and {status.f_favail} are free", "")


def _no_room(why: str, remedy: str = "--sandbox-scratch sets its size; ") -> NoRoom:
    return NoRoom(errno.ENOSPC, f"{why} in the scratch space: {remedy}an image can have what is too large for it")


def _unpack(tree: _Tree, folder: str) -> None:
    for parts, (archive, member) in tree.files.items():
        path = os.path.join(folder, *parts)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            archive.unpack(member, path)
        except (NotADirectoryError, IsADirectoryError, FileExistsError):
            raise archive.refused(f"{member.name} is a file here and a folder in another wheel") from None


def _check_loadable(tree: _Tree, folder: str, shown: str) -> None:
    """Compiled modules need a scratch space that code may be mapped from: everywhere but on some hosts without namespaces."""
    for parts in tree.compiled()[:1]:
        with open(os.path.join(folder, *parts), "rb") as file:
            if not os.fstat(file.fileno()).st_size:
                return
            try:
                mmap.mmap(file.fileno(), 1, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC).close()
            except OSError as error:
                raise PackageError(
                    f"{shown} cannot be installed: it has compiled modules ({'/'.join(parts)}), which this machine loads from an "
                    f"image only ({error.strerror}). Use an image that has the package."
                ) from None


def _free_name(path: str) -> str:
    number, name = 1, path
    while os.path.lexists(name):
        number += 1
        name = f"{path}-{number}"
    return name


def _remove_if_empty(folder: str) -> None:
    try:
        os.rmdir(folder)
    except OSError:  # something was installed
        return


def _show_beside_artifacts(folder: str, names: set[str]) -> None:
    """Data in a zip is looked for where artifacts are."""
    place = os.path.join(files.scratch(), "Temp")
    os.makedirs(place, exist_ok=True)
    for name in names:
        beside = os.path.join(place, name)
        if not os.path.lexists(beside):
            os.symlink(os.path.join(folder, name), beside)
