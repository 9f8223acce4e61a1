"""Honest use: temporary files where scripts expect them."""

import tempfile

with tempfile.NamedTemporaryFile("w+", dir=tempfile.gettempdir()) as file:
    file.write("text")
    file.seek(0)
    answer = file.read()
