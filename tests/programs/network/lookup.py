"""Names cannot be looked up: a lookup carries data out."""

import socket

answer = attempt(socket.getaddrinfo, "example.org", 80)
