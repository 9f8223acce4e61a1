"""Resource limits can be read, not set."""

import resource

answer = [
    attempt(resource.setrlimit, which, (-1, -1)) for which in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE)
]
answer = [set(answer) <= {"EPERM", "ValueError"}, resource.getrlimit(resource.RLIMIT_CORE)]
