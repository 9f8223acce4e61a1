"""`wardian debug --listen`, driven by the Debug Adapter Protocol: in a process of its own and in a sandbox."""

from __future__ import annotations

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import pytest
from dap_client import DapClient, Debugged, Ended, debugged
from python_queries import python
from wardian_program import run

# Line 4 is where the tests stop first; the literal is indented as scripts in queries are.
SCRIPT = """
    def double(value):
        twice = value * 2
        return twice
    total = 0
    for x in df.x:
        total += double(int(x))
    print('sum', total)
    result = pd.DataFrame({'total': [total + kargs['more']]})
"""
WAYS = pytest.mark.parametrize("words", [(), ("--confined",)], ids=["unconfined", "confined"])


def keep(folder: pathlib.Path) -> pathlib.Path:
    operator = python("typeof(total:long)", SCRIPT, "bag_pack('more', 100)")
    ran = run("query", "--debug-python", folder, f"range x from 1 to 3 step 1 | {operator}")
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return keep(tmp_path_factory.mktemp("debugger") / "kept")


@pytest.fixture(params=["/tmp", "/var/tmp"])
def call_in_each_place(request: pytest.FixtureRequest) -> Iterator[pathlib.Path]:
    """In a place that is another one for scripts, and in one that they do not have: breakpoints are set by path."""
    with tempfile.TemporaryDirectory(prefix="wardian-debugger-", dir=request.param) as place:
        yield keep(pathlib.Path(place) / "kept")


@WAYS
def test_a_client_stops_looks_steps_and_goes_on(call_in_each_place: pathlib.Path, words: tuple[str, ...]) -> None:
    script = call_in_each_place / "script.py"
    with debugged(call_in_each_place, *words) as program:
        client = DapClient(program.port)
        (place,) = client.begin(script, [5], redirectOutput=True)
        assert place["verified"] and place["line"] == 5
        thread, frame = client.stopped()
        assert (frame["line"], frame["source"]["path"]) == (5, str(script))
        names = client.variables(frame, "Globals")
        assert "100" in names["kargs"]["value"]
        assert names["df"]["type"] == "DataFrame"
        assert client.value(frame, "df.x.tolist()") == "[1, 2, 3]"

        client.ask("next", threadId=thread)
        thread, frame = client.stopped()
        assert frame["line"] == 6
        client.ask("setBreakpoints", source={"path": str(script)}, breakpoints=[{"line": 3}])
        client.ask("continue", threadId=thread)
        thread, frame = client.stopped()
        assert (frame["line"], frame["name"]) == (3, "double")
        assert client.variables(frame, "Locals")["value"]["value"] == "1"
        client.ask("stepOut", threadId=thread)
        thread, frame = client.stopped()
        assert frame["line"] == 7
        client.ask("setBreakpoints", source={"path": str(script)}, breakpoints=[])
        client.ask("continue", threadId=thread)
        printed = ""
        while "sum 12" not in printed:
            printed += client.event("output")["output"]
        client.event("terminated")
        client.close()
        status, out, error = program.end()
    assert status == 0, error
    assert "sum 12" in out + error and "112" in out + error


