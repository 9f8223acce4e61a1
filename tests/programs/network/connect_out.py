"""The way libraries do it."""

import socket

answer = attempt(socket.create_connection, ("127.0.0.1", 80), 1)
