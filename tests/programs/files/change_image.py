"""The interpreter's own library cannot be changed, renamed or removed."""

answer = [
    attempt(os.unlink, os.__file__),
    attempt(os.rename, os.__file__, os.__file__ + "x"),
    attempt(os.chmod, os.__file__, 0o777),
]
answer = sorted(set(answer) - {"EACCES", "EROFS", "EPERM", "EXDEV"})
