"""Questions and answers in turn, each with a file."""

answer = []
for question in (b"one", b"two", b"three"):
    dialogue.ask(question)
    words, files = dialogue.answer()
    answer.append([words.decode(), [os.pread(file, 100, 0).decode() for file in files]])
