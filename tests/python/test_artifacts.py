"""Files that a query gives to a script: `external_artifacts` of `evaluate python`.

Source of names and places: Kusto's page "Python plugin", section "Using external artifacts".
"""

import json
import os
import pickle
import sqlite3
import subprocess
import sys
import sysconfig
import time

import numpy as np
import pytest
from python_queries import SHARES, TEN, python
from wardian_program import WARDIAN, PipeProgram, run
from wheels import wheel, zip_of_wheels, zipped

ANY = "--allow-external-files"


def query_of(script, source="print x=0", hint="", **artifacts):
    """A script with artifacts, which leaves the texts of column s. Its operator is in line 2."""
    bag = ", ".join(f"{json.dumps(name.replace('_dot_', '.'))}, {json.dumps(str(place))}" for name, place in artifacts.items())
    return f"{source}\n| {python('typeof(s:string)', script, 'dynamic(null)', f'bag_pack({bag})', hint=hint)}"


def texts(query, *words):
    done = run("query", query, "--format", "jsonl", *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["s"] for line in done.stdout.splitlines()]


def complaint(query, *words):
    done = run("query", query, *words)
    assert done.returncode == 1 and not done.stdout, done
    return done.stderr


SAY = "result = pd.DataFrame({'s': [str(v) for v in said]})"


@pytest.mark.parametrize(
    "name",
    ["'words.txt'", "'./Temp/words.txt'", r"r'.\Temp\words.txt'", r"r'C:\Temp\words.txt'", r"r'C:\\Temp\\words.txt'",
     r"os.path.join(r'C:\Temp', 'words.txt')", r"os.path.realpath('Temp/words.txt')"],
)  # fmt: skip
def test_an_artifact_is_found_under_each_of_its_names(tmp_path, name):
    (tmp_path / "words.txt").write_text("inside")
    query = query_of(f"import os\nsaid = [open({name}).read()]\n{SAY}", words_dot_txt=tmp_path / "words.txt")
    assert texts(query, ANY) == ["inside"]


@pytest.mark.parametrize("name", ["n" * 250, "ž" * 125, "n" * 255])
def test_a_long_name_leaves_no_room_for_longer_spellings(tmp_path, name):
    """It is found under those that a folder's name is a part of, and by itself."""
    (tmp_path / "f").write_text("inside")
    script = f"import os\nname = {name!r}\nplaces = [name, 'Temp/' + name, os.path.join(r'C:\\Temp', name)]\n"
    query = query_of(script + f"said = [open(place).read() for place in places]\n{SAY}", **{name: tmp_path / "f"})
    assert texts(query, ANY) == ["inside"] * 3


def test_one_called_like_the_folder_for_outputs_lies_in_temp_only(tmp_path):
    (tmp_path / "f").write_text("inside")
    script = f"import os\nopen('outputs/x', 'w').write('left')\nsaid = [open('Temp/outputs').read()]\n{SAY}"
    done = run("query", "--jsonl", ANY, text=json.dumps({"query": query_of(script, outputs=tmp_path / "f")}))
    answer = json.loads(done.stdout)
    assert (answer["rows"], [output["name"] for output in answer["outputs"]]) == ([["inside"]], ["x"])


def test_a_module_among_them_reads_the_table(tmp_path):
    """Though the script itself does not name it."""
    (tmp_path / "module").write_text("import __main__\ndef total(): return int(__main__.df.x.sum())\n")
    script = f"import sys\nsys.path.insert(0, 'Temp')\nimport reader\nsaid = [reader.total()]\n{SAY}"
    assert texts(query_of(script, TEN, reader_dot_py=tmp_path / "module"), ANY) == ["55"]