@WAYS
def test_an_exception_is_stopped_at_and_told(tmp_path: pathlib.Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "kept"
    query = "print x = 1 | evaluate python(typeof(*), 'a = 1\\nresult = df[\"nowhere\"]')"
    assert run("query", "--debug-python", folder, query).returncode == 1
    with debugged(folder, *words) as program:
        client = DapClient(program.port)
        client.begin(folder / "script.py", [])
        client.event("terminated")
        client.close()
        status, _, error = program.end()
    assert status == 1
    assert "SCRIPT_ERROR" in error and "line 2" in error and "KeyError" in error


@WAYS
def test_clients_come_and_go(call: pathlib.Path, words: tuple[str, ...]) -> None:
    script = call / "script.py"
    with debugged(call, *words) as program:
        socket.create_connection(("127.0.0.1", program.port)).close()  # somebody who looks which ports are open
        with socket.create_connection(("127.0.0.1", program.port)) as stranger:
            stranger.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert stranger.recv(1) == b""
        half = DapClient(program.port)
        half.ask("initialize", adapterID="wardian-test")
        half._socket.sendall(b'Content-Length: 100\r\n\r\n{"half')
        half.close()
        first = DapClient(program.port)
        first.begin(script, [7])
        first.stopped()
        first.close()  # at its breakpoint, without a word: the script runs on
        status, out, error = program.end()
    assert status == 0, error
    assert "112" in out + error


@WAYS
def test_another_client_may_follow(tmp_path: pathlib.Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "kept"
    query = "print x = 1 | evaluate python(typeof(*), 'result = df')"
    assert run("query", "--debug-python", folder, query).returncode == 0
    lines = ["import time", "end = time.monotonic() + 90", "wait = True", "while wait and time.monotonic() < end:"]
    (folder / "script.py").write_text("\n".join([*lines, "    time.sleep(0.01)", "result = df"]))
    with debugged(folder, *words) as program:
        first = DapClient(program.port)
        first.begin(folder / "script.py", [5])
        first.stopped()
        first.ask("disconnect", terminateDebuggee=False)
        first.close()
        second = DapClient(program.port)
        second.begin(folder / "script.py", [5])
        thread, frame = second.stopped()
        assert frame["line"] == 5
        second.value(frame, "[globals().update(wait=False)]")
        second.ask("setBreakpoints", source={"path": str(folder / "script.py")}, breakpoints=[])
        second.ask("continue", threadId=thread)
        second.event("terminated")
        second.close()
        assert program.end()[0] == 0


@WAYS
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_wait_for_a_client(call: pathlib.Path, words: tuple[str, ...], number: int) -> None:
    with debugged(call, *words) as program:
        program.process.send_signal(number)
        assert program.end()[0] == 130
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", program.port))


@WAYS
def test_ctrl_c_ends_a_script_at_its_breakpoint(call: pathlib.Path, words: tuple[str, ...]) -> None:
    with debugged(call, *words) as program:
        client = DapClient(program.port)
        client.begin(call / "script.py", [5])
        client.stopped()
        program.process.send_signal(signal.SIGINT)
        assert program.end()[0] == 130
        with pytest.raises(Ended):
            client.event("no such event")
        client.close()


def test_the_process_ends_with_the_program(call: pathlib.Path) -> None:
    """kill -9 of the program takes the unconfined process along."""
    with debugged(call) as program:
        client = DapClient(program.port)
        client.begin(call / "script.py", [5])
        _, frame = client.stopped()
        pid = int(client.value(frame, "__import__('os').getpid()"))
        pidfd = os.pidfd_open(pid)
        program.process.kill()
        program.end()
        import select

        assert select.select([pidfd], [], [], 60)[0]
        os.close(pidfd)
        client.close()


def hostile(script: str, tmp_path: pathlib.Path) -> Debugged:
    folder = tmp_path / "kept"
    query = "print x = 1 | evaluate python(typeof(*), 'result = df')"
    assert run("query", "--debug-python", folder, query).returncode == 0
    (folder / "script.py").write_text(script)
    return debugged(folder, "--confined")


def test_a_script_cannot_have_the_client_do_something(tmp_path: pathlib.Path) -> None:
    """A client starts programs when its adapter asks it to (`runInTerminal`); a sealed script holds the adapter's line."""
    script = """
import json, os
def say(message):
    body = json.dumps(message).encode() if isinstance(message, dict) else message
    for fd in range(4, 40):  # 3 is the sandbox's own line: whoever speaks there ends the call
        try:
            os.write(fd, b"Content-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
        except OSError:
            pass
say({"seq": 1, "type": "request", "command": "runInTerminal", "arguments": {"cwd": "/", "args": ["touch", "/tmp/owned"]}})
say({"seq": 2, "type": "request", "command": "startDebugging", "arguments": {"request": "launch", "configuration": {}}})
say({"seq": 3, "type": "event", "event": "debugpyAttach", "body": {"request": "launch", "program": "/tmp/x"}})
say(b'{"seq": 4, "type": "event", "event": "output", "body": {"output": "x"}, "type": "request", "command": "runInTerminal"}')
say(b'{"seq": 5, "\\\\u0074ype": "request", "command": "runInTerminal", "type": "event", "event": "output"}')
say({"seq": 6, "type": "event", "event": "output", "body": {"output": "the last word"}})
result = df
"""
    with hostile(script, tmp_path) as program:
        client = DapClient(program.port)
        client.begin("nowhere.py", [])
        heard = client.events
        client.events = []
        while True:
            message = client.receive()
            heard.append(message)
            if message.get("event") == "terminated":
                break
        client.close()
    assert {message["type"] for message in heard} <= {"event", "response"}
    assert not [message for message in heard if message.get("event") == "debugpyAttach"]
    assert [message for message in heard if message.get("body") == {"output": "the last word"}]


def test_a_script_that_breaks_the_line_runs_on_without_a_debugger(tmp_path: pathlib.Path) -> None:
    script = """
import os, stat
for fd in range(3, 40):
    try:
        if stat.S_ISFIFO(os.fstat(fd).st_mode):
            os.write(fd, b"nonsense\\r\\n\\r\\n")
    except OSError:
        pass
result = df
"""
    with hostile(script, tmp_path) as program:
        client = DapClient(program.port)
        client.begin("nowhere.py", [])
        with pytest.raises(Ended):
            while True:
                client.receive()
        client.close()
        _, _, error = program.end()
    assert "broken the debugger's line" in error


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_client_of_another_user_is_turned_away(call: pathlib.Path) -> None:
    connect = "import socket, sys; print(socket.create_connection(('127.0.0.1', int(sys.argv[1]))).recv(1))"
    with debugged(call) as program:
        words = [sys.executable, "-I", "-c", connect, str(program.port)]
        stranger = subprocess.run(words, user=65534, group=65534, extra_groups=[], capture_output=True, text=True, timeout=60)
        assert stranger.stdout == "b''\n", stranger.stderr
        client = DapClient(program.port)
        client.begin(call / "script.py", [])
        client.event("terminated")
        client.close()
        status, _, error = program.end()
    assert status == 0
    assert "of another user" in error


def test_a_port_that_is_taken_is_told(call: pathlib.Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("debug", call, "--listen", taken.getsockname()[1])
    assert ran.returncode == 1
    assert "Cannot listen on port" in ran.stderr
