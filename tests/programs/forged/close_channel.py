"""Without a channel there is no answer."""

import time

os.close(3)
time.sleep(3600)
