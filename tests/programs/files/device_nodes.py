"""A device made by oneself would be a door."""

import stat

answer = [attempt(os.mknod, "disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0)), attempt(os.mknod, "pipe", 0o600 | stat.S_IFIFO)]
