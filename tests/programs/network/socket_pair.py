"""Not even to oneself."""

import socket

answer = attempt(socket.socketpair)