READERS = """
import os, pickle, sqlite3, zipfile, joblib, pathlib
database = sqlite3.connect('Temp/d.sqlite')
first, second = open('f.csv', 'rb'), open('f.csv', 'rb')
first.read(3)
array = np.load('Temp/a.npy', mmap_mode='r')
said = [
    pd.read_csv('f.csv')['b'].sum(),
    second.read(3), first.tell(), os.path.getsize('f.csv'), os.path.isfile('Temp/f.csv'), oct(os.stat('f.csv').st_mode),
    pathlib.Path('f.csv').resolve().read_text()[:3],
    pickle.load(open('p', 'rb')), joblib.load('p', mmap_mode='r'),
    int(array.sum()), type(array).__name__, array.flags.writeable,
    zipfile.ZipFile('z.zip').read('inner').decode(),
    database.execute('select v from t').fetchall(),
    sorted(os.listdir('Temp')),
]
"""


def test_what_reads_files_reads_them(tmp_path):
    (tmp_path / "f.csv").write_text("a,b\n1,2\n3,4\n")
    (tmp_path / "p").write_bytes(pickle.dumps({"k": [1]}))
    (tmp_path / "z").write_bytes(zipped({"inner": "text"}))
    np.save(tmp_path / "a.npy", np.arange(1000))
    database = sqlite3.connect(tmp_path / "d.sqlite")
    database.execute("create table t(v)")
    database.execute("insert into t values (7)")
    database.commit()
    database.close()
    names = {"f_dot_csv": "f.csv", "p": "p", "z_dot_zip": "z", "a_dot_npy": "a.npy", "d_dot_sqlite": "d.sqlite"}
    query = query_of(READERS + SAY, **{name: tmp_path / place for name, place in names.items()})
    assert texts(query, ANY) == [
        "6", "b'a,b'", "3", "12", "True", "0o100444", "a,b", "{'k': [1]}", "{'k': [1]}", "499500", "memmap", "False", "text",
        "[(7,)]", "['a.npy', 'd.sqlite', 'f.csv', 'p', 'z.zip']",
    ]  # fmt: skip


WRITERS = """
import os, mmap
def attempt(what, *arguments):
    try:
        what(*arguments)
    except OSError as error:
        return 'refused'
    return 'done'
real = os.path.realpath('f')
shown = os.path.dirname(os.path.dirname(real))
said = [attempt(open, 'f', 'w'), attempt(open, 'Temp/f', 'r+'), attempt(open, real, 'a'), attempt(os.truncate, real, 0),
        attempt(os.unlink, real), attempt(os.rename, real, 'mine'), attempt(os.link, real, 'mine'),
        attempt(os.chmod, real, 0o666), attempt(os.utime, real, (1, 1)),
        attempt(os.symlink, 'x', os.path.join(os.path.dirname(real), 'x')),
        attempt(os.listdir, shown), attempt(os.listdir, os.path.dirname(real)),
        attempt(mmap.mmap, os.open('f', os.O_RDONLY), 0, mmap.MAP_SHARED, mmap.PROT_WRITE), open('f').read()]
"""


def test_nobody_writes_to_it_or_finds_those_of_others(tmp_path):
    (tmp_path / "f").write_text("before")
    assert texts(query_of(WRITERS + SAY, f=tmp_path / "f"), ANY) == ["refused"] * 13 + ["before"]
    assert (tmp_path / "f").read_text() == "before"


def test_a_large_one_costs_the_script_nothing(tmp_path):
    """Neither scratch space nor memory: it is larger than both."""
    with open(tmp_path / "large", "wb") as file:
        file.truncate(300 << 20)
        file.seek(299 << 20)
        file.write(b"end")
    script = """
total = 0
with open('large', 'rb') as file:
    while piece := file.read(1 << 20):
        total += sum(piece[:3])
mapped = np.memmap('large', mode='r')
said = [total, int(mapped[::4096].astype('int64').sum()), mapped.size]
"""
    answer = texts(query_of(script + SAY, large=tmp_path / "large"), ANY, "--sandbox-memory", "128M", "--sandbox-scratch", "1M")
    assert answer == [str(sum(b"end")), str(b"e"[0]), str(300 << 20)]


