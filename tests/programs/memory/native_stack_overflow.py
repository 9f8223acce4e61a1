"""Native recursion ends the process, not the engine."""

import kernel

kernel.run_machine_code(b"\x48\x83\xec\x08\xe8\xf7\xff\xff\xff\xc3")
