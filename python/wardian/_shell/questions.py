"""What the editor asks the program while a text is typed."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterable
from typing import Any

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer


class Wire:
    """Lines of JSON, one out and one in."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        self.held = b""

    def take(self) -> bytes | None:
        """The next line; None at the end."""
        while b"\n" not in self.held:
            try:
                more = self.socket.recv(1 << 16)
            except ConnectionError:
                return None
            if not more:
                return None
            self.held += more
        line, self.held = self.held.split(b"\n", 1)
        return line

    def give(self, message: dict[str, Any]) -> None:
        # Half a character, as a terminal may send it, is no text.
        text = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            self.socket.sendall(text)
        except OSError:
            return

    def ask(self, message: dict[str, Any], otherwise: Any) -> Any:
        self.give(message)
        line = self.take()
        return otherwise if line is None else json.loads(line)

    def ended(self) -> bool:
        try:
            return not self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True


class KqlCompleter(Completer):
    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        # Bytes before the cursor: the program counts those.
        cursor = len(document.text_before_cursor.encode("utf-8", "replace"))
        question = {"complete": document.text, "cursor": cursor, "asked": event.completion_requested}
        answer = self.wire.ask(question, {"candidates": []})
        for one in answer["candidates"]:
            yield Completion(
                one["insert"],
                start_position=-answer["back"],
                display=one["label"],
                display_meta=one["detail"],
                style="class:completion." + one["kind"],
            )


class KqlLexer(Lexer):
    """Colours by the program's own reading of the text."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        spans = self.wire.ask({"colours": document.text}, [])
        lines: list[StyleAndTextTuples] = [[]]

        def add(style: str, text: str) -> None:
            for number, part in enumerate(text.split("\n")):
                if number:
                    lines.append([])
                if part:
                    lines[-1].append((style, part))

        end = 0
        for begin, stop, name in spans:
            add("", document.text[end:begin])
            add("class:kql." + name, document.text[begin:stop])
            end = stop
        add("", document.text[end:])
        return lambda number: lines[number] if number < len(lines) else []
