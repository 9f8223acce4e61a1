"""The one socket there is cannot be made into another."""

channel = 3
answer = {
    name: syscall(number, channel, 0, 0, 0, 0, 0)
    for name, number in dict(
        connect=42,
        bind=49,
        listen=50,
        accept=43,
        sendto=44,
        recvfrom=45,
        setsockopt=54,
        getpeername=52,
        shutdown=48,
        sendmmsg=307,
    ).items()
}
answer = sorted(set(answer.values()))
