"""`wardian shell` as a person uses it: keys, history, the pager, Ctrl-C, in a terminal of our own."""

import json
import os
import signal
import stat
import time

import pytest
from terminal import ALT_ENTER, CLEAR, CTRL_C, CTRL_D, DOWN, ENTER, PASTE_BEGIN, PASTE_END, TAB, UP, Terminal
from wardian_program import WARDIAN

PROMPT = r"^default>$"
LONG = "range x from 1 to 1000000000000 step 1 | summarize sum(x)"


@pytest.fixture
def start(tmp_path):
    """Starts shells that share one home."""
    terminals = []

    def begin(*words: str, lines: int = 30, columns: int = 100, **variables: str) -> Terminal:
        given = {
            name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "PAGER", "LESS", "LINES", "COLUMNS")
        }
        given |= {"TERM": "xterm-256color", "XDG_STATE_HOME": str(tmp_path / "state"), "PAGER": "cat"} | variables
        terminals.append(Terminal([WARDIAN, "shell", *words], given, lines, columns))
        terminals[-1].wait_for(r"^default>")
        return terminals[-1]

    yield begin
    for terminal in terminals:
        terminal.close()


def history(tmp_path) -> list[str]:
    file = tmp_path / "state" / "wardian" / "history.jsonl"
    return [json.loads(line)["text"] for line in file.read_text().splitlines()]


def ask(shell: Terminal, text: str, pattern: str) -> None:
    """Enters the text on an empty screen, and waits for the pattern and the next prompt."""
    shell.type(CLEAR)
    shell.wait(lambda terminal: terminal.text == "default>")
    shell.type(text + ENTER)
    shell.wait(lambda terminal: terminal.line(0) != "default>")
    shell.wait_for(pattern)
    shell.wait(lambda terminal: terminal.cursor_line == "default>" and terminal.screen.cursor.y > 0)


def test_enter_runs_what_is_whole_and_begins_a_line_otherwise(start):
    shell = start()
    ask(shell, "print a = 6 * 7", r"^42\n\(1 row\)\n\(\d+ ms\)$")
    shell.type("print a = (1 +" + ENTER)
    shell.wait_for(r"^ +->$")
    shell.type("2) |" + ENTER)
    shell.wait_for(r"-> 2\) \|\n +->$")
    shell.type("extend b = 'x'" + ENTER)
    shell.wait_for(r"^3  x$")
    shell.wait(lambda terminal: terminal.cursor_line == "default>")
    shell.type("print 5" + ALT_ENTER + "| extend c = 1" + ENTER)
    shell.wait_for(r"^ +5  1$")
    shell.wait(lambda terminal: terminal.cursor_line == "default>")
    # An empty line ends a text whatever it lacks.
    shell.type("print 1 |" + ENTER + ENTER)
    shell.wait_for(r"error SYNTAX at query:1:10: Missing operator")


def test_errors_have_colours_where_they_are_taken(start):
    shell = start()
    ask(shell, "print strlenn(1)", r"\^\^\^\^\^\^\^\nhint: Did you mean strlen\?")
    assert b"\x1b[1;31merror UNKNOWN_FUNCTION\x1b[0m" in shell.raw and b"\x1b[1;31m^^^^^^^\x1b[0m" in shell.raw
    plain = start(NO_COLOR="1")
    ask(plain, "print strlenn(1)", r"hint: Did you mean strlen\?")
    assert b"\x1b[1;31m" not in plain.raw and b"\x1b[36m" not in plain.raw


def test_history_is_fetched_back_across_sessions(start, tmp_path):
    first, second = start(), start()
    ask(first, "print a = 1", r"^1$")
    first.type("print b = 2 |" + ENTER + "extend c = 3" + ENTER)
    first.wait_for(r"^2  3$")
    ask(second, "print d = 4", r"^4$")
    first.type(CTRL_D)
    assert first.wait_for_end() == 0
    third = start()
    third.type(UP)
    third.wait(lambda terminal: terminal.cursor_line == "default> print d = 4")
    third.type(UP)  # two lines, which come back as one text
    third.wait(lambda terminal: "-> extend c = 3" in terminal.text)
    third.type(ENTER)
    third.wait_for(r"^2  3$")
    assert history(tmp_path) == ["print a = 1", "print b = 2 |\nextend c = 3", "print d = 4", "print b = 2 |\nextend c = 3"]
    assert stat.S_IMODE((tmp_path / "state" / "wardian" / "history.jsonl").stat().st_mode) == 0o600
    # Entered by the others since this one began.
    second.type("print 1" + ENTER)
    second.wait_for(r"default> print 1\n")
    second.wait(lambda terminal: terminal.cursor_line == "default>")
    second.type(UP + UP)
    second.wait(lambda terminal: "-> extend c = 3" in terminal.text)
    second.type(CTRL_C)


