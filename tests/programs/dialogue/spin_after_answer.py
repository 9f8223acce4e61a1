"""Each answer starts the clock anew, and then it runs."""

for _ in range(3):
    dialogue.ask(b"more")
    dialogue.answer()
while True:
    pass
