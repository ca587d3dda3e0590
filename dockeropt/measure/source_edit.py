"""A change of a source file that is valid for its type and means nothing: what a rebuild is measured with."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

from dockeropt.cache.graph import StepGraph
from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple

_SLASHES = "// {}"
_HASH = "# {}"
_STARS = "/* {} */"
_MARKUP = "<!-- {} -->"

COMMENTS = {
    **dict.fromkeys((".vue", ".svelte", ".html", ".htm", ".xml", ".svg", ".md"), _MARKUP),
    **dict.fromkeys((".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"), _SLASHES),
    **dict.fromkeys((".go", ".rs", ".java", ".kt", ".scala", ".groovy", ".cs", ".swift", ".dart"), _SLASHES),
    **dict.fromkeys((".c", ".h", ".cc", ".cpp", ".hpp", ".fs"), _SLASHES),
    **dict.fromkeys(
        (".py", ".rb", ".sh", ".pl", ".ex", ".exs", ".r", ".jl", ".yml", ".yaml", ".toml"), _HASH
    ),
    **dict.fromkeys((".css", ".scss", ".less"), _STARS),
    **dict.fromkeys((".sql", ".lua", ".hs", ".elm"), "-- {}"),
    ".erb": "<%# {} %>",
    ".astro": _MARKUP,
    **dict.fromkeys((".rst", ".adoc"), "{}"),
    ".txt": "{}",
}
"""how a line that means nothing is written, by file name extension"""

_SOURCES = (
    # What a web app renders is what its developers edit most; then code of any other kind.
    frozenset({".vue", ".svelte", ".astro", ".tsx", ".jsx"}),
    frozenset(
        {".ts", ".js", ".mjs", ".py", ".go", ".rb", ".rs", ".java", ".kt", ".cs", ".php", ".scala", ".ex"}
    ),
    frozenset({".c", ".cc", ".cpp", ".swift", ".dart", ".html", ".erb", ".css", ".scss"}),
)

_PLACES = ("pages", "views", "components", "routes", "app", "src", "server", "lib", "layouts")
"""folders of code that is part of the product, the likeliest first"""

_FIRST_NAMES = frozenset({"index", "app", "main", "home"})

_OTHER_PLACES = re.compile(
    r"tests?|specs?|e2e|cypress|playwright|__tests__|__mocks__|mocks|fixtures|stories|storybook-static"
    r"|docs?|documentation|examples?|demo|scripts?|tools?|bench|benchmarks?|ci|deploy|migrations"
    r"|node_modules|vendor|third_party|dist|build|out|output|target|coverage|public|static|assets|__pycache__"
    r"|\..*"
)
"""folders of what is no source of the product"""

_OTHER_ENDINGS = (".d.ts", ".min.js", ".min.css")
_OTHER_WORDS = frozenset(
    {"test", "tests", "spec", "stories", "story", "config", "conf", "setup", "conftest", "mock"}
)


class Edit(NamedTuple):
    """A file and how its content is changed."""

    path: str
    """relative to the context, with ``/``"""
    change: Callable[[bytes, str], bytes]
    """the file's bytes and a mark that no other edit has, to the new bytes"""


def edit_of(path: str) -> Edit:
    """Return the way to change a file.

    Raises UsageError where no change is known that leaves the file valid.
    """
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in COMMENTS:
        comment = COMMENTS[suffix]
        return Edit(path, lambda data, mark: _with_line(data, comment.format(f"dockeropt {mark}")))
    if suffix == ".php":
        return Edit(path, _with_php_comment)
    if suffix == ".json":
        return Edit(path, _with_blanks)
    raise UsageError(
        f"no harmless edit is known for {path}",
        "choose with --source a file of code, such as .vue, .ts, .py, .go, .java or .css",
    )


_MANIFESTS = {
    **dict.fromkeys(
        ("requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock", "pnpm-lock.yaml"), _HASH
    ),
    **dict.fromkeys(("Pipfile", "Gemfile", "Cargo.toml", "mix.exs"), _HASH),
    **dict.fromkeys(("go.mod", "build.gradle", "settings.gradle"), _SLASHES),
    "pom.xml": _MARKUP,
}
"""how a line that means nothing is written in manifests, by file name"""

_LOOSE_JSON = {"package.json", "package-lock.json", "composer.json", "composer.lock", "Pipfile.lock"}


def manifest_edit_of(path: str) -> Edit | None:
    """Return the way to change a manifest or lock file so that what it names stays the same.

    None for those whose tool compares their very text when it may not change them, as yarn and cargo do.
    """
    name = PurePosixPath(path).name
    if name in _LOOSE_JSON:
        return Edit(path, _with_blanks)
    if name in _MANIFESTS:
        comment = _MANIFESTS[name]
        return Edit(path, lambda data, mark: _with_line(data, comment.format(f"dockeropt {mark}")))
    return None


def _with_line(data: bytes, line: str) -> bytes:
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    gap = b"" if not data or data.endswith(b"\n") else newline
    return data + gap + line.encode() + newline


def _with_php_comment(data: bytes, mark: str) -> bytes:
    is_open = data.rfind(b"<?") > data.rfind(b"?>")
    return _with_line(data, f"// dockeropt {mark}" if is_open else f"<?php // dockeropt {mark}")


def _with_blanks(data: bytes, mark: str) -> bytes:
    """JSON has no comments: the mark is written in blanks and tabs, bit by bit."""
    bits = "".join(f"{byte:08b}" for byte in mark.encode())
    return data + bits.translate({48: " ", 49: "\t"}).encode() + b"\n"


def choose(paths: Iterable[str], graphs: Sequence[StepGraph] = ()) -> str | None:
    """Return the path most like a page or component somebody works on, None where nothing looks like source.

    Tests, documents, generated and configuration files are passed over, and so is what some of the builds
    does not take in, unless that leaves nothing.
    """
    sources = sorted((path for path in paths if _is_source(path)), key=_rank)
    used = (path for path in sources[:_LOOKED_AT] if all(graph.invalidated_by((path,)) for graph in graphs))
    return next(used, sources[0] if sources else None)


_LOOKED_AT = 500
"""sources of a large repository that are tried at most"""


def _is_source(path: str) -> bool:
    parts = path.lower().split("/")
    *folders, name = parts
    if name.endswith(_OTHER_ENDINGS) or not any(PurePosixPath(name).suffix in kind for kind in _SOURCES):
        return False
    if any(_OTHER_PLACES.fullmatch(folder) for folder in folders) or name.startswith("."):
        return False
    return _OTHER_WORDS.isdisjoint(name.replace("-", ".").replace("_", ".").split(".")[:-1])


def _rank(path: str) -> tuple[int, int, int, bool, str]:
    suffix = PurePosixPath(path.lower()).suffix
    folders = path.lower().split("/")[:-1]
    kind = next(at for at, suffixes in enumerate(_SOURCES) if suffix in suffixes)
    place = min((_PLACES.index(folder) for folder in folders if folder in _PLACES), default=len(_PLACES))
    return kind, place, len(folders), PurePosixPath(path).stem.lower() not in _FIRST_NAMES, path
