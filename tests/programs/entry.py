"""The entry module of the hostile programs: the request is a script, the reply says in JSON how it went.

A script may set `answer` to anything JSON can say. `inputs` and `outputs` are the descriptors of the call; `attempt` and
`syscall` try something and name what stood in the way.
"""

import errno
import json
import os
import sys
import traceback

import kernel


def rehearse() -> None:
    """Touch what `serve` touches."""
    serve(b"answer = 1", [], [])


def practise() -> None:
    """Likewise in the zygote."""
    rehearse()


def attempt(function, *arguments, **named) -> str:
    """ "done", or the name of the error that stood in the way: of the errno where there is one, else of the exception's type."""
    try:
        function(*arguments, **named)
    except OSError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)
    except Exception as error:  # noqa: BLE001
        return type(error).__name__
    return "done"


def serve(request: bytes, inputs: list[int], outputs: list[int], dialogue: object = None) -> bytes:
    """Run the script as `__main__` would."""
    names = {"__name__": "__main__", "inputs": inputs, "outputs": outputs, "os": os, "sys": sys, "attempt": attempt}
    names["syscall"], names["dialogue"] = kernel.syscall, dialogue
    try:
        exec(compile(request, "script", "exec"), names)  # noqa: S102 - that is what the sandbox is for
    except MemoryError:
        return b'{"error": "MemoryError"}'
    except BaseException as error:  # noqa: BLE001
        last = traceback.format_exception_only(type(error), error)[-1].strip()
        return json.dumps({"error": last, "errno": getattr(error, "errno", None)}).encode()[:60000]
    return json.dumps({"answer": names.get("answer")}).encode()
