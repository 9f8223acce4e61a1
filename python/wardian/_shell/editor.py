"""The line editor: asked for texts by the program, by lines of JSON over a socket that is open already.

From the program: {"history": [...]} to be remembered, {"prompt": "..."} to be answered by {"entered": text},
{"dropped": true} (Ctrl-C) or {"leave": true} (Ctrl-D). While a text is typed the program answers {"whole": text},
{"complete": text, "cursor": bytes} and {"colours": text}, one line each, as `line_editor.h` says.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer
from prompt_toolkit.history import InMemoryHistory

from wardian._shell.keys import key_bindings
from wardian._shell.questions import KqlCompleter, KqlLexer, Wire
from wardian._shell.styles import STYLE, colour_depth


class Editor:
    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.history = InMemoryHistory()
        self.session = PromptSession(
            history=self.history,
            completer=self.completer(),
            lexer=KqlLexer(wire),
            key_bindings=key_bindings(wire),
            multiline=True,
            complete_while_typing=True,
            complete_in_thread=False,
            reserve_space_for_menu=8,
            style=STYLE,
            color_depth=colour_depth(),
            prompt_continuation=lambda width, line, wrapped: " " * width if wrapped else " " * (width - 3) + "-> ",
            include_default_pygments_style=False,
        )

    def completer(self) -> Completer:
        return KqlCompleter(self.wire)

    def remember(self, texts: list[str]) -> None:
        """Adds texts to what Up fetches back, and keeps out the repetition of the last one."""
        for text in texts:
            stored = self.history.get_strings()
            if not stored or stored[-1] != text:
                self.history.append_string(text)

    async def read(self, prompt: str) -> dict[str, object]:
        loop = asyncio.get_running_loop()
        loop.add_reader(self.wire.socket, self.end_with_the_program)
        try:
            return {"entered": await self.session.prompt_async(prompt, handle_sigint=False)}
        except KeyboardInterrupt:
            return {"dropped": True}
        except EOFError:
            return {"leave": True}
        finally:
            loop.remove_reader(self.wire.socket)

    def end_with_the_program(self) -> None:
        """Nothing is sent to us while a text is typed but answers, which are taken at once: this is the end of the program."""
        if self.wire.ended() and self.session.app.is_running:
            self.session.app.exit(exception=EOFError)


async def serve(editor: Editor) -> None:
    while (line := editor.wire.take()) is not None:
        message = json.loads(line)
        if "history" in message:
            editor.remember(message["history"])
        else:
            editor.wire.give(await editor.read(message["prompt"]))


def main() -> None:
    # While a query runs, Ctrl-C means the query.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
    asyncio.run(serve(Editor(Wire(socket.socket(fileno=int(sys.argv[1]))))))


if __name__ == "__main__":
    main()
