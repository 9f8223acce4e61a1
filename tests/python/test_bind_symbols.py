"""tools/bind_symbols.py: a bound library does what it did, and asks the dynamic linker for no symbol of its own any more."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import bind_symbols  # noqa: E402

# Every kind of reference: calls, tables of functions, virtual functions, data, pointers into data, a thread's own, IFUNC, of
# other libraries, and what the process must have once.
LIBRARY = """
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
extern "C" int twice(int x) { return 2 * x; }
extern "C" int thrice(int x) { return 3 * x; }
typedef int (*function)(int);
function table[] = {twice, thrice, std::abs};
int numbers[] = {1, 2, 3, 4};
int* third = numbers + 2;
thread_local int of_thread = 5;
struct Base { virtual ~Base() {} virtual int value() const { return 7; } };
struct Derived : Base { int value() const override { return 11; } };
template <class T> struct Once { static int count; };
template <class T> int Once<T>::count = 13;
extern "C" {
static int plain(int x) { return x + 17; }
static function choose() { return plain; }
int chosen(int) __attribute__((ifunc("choose")));
}
extern "C" Base* make() { return new Derived; }
extern "C" int sum() {
  Base* made = make();
  int total = made->value();
  delete made;
  for (function each : table) total = total * 3 + each(-4);
  total = total * 3 + *third + ++of_thread + Once<long>::count + chosen(1) + numbers[3];
  try { throw std::runtime_error("x"); }
  catch (const std::exception& error) { total = total * 3 + int(std::strlen(error.what())); }
  return total;
}
"""
ASK = "import ctypes, sys; print(ctypes.CDLL(sys.argv[1]).sum())"


@pytest.fixture(scope="module", params=["lazy", "now"])
def library(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    path = folder / "plain.so"
    command = ["g++", "-x", "c++", "-", "-shared", "-fPIC", "-O0", "-o", path, f"-Wl,-z,{request.param}"]
    subprocess.run(command, input=LIBRARY, text=True, check=True)
    bound = folder / "bound.so"
    bound.write_bytes(bind_symbols.bound(path.read_bytes())[0])
    return path, bound


def ask(path: pathlib.Path, **environment: str) -> str:
    done = subprocess.run([sys.executable, "-c", ASK, path], env=os.environ | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("environment", [{}, {"LD_BIND_NOW": "1"}])
def test_a_bound_library_answers_as_before(library, environment):
    plain, bound = library
    assert ask(plain, **environment) == ask(bound, **environment)


def test_no_reference_to_an_own_symbol_is_left(library):
    plain, bound = library

    def named(path: pathlib.Path) -> str:
        return subprocess.run(["readelf", "--wide", "--relocs", path], capture_output=True, text=True, check=True).stdout

    data = [line for line in named(bound).splitlines() if "R_X86_64_64" in line or "R_X86_64_GLOB_DAT" in line]
    for symbol in ("twice", "thrice", "_ZTV4Base", "table", "third", "numbers"):
        assert symbol in named(plain)
        assert not [line for line in data if line.split()[-3:-2] == [symbol] or f" {symbol} +" in line]
    # What the process must have once, and what lies elsewhere, is still asked for.
    assert any("_ZN4OnceIlE5countE" in line for line in data)
    assert any("strlen" in line or "abs" in line for line in named(bound).splitlines())


def test_the_engines_library_is_bound():
    path = ROOT / ".deps" / "duckdb" / "libduckdb.so"
    data = path.read_bytes()
    again, count = bind_symbols.bound(data)
    assert again == data and count < 30_000  # the calls alone, whose slots have their values already


@pytest.mark.parametrize(
    "data", [b"", b"\x7fELF", b"\x7fELF\x01\x01" + bytes(100), b"MZ" + bytes(200), b"\x7fELF\x02\x01" + bytes(100)]
)
def test_what_is_no_library_is_refused(data):
    with pytest.raises(ValueError):
        bind_symbols.bound(data)
