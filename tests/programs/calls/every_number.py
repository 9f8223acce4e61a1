"""Every number with zeros: what would weaken the sandbox is refused, and the process survives. (335, 336: traps for uprobes.)"""

skip = {15, 34, 60, 61, 231, 130, 7, 23, 270, 271, 232, 281, 441, 219, 47, 46, 24, 0, 19, 3, 436, 128, 56, 202, 335, 336}
allowed_results = [
    number for number in range(471) if number not in skip and syscall(number, -1, 0, 0, 0, 0, 0) not in ("EPERM", "ENOSYS")
]
forbidden = {
    41,
    53,
    57,
    58,
    59,
    101,
    155,
    161,
    165,
    166,
    175,
    246,
    248,
    272,
    298,
    304,
    308,
    310,
    311,
    317,
    319,
    321,
    322,
    323,
    325,
    425,
    428,
    429,
    430,
    432,
    434,
    438,
    442,
    444,
    445,
    446,
    447,
}
answer = sorted(set(allowed_results) & forbidden)
