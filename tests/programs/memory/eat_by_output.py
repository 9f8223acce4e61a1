"""Pages of a result file are the script's as well."""

for _ in range(512):
    os.write(outputs[0], b"x" * (1 << 20))
answer = "done"
