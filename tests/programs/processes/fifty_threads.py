"""As many threads as the limit of tasks lets a call have, all alive at once, within the ordinary memory limit."""

import threading

everyone = threading.Barrier(51)
for _ in range(50):
    threading.Thread(target=everyone.wait, daemon=True).start()
everyone.wait()
answer = everyone.parties - 1
