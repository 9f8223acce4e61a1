"""`figure.show()` of plotly keeps the figure for the call's end: there is no browser here, and none may be started.

Nothing of plotly is imported for that: a finder waits for the script to do so. It lies in the zygote, once for all children.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

_MODULE = "plotly.io"
_SHOWN_MAX = 1000
# (the figure, what it was when it was shown): a script may go on changing it.
_shown: list[tuple[Any, Any]] = []


class _Finder:
    """Answers for `plotly.io` only: with the finders that come after it, then with one thing more to do."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if name != _MODULE:
            return None
        sys.meta_path.remove(_Finder)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def create_module(self, spec: Any) -> Any:
        return self._inner.create_module(spec)

    def exec_module(self, module: Any) -> None:
        self._inner.exec_module(module)
        module.show = _show


def wait_for_plotly() -> None:
    if _Finder not in sys.meta_path and _MODULE not in sys.modules:
        sys.meta_path.insert(0, _Finder)


def shown_figures() -> list[tuple[Any, Any]]:
    return _shown


def _show(fig: Any, *_: Any, **__: Any) -> None:
    """In the place of plotly.io.show."""
    from plotly.basedatatypes import BaseFigure

    if len(_shown) == _SHOWN_MAX:
        raise RuntimeError(f"more than {_SHOWN_MAX} figures are shown")
    described = fig.to_dict() if isinstance(fig, BaseFigure) else fig
    _shown.append((fig, described))
