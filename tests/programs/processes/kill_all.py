"""Signals reach nobody else."""

import signal

answer = [attempt(os.kill, -1, signal.SIGKILL), attempt(os.kill, 2, signal.SIGKILL), attempt(os.kill, 1, 0)]