@pytest.mark.parametrize("content", [b'\x00\xff{]\n{"text":5}\n{"text":"print 9"}\nhalf', None])
def test_a_history_that_cannot_be_used_is_told_once(start, tmp_path, content):
    file = tmp_path / "state" / "wardian" / "history.jsonl"
    file.parent.mkdir(parents=True)
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    shell = start()
    shell.wait_for("^warning: ")
    if content is not None:
        shell.type(UP)
        shell.wait(lambda terminal: terminal.cursor_line == "default> print 9")
        shell.type(CTRL_C)
    ask(shell, "print a = 1", r"^1\n\(1 row\)")
    ask(shell, "print a = 2", r"^2\n\(1 row\)")
    assert shell.raw.count(b"warning: ") == 1


def test_ctrl_c_cancels_the_query_and_the_session_goes_on(start):
    shell = start()
    shell.type(LONG + ENTER)
    shell.wait_for(r"default> range")
    time.sleep(0.5)
    begin = time.monotonic()
    shell.type(CTRL_C)
    shell.wait_for("error CANCELLED")
    assert time.monotonic() - begin < 1  # 0.1 s where nothing else runs
    ask(shell, "print a = 1", r"^1\n\(1 row\)")
    shell.type("print half")
    shell.wait(lambda terminal: terminal.cursor_line == "default> print half")
    shell.type(CTRL_C)
    shell.wait(lambda terminal: terminal.cursor_line == "default>")
    ask(shell, "print a = 2", r"^2\n\(1 row\)")
    shell.type(CTRL_D)
    assert shell.wait_for_end() == 0


def test_ctrl_c_ends_a_script_in_its_sandbox(start):
    shell = start()
    shell.type("print x = 1 | evaluate python(typeof(*), 'import time; time.sleep(100)')" + ENTER)
    time.sleep(2)
    shell.type(CTRL_C)
    shell.wait_for("error CANCELLED")
    ask(shell, "print a = 1", r"^1\n\(1 row\)")


def test_what_is_pasted_runs_with_enter(start):
    shell = start()
    shell.type(PASTE_BEGIN + "print a = 1\n| extend b = 2\n\n| extend c = 3" + PASTE_END)
    shell.wait(lambda terminal: "| extend c = 3" in terminal.text)
    shell.settle()
    assert "1 row" not in shell.text
    shell.type(ENTER)
    shell.wait_for(r"^1  2  3$")


def test_long_answers_go_through_the_pager(start, tmp_path):
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\nhead -n 3 | sed 's/^/paged /'\necho $LESS > {tmp_path}/less\n")
    pager.chmod(0o700)
    shell = start(PAGER=str(pager))
    ask(shell, "range x from 1 to 5 step 1", r"^5\n\(5 rows\)")
    assert "paged" not in shell.text
    ask(shell, "range x from 1 to 1000000 step 1", r"^paged +1$")
    assert "FRSX" in (tmp_path / "less").read_text()
    ask(shell, ".set pager off", PROMPT)
    ask(shell, "range x from 1 to 90 step 1", r"^90\n\(90 rows\)")
    none = start(PAGER="")
    ask(none, "range x from 1 to 90 step 1", r"^90\n\(90 rows\)")


def test_ctrl_c_in_the_pager_stops_the_query(start):
    shell = start(PAGER="more")
    shell.type("range x from 1 to 100000000000 step 1" + ENTER)
    shell.wait_for("--More--")
    shell.type(CTRL_C)
    shell.type("q")
    shell.wait(lambda terminal: terminal.cursor_line == "default>")
    ask(shell, "print a = 1", r"^1\n\(1 row\)")


def test_answers_fit_the_terminal_after_it_was_resized(start):
    shell = start(columns=60)
    query = "print a = strcat_array(repeat('ü', 90), ''), b = 1"
    ask(shell, query, r"…  1$")
    shell.resize(30, 160)
    ask(shell, query, r"ü  1$")


def test_control_characters_of_data_do_not_reach_the_terminal(start):
    shell = start()
    for form in ("table", "csv", "json", "jsonl"):
        ask(shell, f".set format {form}", PROMPT)
        ask(shell, r"print a = 'x\u001b]0;evil\u0007\u009b31m y'", r"^\(\d+ ms\)")
        assert b"\x1b]0;" not in shell.raw and b"\x07" not in shell.raw and "\x9b".encode() not in shell.raw


