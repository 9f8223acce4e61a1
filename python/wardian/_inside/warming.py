"""What is done before a call, so that the call need not: imports in the zygote, touched memory in a child."""

from __future__ import annotations

import json
import os
import struct

# So often that the interpreter has specialised the code: afterwards it runs faster and writes to fewer pages.
_WARM_CALLS = 12
# What nearly every call does, and no more: each page that is touched here costs a copy in every child.
_SCRIPT = """
df["b"] = df["a"] + kargs["by"]
result = df
"""
# Each buffer begins on a page of its own.
_BUFFERS = (struct.pack("<q", 7), struct.pack("<d", 1.5), struct.pack("<qq", 0, 3), b"abc")
# The call that does it, encoded once: a child has better things to do.
_REQUEST = json.dumps(
    {
        "script": _SCRIPT,
        "inputs": [
            {
                "variable": "df",
                "rows": 1,
                "bodies": [0],
                "columns": [
                    {"name": name, "type": kind, "file": 0, "nulls": 0, "validity": [0, 0], "values": values, "text": text}
                    for name, kind, values, text in (
                        ("a", "long", [0, 8], [0, 0]),
                        ("x", "real", [4096, 8], [0, 0]),
                        ("t", "string", [8192, 16], [12288, 3]),
                    )
                ],
            }
        ],
        "parameters": {"kargs": {"by": 2}},
        "files": [],
        "blobs": [],
        "modules": {"np": "numpy", "pd": "pandas"},
        "outputs": [
            {
                "variable": "result",
                "kind": "frame",
                "columns": [
                    {"name": name, "type": kind} for name, kind in (("a", "long"), ("x", "real"), ("t", "string"), ("b", "long"))
                ],
            },
            {"variable": "", "kind": "extras", "optional": True},
        ],
    }
).encode()


def warm_up() -> None:
    """Runs one call, through which everything that a call imports is imported. Leaves no thread and no open file."""
    import numpy  # noqa: F401
    import pandas
    import pyarrow
    import pyarrow.ipc  # noqa: F401

    from wardian._inside.plotly_show import wait_for_plotly

    wait_for_plotly()
    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    with pandas.option_context("mode.chained_assignment", "warn"):
        pandas.DataFrame({"k": [1, 1], "v": [1.0, 2.0]}).groupby("k").sum().merge(pandas.DataFrame({"k": [1]}), on="k")
    for _ in range(_WARM_CALLS):
        practise()


def practise() -> None:
    """One small call in the zygote, which has no place to write to, and may make memory files; a child is the other way round."""
    _one_call([os.memfd_create(f"rehearsal-{side}") for side in ("in", "out", "extras")])


def example() -> tuple[int, list[int], list[int]]:
    """Such a call as it comes to a child: the descriptors of its request, of its inputs and of its outputs."""
    request, given, *left = (os.memfd_create(f"example-{part}") for part in ("request", "in", "out", "extras"))
    os.write(request, _REQUEST)
    for page, data in enumerate(_BUFFERS):
        os.pwrite(given, data, page * 4096)
    return request, [given], left


def rehearse() -> None:
    """One small call through the same code as a real one: what it touches would fault later."""
    folder = os.environ.get("TMPDIR", "/tmp")
    paths = [os.path.join(folder, f".rehearsal-{os.getpid()}-{side}") for side in ("in", "out", "extras")]
    files = [os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600) for path in paths]
    for path in paths:
        os.unlink(path)
    _one_call(files)


def _one_call(files: list[int]) -> None:
    from wardian._inside.call import serve

    try:
        for page, data in enumerate(_BUFFERS):
            os.pwrite(files[0], data, page * 4096)
        reply = serve(_REQUEST, files[:1], files[1:])
        if b'"failure"' in reply:
            raise RuntimeError("the rehearsal failed: " + reply.decode())
    finally:
        for file in files:
            os.close(file)
