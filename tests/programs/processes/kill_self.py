"""As pid 1 of its namespace it cannot even kill itself by SIGTERM or SIGSTOP."""

import signal

os.kill(os.getpid(), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGKILL)
answer = "alive"
