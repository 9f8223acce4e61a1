"""Colours of the editor, from the terminal's own sixteen so that they suit its background."""

from __future__ import annotations

import os

from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

STYLE = Style.from_dict(
    {
        "kql.operator": "ansiblue bold",
        "kql.word": "ansiblue",
        "kql.function": "ansimagenta",
        "kql.text": "ansigreen",
        "kql.number": "ansicyan",
        "kql.comment": "ansibrightblack",
        "kql.wrong": "ansired",
        "kql.command": "ansiyellow",
        "completion-menu": "bg:ansibrightblack ansiwhite",
        "completion-menu.completion.current": "reverse",
    }
)


def colour_depth() -> ColorDepth | None:
    """NO_COLOR, whatever it says, asks for none."""
    return ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None
