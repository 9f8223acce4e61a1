"""A small client of the Debug Adapter Protocol, and `wardian debug` as its peer.

Source: the protocol's specification, version 1.66: base protocol, and the requests used here.
"""

from __future__ import annotations

import json
import pathlib
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wardian_program import WARDIAN

ANSWER_TIME_MAX = 100


class Ended(Exception):
    """The other side has closed the connection."""


class DapClient:
    """One connection; every wait ends with a message or with an error."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_TIME_MAX)
        self._file = self._socket.makefile("rb")
        self._number = 0
        self.events: list[dict[str, Any]] = []  # that came while something else was awaited

    def send(self, command: str, **arguments: Any) -> int:
        self._number += 1
        request = {"seq": self._number, "type": "request", "command": command, "arguments": arguments}
        body = json.dumps(request).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return self._number

    def receive(self) -> dict[str, Any]:
        length = None
        while (line := self._file.readline()) != b"\r\n":
            if not line:
                raise Ended
            name, _, value = line.partition(b":")
            if name == b"Content-Length":
                length = int(value)
        body = self._file.read(length)
        if len(body) < length:
            raise Ended
        return json.loads(body)

    def answer(self, number: int) -> dict[str, Any]:
        """The body of the response to a request; events that come before it are kept."""
        while True:
            message = self.receive()
            if message["type"] == "response" and message["request_seq"] == number:
                assert message["success"], message
                return message.get("body") or {}
            if message["type"] == "event":
                self.events.append(message)

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        return self.answer(self.send(command, **arguments))

    def event(self, name: str) -> dict[str, Any]:
        """The body of the next event of that name."""
        for at, message in enumerate(self.events):
            if message["event"] == name:
                return self.events.pop(at).get("body") or {}
        while True:
            message = self.receive()
            if message["type"] == "event" and message["event"] == name:
                return message.get("body") or {}
            if message["type"] == "event":
                self.events.append(message)

    def begin(self, file: pathlib.Path | str, lines: list[int], **attach: Any) -> list[dict[str, Any]]:
        """Attaches, sets breakpoints and lets the script run; what was answered for each breakpoint."""
        self.ask("initialize", adapterID="wardian-test", linesStartAt1=True, columnsStartAt1=True, pathFormat="path")
        self.send("attach", justMyCode=True, **attach)  # answered when the peer likes
        self.event("initialized")
        places = self.ask("setBreakpoints", source={"path": str(file)}, breakpoints=[{"line": line} for line in lines])
        self.ask("configurationDone")
        return places["breakpoints"]

    def stopped(self) -> tuple[int, dict[str, Any]]:
        """The thread that stopped, and the frame in which it did."""
        thread = self.event("stopped")["threadId"]
        return thread, self.ask("stackTrace", threadId=thread)["stackFrames"][0]

    def variables(self, frame: dict[str, Any], scope: str) -> dict[str, dict[str, Any]]:
        scopes = {one["name"]: one for one in self.ask("scopes", frameId=frame["id"])["scopes"]}
        held = self.ask("variables", variablesReference=scopes[scope]["variablesReference"])["variables"]
        return {variable["name"]: variable for variable in held}

    def value(self, frame: dict[str, Any], expression: str) -> str:
        return self.ask("evaluate", expression=expression, frameId=frame["id"], context="watch")["result"]

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class Debugged:
    """`wardian debug --listen 0`, listening on `port`."""

    def __init__(self, folder: pathlib.Path, words: tuple[str, ...]) -> None:
        self.process = subprocess.Popen(
            [WARDIAN, "debug", str(folder), "--listen", "0", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", line)
        assert found, (line, self.process.stderr.read())
        self.port = int(found[1])
        # Read as it comes, or a script that prints much would wait.
        self._texts = ["", ""]
        self._readers = [
            threading.Thread(target=self._read, args=(at, stream))
            for at, stream in enumerate((self.process.stdout, self.process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, at: int, stream: Any) -> None:
        self._texts[at] = stream.read()

    def end(self) -> tuple[int, str, str]:
        """Waits; status, standard output behind the first line, standard error."""
        status = self.process.wait(timeout=ANSWER_TIME_MAX)
        for reader in self._readers:
            reader.join(timeout=ANSWER_TIME_MAX)
        return status, *self._texts


@contextmanager
def debugged(folder: pathlib.Path, *words: str) -> Iterator[Debugged]:
    """Ended, whatever happens."""
    program = Debugged(folder, words)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.process.terminate()
        program.end()
