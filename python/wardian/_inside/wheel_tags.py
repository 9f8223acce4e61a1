"""Which wheels fit this Python, by their names. Source: PEP 425, 427, 600 and the specification "Binary distribution format"."""

from __future__ import annotations

import itertools
import os
import re
import sys
from typing import NamedTuple

# A wheel's name: distribution, version, perhaps a build number, then the tags of Python, ABI and platform.
_NAME = re.compile(
    r"(?P<name>[^-]+)-(?P<version>[^-]+)(-(?P<build>\d[^-]*))?-(?P<python>[^-]+)-(?P<abi>[^-]+)-(?P<platform>[^-]+)\.whl", re.I
)
# The versions of glibc that the older spellings of a platform stand for.
_OLD_SPELLINGS = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}
_GLIBC_MINOR_MIN = 5


class WheelName(NamedTuple):
    """A wheel's name, told apart; `tags` are spelled python-abi-platform."""

    file: str
    name: str
    version: str
    build: tuple[int, str]
    tags: frozenset[str]


def normalized(name: str) -> str:
    """A distribution's name as names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parse(file: str) -> WheelName | None:
    """None for what is no wheel's name."""
    found = _NAME.fullmatch(file)
    if found is None:
        return None
    build = re.match(r"(\d*)(.*)", found["build"] or "")
    tags = itertools.product(*(found[part].lower().split(".") for part in ("python", "abi", "platform")))
    return WheelName(
        file,
        normalized(found["name"]),
        found["version"].replace("_", "-"),
        (int(build[1] or 0), build[2]),
        frozenset("-".join(tag) for tag in tags),
    )


def of_metadata(file: str, info_folder: str, metadata: str) -> WheelName | None:
    """Likewise by what a wheel says of itself, in its folder name-version.dist-info."""
    name, _, version = info_folder[: -len(".dist-info")].partition("-")
    tags = [line.partition(":")[2].strip().lower() for line in metadata.splitlines() if line.lower().startswith("tag:")]
    return WheelName(file, normalized(name), version, (0, ""), frozenset(tags)) if name and version and tags else None


def supported() -> list[str]:
    """All tags that fit this Python, the best first."""
    major, minor = sys.version_info[:2]
    own = f"cp{major}{minor}"
    platforms = _platforms()
    threads = "t" if "t" in getattr(sys, "abiflags", "") else ""
    tags = [f"{own}-{own}{threads}-{platform}" for platform in platforms]
    if not threads:
        tags += [f"{own}-abi3-{platform}" for platform in platforms]
    tags += [f"{own}-none-{platform}" for platform in platforms]
    if not threads:
        tags += [f"cp{major}{older}-abi3-{platform}" for older in range(minor - 1, 1, -1) for platform in platforms]
    generic = [f"py{major}{minor}", f"py{major}", *(f"py{major}{older}" for older in range(minor - 1, -1, -1))]
    tags += [f"{python}-none-{platform}" for python in generic for platform in platforms]
    tags += [f"{python}-none-any" for python in (own, *generic)]
    return tags


def _platforms() -> list[str]:
    machine = os.uname().machine
    if machine == "x86_64" and sys.maxsize < 1 << 32:
        machine = "i686"
    spelled = [f"linux_{machine}"]
    glibc = _glibc()
    if glibc is not None and glibc[0] == 2:
        for minor in range(glibc[1], _GLIBC_MINOR_MIN - 1, -1):
            spelled.append(f"manylinux_2_{minor}_{machine}")
            if (2, minor) in _OLD_SPELLINGS:
                spelled.append(f"{_OLD_SPELLINGS[2, minor]}_{machine}")
    return spelled


def _glibc() -> tuple[int, int] | None:
    try:
        found = re.match(r"glibc (\d+)\.(\d+)", os.confstr("CS_GNU_LIBC_VERSION") or "")
    except (AttributeError, OSError, ValueError):  # another C library
        return None
    return (int(found[1]), int(found[2])) if found else None
