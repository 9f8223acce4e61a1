"""What scripts leave beside their rows, as it came back; for the tests of outputs."""

from __future__ import annotations

import base64

from wardian_program import PipeProgram

# A red line from corner to corner, 400 by 300 pixels.
DRAWING = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots(figsize=(4, 3), dpi=100)
axes.plot([0, 1], [0, 1], color="#ff0000", linewidth=4)
axes.set_axis_off()
axes.set_position([0, 0, 1, 1])
axes.set_xlim(0, 1)
axes.set_ylim(0, 1)
"""


def outputs(program: PipeProgram, text: str) -> dict[str, dict]:
    """By name, each with its content under "content"."""
    answer = program.ask(text)
    assert "error" not in answer, answer["error"]
    left = answer.get("outputs", [])
    for output in left:
        output["content"] = base64.b64decode(output["data"], validate=True)
        assert output["size"] == len(output["content"])
    assert len({(output["name"], output["kind"]) for output in left}) == len(left)
    return {output["name"]: output for output in left}


def kinds(left: dict[str, dict]) -> dict[str, str]:
    return {name: output["kind"] for name, output in left.items()}
