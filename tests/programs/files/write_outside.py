"""Writing anywhere but into scratch."""

folders = ("/", "/usr/lib", "/etc", "/dev", os.path.dirname(os.__file__), "/proc/sys/kernel")
answer = sorted({attempt(open, folder + "/mark", "w") for folder in folders} - {"EACCES", "EROFS", "EPERM", "ENOENT"})
