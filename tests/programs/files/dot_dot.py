"""Climbing above the root."""

answer = attempt(os.listdir, "../" * 40)
