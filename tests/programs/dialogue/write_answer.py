"""What comes with an answer is sealed."""

dialogue.ask(b"file")
(file,) = dialogue.answer()[1]
answer = [attempt(os.pwrite, file, b"x", 0), attempt(os.ftruncate, file, 0), os.pread(file, 100, 0).decode()]
