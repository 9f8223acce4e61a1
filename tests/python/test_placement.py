"""Objects that calls write to lie side by side: what is learnt of an interpreter's allocations is found again in the next run."""

import json
import os
import subprocess
import sys

import pytest
from wardian_program import ROOT

(SANDBOX,) = (ROOT / ".venv" / "lib").glob("python3*/site-packages/wardian/_sandbox")
EXTENSION = SANDBOX / "_confine.abi3.so"
LEARNT = SANDBOX / "wardian._inside.placement"
MARK = b"wardian place 1\n"

# Buffers of many sizes, each known by those before it. Every tenth is written to by a child.
BUFFERS = f"""
import importlib.machinery, importlib.util, json, os, sys
loader = importlib.machinery.ExtensionFileLoader("_confine", {str(EXTENSION)!r})
confine = importlib.util.module_from_spec(importlib.util.spec_from_file_location("_confine", loader.path, loader=loader))
loader.exec_module(confine)
buffers = [bytearray(100 + 48 * (i * i % 61)) for i in range(400)]
written = buffers[::10]
"""
LEARN = """
confine.end_learning()
if os.fork() == 0:
    for buffer in written:
        buffer[0] = 1
    os.write(1, confine.learnt_placement())
    os._exit(0)
os.wait()
"""
PLACE = """
placed = confine.end_placement()
import ctypes
address = lambda buffer: ctypes.addressof(ctypes.c_char.from_buffer(buffer))
addresses = [address(buffer) for buffer in buffers]
for number, buffer in enumerate(written):
    buffer[:] = bytes([number]) * len(buffer)
for buffer in written[::2]:
    buffer.extend(bytes(20_000))
kept = all(buffer[:90] == bytes([number]) * 90 for number, buffer in enumerate(written))
for buffer in written[1::4]:
    buffer.clear()
del buffer, buffers[:], written[:]
more = [bytearray(i % 5000) for i in range(10_000)]
hidden = not any(name in os.environ for name in ("LD_PRELOAD", "WARDIAN_PLACEMENT"))
print(json.dumps({"placed": placed, "addresses": addresses, "kept": kept, "hidden": hidden}))
"""


def run_python(code: str, **environment: str) -> bytes:
    variables = {"LD_PRELOAD": str(EXTENSION), "PYTHONHASHSEED": "0"} | environment
    done = subprocess.run([sys.executable, "-s", "-S", "-B", "-c", code], env=variables, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def test_what_a_child_wrote_to_lies_side_by_side(tmp_path):
    keys = tmp_path / "keys"
    keys.write_bytes(MARK + run_python(BUFFERS + LEARN, WARDIAN_LEARN_PLACEMENT="1"))
    said = json.loads(run_python(BUFFERS + PLACE, WARDIAN_PLACEMENT=str(keys)))
    assert said["placed"] >= 40 and said["kept"] and said["hidden"]
    written, others = said["addresses"][::10], [at for i, at in enumerate(said["addresses"]) if i % 10]
    first, last = min(written), max(written)
    # 40 buffers of 1.5 KB on average, and a little that the interpreter itself wrote to.
    assert last - first < 160_000
    assert not [at for at in others if first <= at <= last]


@pytest.mark.parametrize(
    "content", [None, b"", b"wardian place 2\n" + bytes(800), MARK, MARK + b"12345", MARK + bytes(range(256)) * 400]
)
def test_keys_that_fit_nothing_change_nothing(tmp_path, content):
    keys = tmp_path / "keys"
    if content is not None:
        keys.write_bytes(content)
    said = json.loads(run_python(BUFFERS + PLACE, WARDIAN_PLACEMENT=str(keys)))
    assert said["placed"] == 0 and said["kept"]


# From a process of its own, whose descriptors 3 and 4 are taken for it.
ASK_A_ZYGOTE = f"""
import os, socket, sys, tempfile
taken = [os.dup(0), os.dup(0)]
sys.path.insert(0, {str(SANDBOX)!r})
import learn_placement
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
with tempfile.TemporaryDirectory() as scratch:
    zygote = learn_placement.start_zygote({str(SANDBOX)!r}, scratch, {{}}, {{"WARDIAN_PLACEMENT": sys.argv[1]}}, theirs.fileno())
    theirs.close()
    print(ours.recv(100).decode())
    zygote.kill()
    zygote.wait()
"""


@pytest.mark.skipif(
    os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") < 3 << 30, reason="too little memory for the build to learn anything"
)
def test_a_zygote_knows_the_objects_again():
    done = subprocess.run([sys.executable, "-I", "-c", ASK_A_ZYGOTE, LEARNT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    word, placed = done.stdout.split()
    known = (LEARNT.stat().st_size - len(MARK)) // 8
    assert word == "warm" and known > 1000
    assert int(placed) > 0.8 * known


@pytest.mark.parametrize("variable", ["PYTHONMALLOC=debug", "PYTHONMALLOC=malloc", "PYTHONDEVMODE=1"])
def test_other_allocators_are_left_alone(tmp_path, variable):
    keys = tmp_path / "keys"
    keys.write_bytes(MARK + run_python(BUFFERS + LEARN, WARDIAN_LEARN_PLACEMENT="1"))
    said = json.loads(run_python(BUFFERS + PLACE, WARDIAN_PLACEMENT=str(keys), **dict([variable.split("=")])))
    assert said["placed"] == 0 and said["kept"] and said["hidden"]
