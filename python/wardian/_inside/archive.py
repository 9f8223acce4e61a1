"""A zip from anywhere: checked as a whole before a byte of it is unpacked, and unpacked within what was checked."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from typing import IO, NamedTuple

# More than a scratch space of usual size holds files; a directory beyond it would fill the memory before anybody could count.
_DIRECTORY_BYTES_MAX = 16 << 20
# Compressed far below what code and data come down to: somebody means to fill a disk. Counted from a size that hurts.
_RATIO_MAX = 200
_RATIO_COUNTS_FROM = 64 << 20
_DEPTH_MAX = 64
_NAME_BYTES_MAX = 255
_PIECE_BYTES = 1 << 18
_PAGE_BYTES = 4096
# What macOS adds for itself: a file of attributes for each file, under its name.
_OF_ANOTHER_SYSTEM = "__MACOSX"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_END_OF_DIRECTORY = b"PK\x05\x06"
_END_OF_DIRECTORY_64 = b"PK\x06\x06"
# C0, DEL and C1, separators of lines, what turns the direction of text, and halves of characters.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class PackageError(Exception):
    """An artifact that cannot be installed: which one, why, and what to do."""


class Member(NamedTuple):
    """A file of an archive: the parts of its path, and its entry."""

    parts: tuple[str, ...]
    entry: zipfile.ZipInfo

    @property
    def name(self) -> str:
        return "/".join(self.parts)


class Archive:
    """An opened zip. `what` names it in errors; `members` are its files. Folders are made for files only."""

    def __init__(self, file: IO[bytes], what: str) -> None:
        self.what = what
        size = file.seek(0, os.SEEK_END)
        self._check_directory(file, size)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, struct.error, ValueError, OverflowError) as error:
            raise self.refused(f"it is no zip that can be read ({type(error).__name__}: {error})") from None
        self.members = self._checked(size)

    def refused(self, why: str) -> PackageError:
        return PackageError(f"{self.what} cannot be installed: {why}")

    def unpack(self, member: Member, path: str) -> None:
        """One file, to a path of the caller's choice; its folder is there."""
        with self._reading(member), self._zip.open(member.entry) as source, open(path, "wb") as target:
            while piece := source.read(_PIECE_BYTES):
                target.write(piece)
            _check_length(member, target.tell())

    def read(self, member: Member) -> bytes:
        """One file's content; how much that is was checked."""
        with self._reading(member):
            content = self._zip.read(member.entry)
            _check_length(member, len(content))
        return content

    def _reading(self, member: Member) -> _Reading:
        return _Reading(self, member)

    def _check_directory(self, file: IO[bytes], size: int) -> None:
        """The size of the directory, before the whole of it is read. Whatever else is wrong, zipfile says."""
        tail_begin = max(0, size - 22 - 0xFFFF)
        file.seek(tail_begin)
        tail = file.read()
        at = tail.rfind(_END_OF_DIRECTORY)
        if at < 0 or at + 22 > len(tail):
            raise self.refused("it is no zip" if size else "it is empty")
        directory_bytes = struct.unpack_from("<L", tail, at + 12)[0]
        if directory_bytes == 0xFFFFFFFF and (wide := tail.rfind(_END_OF_DIRECTORY_64, 0, at)) >= 0 and wide + 56 <= len(tail):
            directory_bytes = struct.unpack_from("<Q", tail, wide + 40)[0]
        if directory_bytes > _DIRECTORY_BYTES_MAX:
            raise self.refused(f"its list of files has {directory_bytes} bytes; {_DIRECTORY_BYTES_MAX} are the most")

    def _checked(self, size: int) -> list[Member]:
        entries = self._zip.infolist()
        if not entries:
            raise self.refused("there is nothing in it")
        members = []
        files, folders = set(), set()
        for entry in entries:
            parts = self._parts(entry)
            if parts in files or (parts in folders and not entry.is_dir()):
                raise self.refused(f"{_shown(entry)} is in it twice")
            above = {parts[:depth] for depth in range(1, len(parts))}
            if not above.isdisjoint(files):
                raise self.refused(f"{_shown(entry)} lies in a file")
            folders |= above
            if entry.is_dir():
                folders.add(parts)
                continue
            files.add(parts)
            if parts[0] == _OF_ANOTHER_SYSTEM:
                continue
            self._check_kind(entry)
            members.append(Member(parts, entry))
        if not members:
            raise self.refused("there are only folders in it")
        self._check_overlaps(entries)
        total = sum(member.entry.file_size for member in members)
        if total > _RATIO_COUNTS_FROM and total > _RATIO_MAX * size:
            raise self.refused(f"its {size} bytes would become {total}: more than {_RATIO_MAX} times as many, a bomb")
        return members

    def _parts(self, entry: zipfile.ZipInfo) -> tuple[str, ...]:
        # The original: zipfile cuts what it shows at a zero byte.
        name = entry.orig_filename
        path = name[:-1] if name.endswith("/") else name
        parts = tuple(path.split("/"))
        flaw = ""
        if _UNPRINTABLE.search(name):
            flaw = "has control characters in its name"
        elif "\\" in name:
            flaw = "has a backslash in its name: in a zip, / parts folders"
        elif name.startswith("/") or (len(name) > 1 and name[1] == ":"):
            flaw = "has an absolute path"
        elif any(part in ("", ".", "..") for part in parts):
            flaw = "has a path that leads elsewhere"
        elif len(parts) > _DEPTH_MAX or any(len(part.encode("utf-8", "surrogatepass")) > _NAME_BYTES_MAX for part in parts):
            flaw = "has too long a path"
        if flaw:
            raise self.refused(f"{_shown(entry)} {flaw}")
        return parts

    def _check_kind(self, entry: zipfile.ZipInfo) -> None:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            what = "a link" if stat.S_ISLNK(kind) else "neither a file nor a folder"
            raise self.refused(f"{_shown(entry)} is {what}")
        if entry.flag_bits & _ENCRYPTED:
            raise self.refused(f"{_shown(entry)} is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.refused(
                f"{_shown(entry)} is compressed by method {entry.compress_type}; only deflated and stored files are read"
            )

    def _check_overlaps(self, entries: list[zipfile.ZipInfo]) -> None:
        """Files that share bytes are how a small zip holds much."""
        local_header = 30
        end = 0
        for entry in sorted(entries, key=lambda one: one.header_offset):
            if entry.header_offset < end:
                raise self.refused(f"{_shown(entry)} overlaps another file")
            end = entry.header_offset + local_header + entry.compress_size
        if end > self._zip.start_dir:
            raise self.refused("a file in it is longer than the zip")


class _Reading:
    """Tells what goes wrong while a file is unpacked in the archive's words."""

    def __init__(self, archive: Archive, member: Member) -> None:
        self._archive = archive
        self._member = member

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(
            error, (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError)
        ):
            raise self._archive.refused(f"{self._member.name} is damaged ({type(error).__name__}: {error})") from None


def _check_length(member: Member, length: int) -> None:
    """zipfile reads no more than was declared, but is content with less."""
    if length != member.entry.file_size:
        raise EOFError(f"{length} bytes instead of {member.entry.file_size}")


def whole_pages(size: int) -> int:
    return (size + _PAGE_BYTES - 1) // _PAGE_BYTES * _PAGE_BYTES


def _shown(entry: zipfile.ZipInfo) -> str:
    text = ascii(entry.orig_filename)
    return text if len(text) <= 200 else text[:199] + "…"
