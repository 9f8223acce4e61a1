"""A link in scratch leads to the host only in name."""

os.symlink("/etc/shadow", "link")
os.symlink("/proc/1/root/etc/shadow", "magic")
answer = sorted({attempt(open, "link"), attempt(open, "magic")} - {"EACCES", "ENOENT"})
