"""Threads are bounded, and the script lives to say so."""

import threading

stop = threading.Event()
threads = []


def start():
    for _ in range(500):
        thread = threading.Thread(target=stop.wait, daemon=True)
        thread.start()
        threads.append(thread)


outcome = attempt(start)
answer = [outcome, len(threads) < 64]
stop.set()
