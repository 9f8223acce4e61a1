"""Wheels and zips made in a test. Source of a wheel's form: the specification "Binary distribution format" (PEP 427)."""

from __future__ import annotations

import io
import pathlib
import zipfile


def zipped(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def wheel(name: str, version: str, files: dict[str, str | bytes], tag: str = "py3-none-any") -> tuple[str, bytes]:
    """A wheel's file name and content; `files` by their paths beside each other on the search path."""
    info = f"{name}-{version}.dist-info"
    whole = files | {
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    }
    whole[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*whole, f"{info}/RECORD"])
    return f"{name}-{version}-{tag}.whl", zipped(whole)


def write_wheel(folder: pathlib.Path, name: str, version: str, files: dict[str, str | bytes]) -> None:
    file, content = wheel(name, version, files)
    (folder / file).write_bytes(content)


def zip_of_wheels(*wheels: tuple[str, bytes]) -> bytes:
    """What the documentation asks for: the wheels themselves, not their folder."""
    return zipped(dict(wheels), zipfile.ZIP_STORED)
