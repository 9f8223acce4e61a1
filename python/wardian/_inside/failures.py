"""The ways in which a call ends badly, as exceptions that `call.serve` turns into a reply."""


class CallFailure(Exception):
    """Base: `code` is the name of one of our error codes, in lower case."""

    code = "internal"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NoResult(CallFailure):
    """The script did not set a variable that it had to."""

    code = "no_result"


class BadResult(CallFailure):
    """What the script left cannot be taken for what was declared."""

    code = "bad_result"


class ResultTooLarge(CallFailure):
    """What the script left does not fit its output."""

    code = "output_limit"


class ScratchFull(CallFailure):
    """An input file does not fit the scratch space."""

    code = "scratch_limit"


class BadValue(Exception):
    """A value that its column cannot hold; becomes BadResult once the column's name is known."""

    def __init__(self, row: int, value: object, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.row = row
        self.value = value
        self.why = why
        self.hint = hint


class BadColumn(Exception):
    """A whole column that cannot be converted, whatever its values."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


def shown(value: object, limit: int = 80) -> str:
    """`repr` of an untrusted value, short, on one line, and never raising."""
    try:
        item = getattr(value, "item", None)  # numpy's scalars: 2.5 rather than np.float64(2.5)
        if type(value).__name__ in ("datetime64", "timedelta64"):  # whose item() may be a bare count
            text = str(value)
        else:
            text = repr(item() if item is not None and getattr(value, "shape", None) == () else value)
    except BaseException:
        text = f"<{type(value).__name__}>"
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def told(error: BaseException, limit: int = 500) -> str:
    """Type and text of an untrusted exception, on one line, and never raising."""
    try:
        text = " ".join(f"{type(error).__name__}: {error}".split())
    except BaseException:
        text = type(error).__name__
    return text if len(text) <= limit else text[: limit - 1] + "…"
