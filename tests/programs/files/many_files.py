"""And a bound in files."""


def make():
    for number in range(10_000):
        open(f"file{number}", "w").close()


answer = attempt(make)