def test_only_from_allowed_folders(tmp_path):
    (tmp_path / "open" / "deep").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "open" / "f").write_text("from f")
    (tmp_path / "open" / "deep" / "g").write_text("from g")
    (tmp_path / "open" / "out").symlink_to("../secret")
    allow = ["--allow-artifacts", tmp_path / "open"]
    script = f"said = [open('a').read()]\n{SAY}"
    for place, content in [
        (tmp_path / "open" / "f", "from f"),
        ("f", "from f"),
        ("deep/g", "from g"),
        (f"file://{tmp_path}/open/f", "from f"),
    ]:
        assert texts(query_of(script, a=place), *allow) == [content]
    for place in (tmp_path / "secret", "../secret", "out", tmp_path / "open" / ".." / "secret", tmp_path / "open" / "out"):
        said = complaint(query_of(script, a=place), *allow)
        assert "ACCESS_DENIED" in said and str(place) in said and "--allow-artifacts" in said and " at query:2:" in said, said
        assert "^" in said
    assert "ACCESS_DENIED" in complaint(query_of(script, a=tmp_path / "open" / "f"))
    # externaldata reads none of them.
    assert "ACCESS_DENIED" in complaint(f"externaldata(a:string)['{tmp_path}/open/f']", *allow)
    assert run("query", "print 1", "--allow-artifacts", tmp_path / "gone").returncode == 2


def test_wrong_places(tmp_path):
    (tmp_path / "f").write_text("x" * 100)
    os.mkfifo(tmp_path / "pipe")
    script = f"said = []\n{SAY}"
    codes = {"/dev/zero": "BAD_FILE", tmp_path / "pipe": "BAD_FILE", tmp_path: "BAD_FILE", tmp_path / "gone": "FILE_NOT_FOUND"}
    codes |= {"https://example.com/x.zip?sig=1": "NOT_SUPPORTED", "": "BAD_ARGUMENT"}
    for place, code in codes.items():
        said = complaint(query_of(script, a=place), ANY)
        assert code in said and str(place).split("?")[0] in said and " at query:2:" in said, said
    said = complaint(query_of(script, a=tmp_path / "f"), ANY, "--artifact-cache", "50")
    assert "RESULT_TOO_LARGE" in said and "--artifact-cache" in said and "100 bytes" in said


def test_a_changed_file_is_read_again(tmp_path):
    file = tmp_path / "f"
    program = PipeProgram(ANY)
    query = query_of(f"said = [open('f').read()]\n{SAY}", f=file)
    for content in ("one", "two", "longer than before", "one"):
        file.write_text(content)
        assert program.rows(query) == [[content]]
        assert program.rows(query) == [[content]]
    file.unlink()
    assert program.error(query)["code"] == "FILE_NOT_FOUND"
    program.close()


def test_nothing_is_left_behind(tmp_path):
    (tmp_path / "f").write_text("x")
    own = tmp_path / "own"
    own.mkdir()
    done = run("query", query_of(f"said = [1]\n{SAY}", f=tmp_path / "f"), ANY, env=os.environ | {"TMPDIR": str(own)})
    assert done.returncode == 0, done.stderr
    assert list(own.glob("*-files-*")) == []


