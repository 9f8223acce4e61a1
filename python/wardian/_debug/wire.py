"""A debugger in this process, which speaks the Debug Adapter Protocol over two pipes.

pydevd, the part of debugpy that debugs, needs no adapter between itself and a client, and no socket either: it takes whatever
receives and sends. So it works where there are no sockets and no processes to be had.
"""

from __future__ import annotations

import importlib.util
import os
import sys


class Wire:
    """Two pipes, as pydevd sees a socket."""

    def __init__(self, receiving: int, sending: int) -> None:
        self._receiving, self._sending = receiving, sending

    def recv(self, size: int) -> bytes:
        return os.read(self._receiving, size)

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while len(view):
            view = view[os.write(self._sending, view) :]

    def send(self, data: bytes) -> int:
        return os.write(self._sending, data)

    def settimeout(self, _seconds: float | None) -> None:
        """Pipes wait for ever."""

    def shutdown(self, _how: int) -> None:
        """The other side learns of the end when the process ends."""

    def close(self) -> None:
        """Likewise."""


def wait_for_client(folder: str, receiving: int, sending: int) -> None:
    """Loads debugpy from `folder`, and returns once a client has attached and said that it is ready.

    From then on a client may attach and detach as often as it likes.
    """
    # It warns of frozen modules of the standard library, in which nobody sets breakpoints here.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    if "debugpy" not in sys.modules:
        path = os.path.join(folder, "__init__.py")
        spec = importlib.util.spec_from_file_location("debugpy", path, submodule_search_locations=[folder])
        module = importlib.util.module_from_spec(spec)
        sys.modules["debugpy"] = module
        spec.loader.exec_module(module)
    import debugpy.server  # noqa: F401 - makes pydevd speak the protocol
    import pydevd

    pydevd.PyDB.create_wait_for_connection_thread = lambda debugger: debugger.initialize_network(
        Wire(receiving, sending), terminate_on_socket_close=False
    )
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    pydevd.settrace(
        host="127.0.0.1",  # never connected to
        port=0,
        suspend=False,
        wait_for_ready_to_run=False,
        block_until_connected=False,
        patch_multiprocessing=False,
        notify_stdin=False,
        dont_trace_start_patterns=(folder, os.path.join(ours, "_inside"), os.path.join(ours, "_debug")),
    )
    pydevd._wait_for_attach()


def end() -> None:
    """Lets what was said reach the client."""
    import pydevd

    pydevd.stoptrace()
