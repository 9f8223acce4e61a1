"""A reply ends the run, whatever was asked before."""

dialogue.ask(b"one")
answer = "done"
