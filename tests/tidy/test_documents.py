"""What the documents say is so: links lead somewhere, the paths they name are there, and what users meet has its line.

A back-ticked word is taken for a path when it holds a slash or is a file name that ends as ours do. Told apart from paths:
- a place outside the tree: it begins with `/`, `~` or `$`, or `.gitignore` has its folder (`build/`, `.venv/`, `.deps/`);
- a placeholder: a word in capitals (`FILE`, `build/tests/STAGE.log`), or one in angle brackets;
- code and other words with a slash: they hold a sign that no path of ours has, or no small letter (`N/A`).
A pattern must match something: `*` any text, `{h,cpp}` each of its words.
"""

import fnmatch
import functools
import itertools
import os
import pathlib
import re
from collections.abc import Iterator

from source_tree import ROOT, SOURCES, files, files_named, place, text

DOCUMENTS = files_named(".md")
# Endings of the files that documents name.
FILE_NAME = re.compile(r"[\w.*{},-]+\.(c|cmake|cpp|h|in|json|kql|lock|md|py|test|toml|txt)")
PATH = re.compile(r"[\w.*{},/-]+")
PLACEHOLDER = re.compile(r"(^|[/_.-])(?!README|CMake|CHANGELOG|CONTRIBUTING|LICENSE)[A-Z]{3,}")

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
TICKED = re.compile(r"(`+)(.+?)\1", re.DOTALL)
LINK = re.compile(r"\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def prose(path: pathlib.Path) -> str:
    """The text without its fenced blocks; every line keeps its number."""
    return FENCED.sub(lambda block: "\n" * block[0].count("\n"), text(path))


def line_of(content: str, position: int) -> int:
    return content.count("\n", 0, position) + 1


def ticked_words(path: pathlib.Path) -> Iterator[tuple[int, str]]:
    content = prose(path)
    for span in TICKED.finditer(content):
        for word in span[2].split():
            yield line_of(content, span.start()), word.strip(",;:()[]").removesuffix(".")


@functools.cache
def ignored_folders() -> tuple[str, ...]:
    return tuple(line[1:] for line in text(ROOT / ".gitignore").splitlines() if line.startswith("/") and line.endswith("/"))


def is_path(word: str) -> bool:
    if word.startswith(("/", "~", "$", "-")) or word.upper() == word or PLACEHOLDER.search(word):
        return False
    if any(fnmatch.fnmatchcase(word + "/", folder + "*") for folder in ignored_folders()):
        return False
    return bool(FILE_NAME.fullmatch(word) or ("/" in word and PATH.fullmatch(word)))


def without_braces(word: str) -> list[str]:
    """`a.{h,cpp}` as `a.h` and `a.cpp`."""
    parts = re.split(r"[{}]", word)
    choices = [part.split(",") if at % 2 else [part] for at, part in enumerate(parts)]
    return ["".join(chosen) for chosen in itertools.product(*choices)]


@functools.cache
def places() -> frozenset[str]:
    """Files and folders of the tree, from its root."""
    names = {path.relative_to(ROOT) for path in files()}
    return frozenset(name.as_posix() for name in names | {folder for name in names for folder in name.parents})


def is_there(word: str, document: pathlib.Path) -> bool:
    """Seen from the document's folder, the root or the layers. A README may also name a file anywhere below its folder, a page of
    docs/ or of the root whatever ends in that name."""
    for base in (document.parent, ROOT, SOURCES):
        wanted = os.path.relpath(os.path.normpath(base / word), ROOT)
        if any(fnmatch.fnmatchcase(name, wanted) for name in places()):
            return True
    general = document.parent == ROOT or ROOT / "docs" in document.parents
    if not general and "/" in word:
        return False
    below = "" if general else document.parent.relative_to(ROOT).as_posix() + "/"
    return any(fnmatch.fnmatchcase(name, f"{below}*/{word.rstrip('/')}") for name in places())


def test_named_paths_exist():
    missing = []
    for document in DOCUMENTS:
        for line, word in ticked_words(document):
            if is_path(word):
                missing += [f"{place(document, line)}: {name}" for name in without_braces(word) if not is_there(name, document)]
    assert not missing, "\n" + "\n".join(missing)


def anchors(path: pathlib.Path) -> set[str]:
    """As forges make them of headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(prose(path))}


def test_links_lead_somewhere():
    broken = []
    for document in DOCUMENTS:
        content = prose(document)
        for link in LINK.finditer(content):
            if re.match(r"\w+:", link[1]):
                continue
            name, _, anchor = link[1].partition("#")
            target = pathlib.Path(os.path.normpath(document.parent / name)) if name else document
            known = target.is_relative_to(ROOT) and target.relative_to(ROOT).as_posix() in places()
            if not known or (anchor and (target.suffix != ".md" or anchor not in anchors(target))):
                broken.append(f"{place(document, line_of(content, link.start()))}: {link[1]}")
    assert not broken, "\n" + "\n".join(broken)


def test_pages_can_be_found():
    """Every page of docs/ is linked from the README of its folder."""
    pages = [path for path in DOCUMENTS if ROOT / "docs" in path.parents and path.name != "README.md"]
    lost = [place(page) for page in pages if f"]({page.name})" not in text(page.parent / "README.md")]
    assert not lost, "\n" + "\n".join(lost)


def test_files_of_the_tests_have_one_entry():
    """Each file of tests/python stands in its README, and heads no more than one row."""
    readme = ROOT / "tests" / "python" / "README.md"
    words = {word for _, word in ticked_words(readme)}
    assert [path.name for path in files() if path.parent == readme.parent and path != readme and path.name not in words] == []
    rows = re.findall(r"^\| (`[^|]*`) \|", text(readme), re.MULTILINE)
    heads = [head for row in rows for head in row.split(", ")]
    assert len(heads) > 30 and [head for head in heads if heads.count(head) > 1] == []


# --- what users meet -------------------------------------------------------------------------------------------------


def words_in(path: str, pattern: str, begin: str = "", end: str = "\n});") -> list[str]:
    """What `pattern` finds in a source file, from `begin` up to the next `end`; some, or the test is out of date."""
    content = text(ROOT / path)
    part = content[content.index(begin) :]
    found = re.findall(pattern, part[: part.index(end)] if begin else part)
    assert found, f"{path} has no more {pattern}"
    return found


def absent(words: list[str], *documents: str) -> list[str]:
    """Words that stand in no back-ticks of the documents."""
    spans = " ".join(span[2] for name in documents for span in TICKED.finditer(prose(ROOT / name)))
    return [word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", spans)]


def flag_words(pattern: str) -> list[str]:
    files = sorted((ROOT / "src/wardian/cli/flags").glob("*_flags.cpp")) + [ROOT / "src/wardian/cli/flags/flag_values.cpp"]
    return [word for file in files for word in words_in(str(file.relative_to(ROOT)), pattern)]


def test_every_flag_is_described():
    flags = flag_words(r'add_(?:option|flag)\("(?:-\w,)?(--[a-z-]+)')
    assert not absent([flag for flag in flags if flag != "--file"], "docs/command_line.md", "docs/sandbox.md")


def test_every_described_flag_is_there():
    flags = set(flag_words(r'"(?:-\w,)?(--[a-z-]+)')) | {"--help"}
    spans = [span[2] for name in ("command_line.md", "sandbox.md") for span in TICKED.finditer(prose(ROOT / "docs" / name))]
    described = {flag for span in spans for flag in re.findall(r"(?<!\S)--[a-z]+(?:-[a-z]+)*(?![-…\w])", span)}
    assert not described - flags


def test_every_error_code_is_described():
    codes = words_in("src/wardian/base/error_codes.cpp", r'return "([A-Z_]+)";')
    listed = words_in("docs/errors.md", r"(?m)^\| `([A-Z_]+)` \|")
    assert set(listed) == set(codes)


def test_functions_without_a_row_are_described():
    functions = words_in("src/wardian/kql/bind_functions.cpp", r'\{"(\w+)", "', begin="kBinderFunctions[]", end="\n};")
    for family in ("request_functions", "table_references"):
        functions += words_in(f"src/wardian/kql/bind_{family}.cpp", r'\{"(\w+)",\s+"', begin="kFunctions[]", end="\n};")
    # `summarize` gives these several columns.
    functions += words_in("src/wardian/kql/operators/summarize.cpp", r'name == "(arg_\w+|take_any|percentiles\w*)"')
    assert not absent(functions, "docs/kql.md")


def test_the_readme_lists_what_there_is():
    classes = words_in("src/wardian/kql/operators/operators.h", r"syntax::(\w+)Operator&")
    # ProjectAwayOperator is project-away; GetSchemaOperator, written in one word, is getschema.
    spelled = [re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower() for name in classes]
    operators = [name.replace("-", "") if name in ("external-data", "get-schema", "data-table") else name for name in spelled]
    operators = [name.replace("-", "_") if name == "inline-external-table" else name for name in operators]
    plugins = words_in("src/wardian/kql/plugins/plugin_table.cpp", r'\{"(\w+)",\s*"')
    charts = words_in("src/wardian/cli/answer/chart.cpp", r'\{"(\w+)", (?:true|false)', begin="kKinds")
    assert not absent([*operators, *plugins, *charts], "README.md")
