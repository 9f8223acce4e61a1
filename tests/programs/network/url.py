"""An HTTP request."""

import urllib.request

answer = attempt(urllib.request.urlopen, "http://127.0.0.1:9/", timeout=1)
