"""The magic links of /proc lead nowhere else."""

found = [attempt(os.listdir, f"/proc/{name}/root") for name in ("1", "self", "2", "thread-self")]
answer = "done" in found
