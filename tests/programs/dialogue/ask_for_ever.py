"""Questions without an end: whoever answers has the last word."""

while True:
    dialogue.ask(b"more")
    for file in dialogue.answer()[1]:
        os.close(file)
