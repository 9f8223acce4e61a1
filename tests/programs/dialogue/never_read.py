"""Questions whose answers nobody reads."""

while True:
    dialogue.ask(b"more")
