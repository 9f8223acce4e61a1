"""Python's own guard answers first."""


def down():
    return down()


answer = attempt(down)
