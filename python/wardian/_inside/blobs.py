"""Named blobs: bytes as they are, other objects as pickles, which are opened here and nowhere else."""

from __future__ import annotations

import io
import mmap
import pickle
from typing import Any

from wardian._inside.failures import BadResult, CallFailure, shown, told
from wardian._inside.memory_map import Piece

_PROTOCOL = 5
# How a pickle names the module of what the script itself defined: by a reference that no later call could follow.
_OF_THE_SCRIPT = b"\x8c\x08__main__"


class BlobNotOpened(CallFailure):
    """A pickle of an earlier call that cannot be opened in this one."""

    code = "script_error"


def write_blob(out: io.BufferedWriter, name: str, value: object) -> tuple[str, int]:
    """Appends its bytes; gives back how they are to be read ("bytes" or "pickle"), and how many they are."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        view = memoryview(value)
        out.write(view if view.contiguous else view.tobytes())
        return "bytes", view.nbytes
    begin = out.tell()
    # Straight into the file: a model may be half of what memory there is.
    try:
        pickle.Pickler(out, _PROTOCOL).dump(value)
        if not _holds(out, begin, _OF_THE_SCRIPT):
            return "pickle", out.tell() - begin
        why = "it refers to what the script itself defines"
    except (MemoryError, OSError):
        raise
    except Exception as error:
        why = told(error)
    out.seek(begin)
    out.truncate()
    try:
        import cloudpickle
    except ImportError:
        raise BadResult(
            f"The blob {shown(name)} cannot be pickled: {why}",
            "Install cloudpickle into the environment, or leave bytes, such as a model in a format of its own.",
        ) from None
    try:
        cloudpickle.dump(value, out, protocol=_PROTOCOL)
    except (MemoryError, OSError):
        raise
    except Exception as error:
        raise BadResult(
            f"The blob {shown(name)} cannot be pickled: {told(error)}",
            "Leave bytes, such as a model in a format of its own.",
        ) from None
    return "pickle", out.tell() - begin


def _holds(out: io.BufferedWriter, begin: int, pattern: bytes) -> bool:
    out.flush()
    # Undone at once: an output that somebody maps cannot be sealed.
    with mmap.mmap(out.fileno(), 0, access=mmap.ACCESS_READ) as file:
        return file.find(pattern, begin) >= 0


class GivenBlob:
    """One that a call is given for `kargs`."""

    __slots__ = ("_is_pickle", "_name", "_piece", "key")

    def __init__(self, spec: dict[str, Any], fd: int) -> None:
        self.key: str = spec["key"]
        self._name, self._is_pickle = spec["blob"], spec["pickle"]
        self._piece = Piece(fd, spec["offset"], spec["bytes"])

    def open(self) -> object:
        """What a script finds under the key: the bytes, or the object that was pickled, each time one of its own."""
        if not self._is_pickle:
            return bytes(self._piece.buffer())
        try:
            return pickle.loads(self._piece.buffer())  # noqa: S301 - sealed in, as its maker was
        except MemoryError:
            raise
        except BaseException as error:
            raise BlobNotOpened(
                f"The blob {shown(self._name)} cannot be opened here: {told(error)}",
                "A pickle needs the packages that it was made with.",
            ) from None


def with_blobs(parameters: dict[str, Any], given: list[GivenBlob]) -> dict[str, Any]:
    """The parameters, with the blobs opened in `kargs`."""
    if given:
        parameters["kargs"].update((blob.key, blob.open()) for blob in given)
    return parameters
