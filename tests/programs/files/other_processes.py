"""Only this process is to be seen."""

answer = sorted(name for name in os.listdir("/proc") if name.isdigit())
