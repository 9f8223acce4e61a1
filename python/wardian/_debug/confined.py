"""The entry module of a sandbox that debugs: one call, with a debugger beside the script where pipes to one are given.

The request is JSON: {"call": call.json of the folder, "script", "kargs", "name": what the script's file is called outside,
"debugger": where debugpy is}. The outputs are those of the call, and one more for the whole result.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

from wardian._debug import replay
from wardian._debug.kept_batches import asked_for
from wardian._inside import rehearse, warm_up

__all__ = ["rehearse", "serve", "warm_up"]


def show_script(name: str, text: str) -> None:
    """Has the script's file found under its name outside, where it is not shown there already: in scratch, which is also `/tmp`.

    A debugger trusts breakpoints in files that it finds.
    """
    with contextlib.suppress(OSError):
        if not os.path.exists(name):
            os.makedirs(os.path.dirname(name), exist_ok=True)
            with open(name, "w", encoding="utf-8", newline="") as file:
                file.write(text)


def serve(request: bytes, inputs: list[int], outputs: list[int], pipes: tuple[int, ...] = (), dialogue: Any = None) -> bytes:
    """Answers the one request, after a client has come where there are pipes. `dialogue`: of a script that takes batches."""
    asked = json.loads(request)
    inner = replay.request_of(asked["call"], asked["script"], asked["kargs"], asked["name"], asked["files_folder"])
    if pipes:
        from wardian._debug import wire

        show_script(asked["name"], asked["script"])
        wire.wait_for_client(asked["debugger"], *pipes)
    batches = None if dialogue is None else asked_for(dialogue)
    reply = replay.answered(inner, inputs, outputs[:-1], outputs[-1], batches)
    if pipes:
        wire.end()
    return reply