def test_nothing_is_left_behind_by_a_kill(tmp_path):
    (tmp_path / "f").write_text("x")
    own = tmp_path / "own"
    own.mkdir()
    query = query_of("print(open('f').read())\nwhile True: pass", f=tmp_path / "f")
    program = subprocess.Popen([WARDIAN, "query", query, ANY, "--console"], env=os.environ | {"TMPDIR": str(own)},
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    assert program.stderr.readline() == b"python | x\n"
    assert list(own.glob("*-files-*"))
    program.kill()
    program.wait()
    end = time.monotonic() + 20
    while list(own.glob("*-files-*")) and time.monotonic() < end:
        time.sleep(0.01)
    assert list(own.glob("*-files-*")) == []
    program.stderr.close()


def test_each_share_of_per_node_has_them(tmp_path):
    (tmp_path / "f").write_text("x")
    script = "result = pd.DataFrame({'s': [open('f').read()]})"
    query = query_of(script, "range x from 1 to 1000 step 1", "hint.distribution=per_node", f=tmp_path / "f")
    assert texts(query, ANY) == ["x"] * SHARES


def test_the_documented_example_of_packages(tmp_path):
    """Source: the same page, "Install packages for the Python plugin": wheels in a zip, its name in other letters."""
    helper = wheel("tests_helper", "2.0", {"tests_helper.py": "first = 'Gary'\n"})
    main = wheel(
        "Tests_Faker",
        "1.0",
        {"tests_faker/__init__.py": "from tests_helper import first\nclass Faker:\n    def name(self): return first\n"},
    )
    (tmp_path / "archive").write_bytes(zip_of_wheels(main, helper))
    query = f"""
range ID from 1 to 3 step 1
| extend Name=''
| evaluate python(typeof(*),
    'from sandbox_utils import Zipackage\\n'
    'Zipackage.install("Faker.zip")\\n'
    'from tests_faker import Faker\\n'
    'fake = Faker()\\n'
    'result = df\\n'
    'for i in range(df.shape[0]):\\n'
    '    result.loc[i, "Name"] = fake.name()\\n',
    external_artifacts=bag_pack('faker.zip', '{tmp_path / "archive"}'))
| project s = strcat(ID, Name)"""
    assert texts(query, ANY) == ["1Gary", "2Gary", "3Gary"]


INSTALL = "from sandbox_utils import Zipackage\nZipackage.install('x.zip')\n"
MODULE = """
#include <Python.h>
static PyObject* answer(PyObject* self, PyObject* none) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "tests_compiled", 0, -1, methods};
PyMODINIT_FUNC PyInit_tests_compiled(void) { return PyModule_Create(&module); }
"""


def test_a_wheel_with_compiled_modules(tmp_path):
    (tmp_path / "module.c").write_text(MODULE)
    include = sysconfig.get_paths()["include"]
    made = subprocess.run(
        ["cc", "-shared", "-fPIC", f"-I{include}", "module.c", "-o", "module.so"], cwd=tmp_path, capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("no compiler or no headers here")
    version = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    files = {f"tests_compiled{sysconfig.get_config_var('EXT_SUFFIX')}": (tmp_path / "module.so").read_bytes()}
    one = wheel("tests_compiled", "1", files, f"{version}-{version}-linux_{os.uname().machine}")
    (tmp_path / "x.zip").write_bytes(zip_of_wheels(one))
    script = INSTALL + "import tests_compiled\nsaid = [tests_compiled.answer()]\n" + SAY
    assert texts(query_of(script, x_dot_zip=tmp_path / "x.zip"), ANY) == ["42"]


def test_bad_zips_are_told(tmp_path):
    for content, code, word in [(b"none", "SCRIPT_ERROR", "x.zip cannot be installed: it is no zip"),
                                (zipped({"../../etc/passwd": "x"}), "SCRIPT_ERROR", "leads elsewhere"),
                                (zipped({"a": b"\0" * (100 << 20)}), "SCRIPT_ERROR", "a bomb"),
                                (zipped({"a": os.urandom(3 << 20)}), "SCRATCH_LIMIT", "--sandbox-scratch")]:  # fmt: skip
        (tmp_path / "x.zip").write_bytes(content)
        said = complaint(query_of(INSTALL, x_dot_zip=tmp_path / "x.zip"), ANY, "--sandbox-scratch", "2M")
        assert code in said and word in said, said
    # A script that takes it goes on, with nothing left behind.
    (tmp_path / "x.zip").write_bytes(zipped({"good.py": "", "../bad.py": ""}))
    script = f"""
import os
from sandbox_utils import PackageError, Zipackage
try:
    Zipackage.install('x.zip')
except PackageError:
    said = sorted(os.listdir('.'))
{SAY}"""
    left = texts(query_of(script, x_dot_zip=tmp_path / "x.zip"), ANY)
    assert ".packages" not in left and "Temp" in left
    assert "No artifact is called" in complaint(
        query_of("from sandbox_utils import Zipackage\nZipackage.install('y.zip')", x=tmp_path / "x.zip"), ANY
    )
