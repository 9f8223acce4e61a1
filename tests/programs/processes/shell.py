"""os.system says that it failed."""

answer = os.system("echo escaped") != 0
