"""What keys do that is not usual."""

from __future__ import annotations

import os

from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completion
from prompt_toolkit.filters import Condition, has_completions, in_paste_mode
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from wardian._shell.questions import Wire

ASKED = CompleteEvent(completion_requested=True)


def letters(text: str, candidate: Completion) -> str:
    """What was typed of the candidate."""
    return text[len(text) + candidate.start_position :]


def key_bindings(wire: Wire) -> KeyBindings:
    keys = KeyBindings()
    searching = Condition(lambda: get_app().layout.is_searching)

    @keys.add("enter", filter=~in_paste_mode & ~searching)
    def run(event: KeyPressEvent) -> None:
        """Takes the candidate that is chosen; else runs a text that is whole; else begins a line."""
        buffer = event.current_buffer
        if buffer.complete_state and buffer.complete_state.current_completion:
            buffer.complete_state = None
        elif wire.ask({"whole": buffer.text}, True):
            buffer.cursor_position = len(buffer.text)
            buffer.validate_and_handle()
        else:
            buffer.newline(copy_margin=False)

    @keys.add("tab", filter=~searching)
    def complete(event: KeyPressEvent) -> None:
        """Takes the only candidate that begins with the letters, or what all of those share; else goes through the menu."""
        buffer = event.current_buffer
        state = buffer.complete_state
        if state and state.current_completion:
            buffer.complete_next()
            return
        found = state.completions if state else list(buffer.completer.get_completions(buffer.document, ASKED))
        text = buffer.document.text_before_cursor
        beginning = [one for one in found if one.text.lower().startswith(letters(text, one).lower())]
        shared = os.path.commonprefix([one.text for one in beginning])
        if len(found) == 1 or len(beginning) == 1:
            buffer.apply_completion((beginning or found)[0])
            buffer.complete_state = None
        elif beginning and len(shared) > len(letters(text, beginning[0])):
            buffer.apply_completion(Completion(shared, beginning[0].start_position))
            buffer.start_completion()
        elif found:
            buffer.cancel_completion()
            buffer.start_completion(select_first=True)

    @keys.add("escape", "enter", filter=~searching)
    def begin_line(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=False)

    @keys.add("escape", filter=has_completions, eager=False)
    def close_menu(event: KeyPressEvent) -> None:
        event.current_buffer.cancel_completion()

    return keys
