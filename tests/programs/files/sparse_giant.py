"""A sparse file larger than the limit for one file."""

answer = attempt(os.truncate, os.open("giant", os.O_CREAT | os.O_RDWR), 1 << 45)
