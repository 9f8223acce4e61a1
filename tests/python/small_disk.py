"""A disk that is soon full, which only programs see that are run on it.

It is mounted in a namespace of mounts of its own, which a process holds that ends with its standard input: a test that is killed
leaves no mount, and tests beside it see none.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from wardian_program import WARDIAN, run

HOLD = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && echo mounted && exec cat'


class SmallDisk:
    """`folder` is where programs run on it have it; `seen` is the same as the test finds it."""

    def __init__(self, holder: int, folder: pathlib.Path) -> None:
        self.folder = folder
        self.seen = pathlib.Path(f"/proc/{holder}/root") / folder.relative_to("/")
        self._program = ("nsenter", f"--mount=/proc/{holder}/ns/mnt", WARDIAN)

    def run(self, *words: Any, **options: Any) -> subprocess.CompletedProcess[str]:
        """As `wardian_program.run`. The working folder is the root: nsenter leaves no other."""
        return run(*words, program=self._program, **options)


@contextlib.contextmanager
def small_disk(folder: pathlib.Path, size: str) -> Iterator[SmallDisk]:
    """`folder` is made. `size` as mount takes it: 3m."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small file system")
    folder.mkdir()
    holder = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", HOLD, "sh", size, folder],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        if holder.stdout.readline() != "mounted\n":
            pytest.skip(f"no small file system can be mounted here: {holder.stderr.read()}")
        yield SmallDisk(holder.pid, folder)
    finally:
        holder.communicate()
