"""Runs the call that this folder holds, as its query did, but without a sandbox: `python run.py`.

Needs the query's Python environment. It reads script.py and kargs.json as they are now, so both may be changed; prints what the
script prints and the first rows of its result, and writes the whole result to result.arrow.
"""

import importlib.util
import json
import os
import sys
import types

FOLDER = os.path.dirname(os.path.abspath(__file__))


def show_package(folder: str) -> None:
    """Has `wardian` found where the query's program had it; where that is gone, as any package is."""
    if os.path.isdir(os.path.join(folder, "_debug")):
        package = types.ModuleType("wardian")
        package.__path__ = [folder]
        sys.modules["wardian"] = package
    elif importlib.util.find_spec("wardian") is None:
        sys.exit(f"run.py: wardian is neither at {folder} nor in this environment; install it there")


if __name__ == "__main__":
    with open(os.path.join(FOLDER, "call.json"), encoding="utf-8") as call:
        image = json.load(call)["image"]
    show_package(image["package"])
    try:
        import wardian._inside  # noqa: F401 - with all that it needs
        from wardian._debug import replay
    except ImportError as missing:
        sys.exit(f"run.py: {missing} in {sys.executable}; the query had {image['python']}")
    sys.exit(replay.main(FOLDER, sys.argv[1:]))
