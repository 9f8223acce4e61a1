"""Figures that a script drew: those left open in matplotlib as PNG, those of plotly as pages that need nothing else."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from typing import Any

from wardian._inside import plotly_show
from wardian._inside.failures import BadResult, shown, told

# What no file's name should hold, though a figure's label or a variable's name may.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069/\ud800-\udfff]")
_LABEL_BYTES_MAX = 120


def drawn_figures(variables: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each, those of matplotlib first."""
    yield from _matplotlib_figures()
    yield from _plotly_figures(variables)


def _matplotlib_figures() -> Iterator[tuple[str, bytes]]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    for number in pyplot.get_fignums():
        name = f"figure_{number}"
        try:
            figure = pyplot.figure(number)
            label = figure.get_label()
            if isinstance(label, str) and label:
                name = _as_name(label) or name
            file = io.BytesIO()
            figure.savefig(file, format="png")
        except MemoryError:
            raise
        except Exception as error:
            raise BadResult(
                f"The figure {shown(name)} cannot be drawn: {told(error)}",
                "plt.close(figure) before the script ends leaves it out.",
            ) from None
        yield name + ".png", file.getvalue()


def plotly_figures_in(variables: dict[str, Any]) -> dict[str, Any]:
    """Those of the variables that are figures of plotly."""
    base = getattr(sys.modules.get("plotly.basedatatypes"), "BaseFigure", None)
    if base is None:
        return {}
    return {name: value for name, value in variables.items() if not name.startswith("_") and isinstance(value, base)}


def _plotly_figures(variables: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Those shown, in their order, then those in the script's variables. A figure has its variable's name."""
    left: dict[int, tuple[str, Any]] = {}  # by identity: under the first of its names
    for name, value in plotly_figures_in(variables).items():
        left.setdefault(id(value), (name, value))
    unnamed = 0
    for figure, described in plotly_show.shown_figures():
        name, _ = left.get(id(figure), ("", None))
        if not name:
            unnamed += 1
            name = f"plotly_{unnamed}"
        yield name + ".html", _page(name, described)
    already = {id(figure) for figure, _ in plotly_show.shown_figures()}
    for name, figure in left.values():
        if id(figure) not in already:
            yield name + ".html", _page(name, figure)


def _page(name: str, figure: Any) -> bytes:
    """With all of plotly's own code in it: some 5 MB."""
    import plotly.io

    try:
        return plotly.io.to_html(figure, include_plotlyjs=True, include_mathjax=False, full_html=True).encode()
    except MemoryError:
        raise
    except Exception as error:
        raise BadResult(f"The figure {shown(name)} cannot be drawn: {told(error)}") from None


def _as_name(label: str) -> str:
    """The label as a file's name: what does not fit is replaced, what is too long cut."""
    name = _UNFIT.sub("_", label).strip().lstrip(".")
    return name.encode()[:_LABEL_BYTES_MAX].decode("utf-8", "ignore")
