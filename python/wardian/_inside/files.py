"""Files that a call is given, under the names by which a script looks for them."""

from __future__ import annotations

import contextlib
import os

from wardian._inside.failures import ScratchFull

# The folder in which the documentation of `external_artifacts` puts them, as scripts written for Windows spell it.
_FOLDERS = (".\\Temp", "C:\\Temp", "C:\\\\Temp")
# And their files, for which a backslash is a part of the name here.
_NAMES = ("{name}", ".\\Temp\\{name}", "C:\\Temp\\{name}", "C:\\\\Temp\\\\{name}")
_NAME_BYTES_MAX = 255
_scratch = ""
_placed: list[str] = []


def place_files(names: list[str], folder: str) -> None:
    """Link each file of `folder` into Temp in the working folder, in scratch. Nothing is copied; nobody can write to it."""
    global _scratch
    _scratch = os.getcwd()
    _placed[:] = names
    try:
        os.mkdir("Temp")
        for spelled in _FOLDERS:
            os.symlink("Temp", spelled)
        for name in names:
            os.symlink(os.path.join(folder, name), os.path.join("Temp", name))
            for spelled in (form.format(name=name) for form in _NAMES):
                if len(os.fsencode(spelled)) > _NAME_BYTES_MAX:
                    continue  # a name that is long enough by itself is found by itself
                with contextlib.suppress(FileExistsError):
                    os.symlink(os.path.join("Temp", name), spelled)
    except OSError as error:
        raise ScratchFull(
            f"The names of the call's {len(names)} files do not fit the sandbox's scratch space: {error.strerror}",
            "--sandbox-scratch sets its size.",
        ) from None


def placed() -> list[str]:
    """The names of the call's files."""
    return _placed


def scratch() -> str:
    """The folder that Temp is in, wherever the script went meanwhile."""
    return _scratch or os.environ.get("TMPDIR") or os.getcwd()
