"""The classic."""


def bomb():
    while True:
        os.fork()


answer = attempt(bomb)
