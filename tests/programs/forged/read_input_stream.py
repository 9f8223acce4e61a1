"""Standard input is empty."""

answer = sys.stdin.read()