def test_tab_completes(start, tmp_path):
    (tmp_path / "t.csv").write_text("city,inhabitants\nParis,3\n")
    shell = start("--table", f"Towns={tmp_path / 't.csv'}", columns=120)
    shell.type("Tow" + TAB)
    shell.wait(lambda terminal: terminal.cursor_line == "default> Towns")
    shell.type(" | whe" + TAB + "inh" + TAB)
    shell.wait(lambda terminal: terminal.cursor_line == "default> Towns | where inhabitants")
    shell.type(" > 1 | summarize n = cou")
    shell.wait_for(r"^ +count +\(.*How many rows there are")  # the menu, with a line about each
    shell.type(TAB)  # what all of them begin with
    shell.wait(lambda terminal: terminal.cursor_line.endswith("n = count"))
    shell.type(TAB)  # the first of them
    shell.wait(lambda terminal: terminal.cursor_line.endswith("n = count()"))
    shell.type(ENTER)  # which is taken, and nothing runs yet
    shell.wait(lambda terminal: "How many rows" not in terminal.text)
    shell.type(ENTER)
    shell.wait_for(r"^1\n\(1 row\)")
    shell.wait(lambda terminal: terminal.cursor_line == "default>")
    shell.type("let limit = 5;" + ENTER)
    shell.wait_for("Kept for this session: limit")
    shell.wait(lambda terminal: terminal.cursor_line == "default>")
    shell.type("print lim" + TAB)
    shell.wait(lambda terminal: terminal.cursor_line == "default> print limit")
    shell.type(CTRL_C + ".sho" + TAB)
    shell.wait(lambda terminal: terminal.cursor_line == "default> .show")


def test_half_a_character_and_long_lines_at_the_prompt(start):
    shell = start()
    os.write(shell.fd, b"print a = '\xc3")
    shell.settle()
    shell.type("'" + CTRL_C)
    ask(shell, "print a = '" + "ü" * 500 + "' | project strlen(a)", r"^ +500$")


def test_charts_have_colours(start):
    shell = start()
    ask(shell, "range x from 1 to 9 step 1 | extend y = x * x, z = 2 * x | render linechart", r"● y   ● z")
    assert b"\x1b[36m" in shell.raw
    plain = start(NO_COLOR="1")
    ask(plain, "range x from 1 to 9 step 1 | extend y = x * x, z = 2 * x | render linechart", r"● y   ● z")
    assert b"\x1b[36m" not in plain.raw


def test_the_end_of_the_program_ends_all_and_leaves_the_history_whole(start, tmp_path):
    shell = start()
    ask(shell, "print a = 1", r"^1$")
    shell.type("print x = 1 | evaluate python(typeof(*), 'import time; time.sleep(100)')" + ENTER)
    time.sleep(1.5)
    children = children_of(shell.process)
    assert children
    os.kill(shell.process, signal.SIGKILL)
    assert shell.wait_for_end() == -signal.SIGKILL
    end = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{child}") and not is_zombie(child) for child in children):
        assert time.monotonic() < end, [child for child in children if os.path.exists(f"/proc/{child}")]
        time.sleep(0.05)
    assert history(tmp_path)[0] == "print a = 1" and len(history(tmp_path)) == 2


def test_signals_to_the_program(start):
    for sent in (signal.SIGTERM, signal.SIGHUP):
        shell = start()
        children = children_of(shell.process)
        os.kill(shell.process, sent)
        assert shell.wait_for_end() in (-sent, 0, 130)
        time.sleep(1)
        assert not [child for child in children if os.path.exists(f"/proc/{child}") and not is_zombie(child)]
    shell = start()
    os.kill(shell.process, signal.SIGINT)  # not of the keyboard: nothing runs that it could mean
    ask(shell, "print a = 1", r"^1\n\(1 row\)")


def test_a_simple_terminal_gets_a_simple_prompt(start):
    shell = start(TERM="dumb")
    shell.type("print a = 1 |\nextend b = 2\n")
    shell.wait_for(r"^1  2$")
    shell.type(CTRL_D)
    assert shell.wait_for_end() == 0
    assert b"\x1b" not in shell.raw


def test_down_comes_back(start):
    shell = start()
    ask(shell, "print a = 1", r"^1$")
    shell.type(UP + DOWN)
    shell.settle()
    assert shell.cursor_line == "default>"


def children_of(process: int) -> list[int]:
    made = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if parent == process:
            made += [int(name), *children_of(int(name))]
    return made


def is_zombie(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
