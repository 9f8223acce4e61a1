"""The third numbering of x86."""

syscall(0x40000000 | 39)
