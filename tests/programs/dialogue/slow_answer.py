"""The answer takes longer than the run may: that time is not the run's."""

dialogue.ask(b"slow")
answer = dialogue.answer()[0].decode()
