"""Other programs, by every road."""

import subprocess

answer = [
    attempt(subprocess.run, ["/bin/true"]),
    attempt(os.execv, sys.executable, ["python"]),
    attempt(os.posix_spawn, "/bin/true", ["true"], {}),
]
