"""Tables of the kernel that help an attack."""

paths = (
    "/proc/kallsyms",
    "/proc/kcore",
    "/proc/modules",
    "/proc/cmdline",
    "/sys/kernel",
    "/proc/config.gz",
    "/dev/kmsg",
    "/dev/mem",
)
answer = sorted({attempt(open, path) for path in paths} - {"ENOENT", "EACCES"})
