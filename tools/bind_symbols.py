"""Bind a shared library's references to its own symbols ahead of time, as a link with -Bsymbolic would have done.

A C++ library of DuckDB's size refers to sixty thousand symbols of its own through the dynamic linker, which looks them up by name
at every start: a third of the time that `print 1` took. Here every such reference gets its value in the file. What changes is
that no other library can put its own symbol in such a one's place, which nobody does.

Left to the dynamic linker: symbols of other libraries, thread-local and indirect functions (IFUNC), and those that the whole
process must have once (STB_GNU_UNIQUE).

Source: System V ABI, "Dynamic Linking"; x86-64 psABI, table of relocation types.
"""

import struct

# Of the ELF header and the program headers: System V ABI, chapters 4 and 5.
MACHINE_X86_64 = 62
SEGMENT_LOAD, SEGMENT_DYNAMIC = 1, 2
DYNAMIC_SYMBOLS, DYNAMIC_RELOCATIONS, DYNAMIC_RELOCATIONS_BYTES = 6, 7, 8
DYNAMIC_CALLS, DYNAMIC_CALLS_BYTES = 23, 2
TYPE_TLS, TYPE_IFUNC = 6, 10
BINDING_UNIQUE = 10
SECTION_UNDEFINED, SECTION_RESERVED = 0, 0xFF00
# R_X86_64_*
DIRECT, TABLE_ENTRY, CALL_SLOT, RELATIVE = 1, 6, 7, 8


class Library:
    """The bytes of a library, with what the dynamic linker would read of them. Raises ValueError for what is none of x86-64."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        if data[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<H", data, 18)[0] != MACHINE_X86_64:
            raise ValueError("not a library for x86-64")
        (headers,) = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        self._loaded = []
        dynamic = None
        for place in range(headers, headers + size * count, size):
            kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, place)
            if kind == SEGMENT_LOAD:
                self._loaded.append((address, offset, length))
            elif kind == SEGMENT_DYNAMIC:
                dynamic = range(offset, offset + length, 16)
        if dynamic is None:
            raise ValueError("not a shared library")
        self.dynamic = dict(struct.unpack_from("<QQ", data, place) for place in reversed(dynamic))
        self._symbols = self.place(self.dynamic[DYNAMIC_SYMBOLS])

    def place(self, address: int) -> int:
        """Where in the file the byte of this address is."""
        for begin, offset, length in self._loaded:
            if begin <= address < begin + length:
                return address - begin + offset
        raise ValueError(f"no byte of the file is loaded at {address:#x}")

    def own_address(self, symbol: int) -> int | None:
        """The address of a symbol, if it is this library's own and may be bound."""
        _, info, _, section, value = struct.unpack_from("<IBBHQ", self.data, self._symbols + 24 * symbol)
        foreign = section == SECTION_UNDEFINED or section >= SECTION_RESERVED
        return None if foreign or info & 15 in (TYPE_TLS, TYPE_IFUNC) or info >> 4 == BINDING_UNIQUE else value

    def relocations(self, table: int, length: int) -> list[tuple[int, int, int, int, int]]:
        """Each with its place in the file, address, type, symbol, addend."""
        if table not in self.dynamic:
            return []
        begin = self.place(self.dynamic[table])
        rows = []
        for place in range(begin, begin + self.dynamic[length], 24):
            address, info, addend = struct.unpack_from("<QQq", self.data, place)
            rows.append((place, address, info & 0xFFFFFFFF, info >> 32, addend))
        return rows


def bound(data: bytes) -> tuple[bytes, int]:
    """The library with its references bound, and how many they were."""
    library = Library(data)
    count = 0
    for place, address, kind, symbol, addend in library.relocations(DYNAMIC_RELOCATIONS, DYNAMIC_RELOCATIONS_BYTES):
        value = library.own_address(symbol) if kind in (DIRECT, TABLE_ENTRY) else None
        if value is not None:
            struct.pack_into("<QQq", library.data, place, address, RELATIVE, value + (addend if kind == DIRECT else 0))
            count += 1
    # A slot that was not called yet is moved by the library's base and no more: with the function's address in it, it is bound.
    for _, address, kind, symbol, _ in library.relocations(DYNAMIC_CALLS, DYNAMIC_CALLS_BYTES):
        value = library.own_address(symbol) if kind == CALL_SLOT else None
        if value is not None:
            struct.pack_into("<Q", library.data, library.place(address), value)
            count += 1
    return bytes(library.data), count
