"""The root folder is not the script's to list."""

answer = attempt(os.listdir, "/")
