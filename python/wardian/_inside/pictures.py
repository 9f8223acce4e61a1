"""Figures that a script drew with matplotlib and left open, as PNG files."""

from __future__ import annotations

import io
import sys

_IMAGES_MAX = 100


def drawn_images() -> list[bytes]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    images = []
    for number in pyplot.get_fignums()[:_IMAGES_MAX]:
        file = io.BytesIO()
        pyplot.figure(number).savefig(file, format="png")
        images.append(file.getvalue())
    return images
