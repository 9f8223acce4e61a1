"""No interface but a loopback that is down; its list cannot be had."""

import socket

answer = attempt(socket.if_nameindex)
