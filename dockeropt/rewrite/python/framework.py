"""Which framework a Python project is made with, and where its application object is."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from dockeropt.records import NamedTuple


class Framework(Enum):
    """What serves the app; a plain script is none of them."""

    DJANGO = "Django"
    FASTAPI = "FastAPI"
    FLASK = "Flask"
    SCRIPT = "a plain script"


class Application(NamedTuple):
    """A framework, with the module and object a server is given: ``shop.main:app``, or a script's path."""

    framework: Framework
    target: str
    """empty where it is not found"""
    reason: str


_DISTRIBUTIONS = {"django": Framework.DJANGO, "fastapi": Framework.FASTAPI, "flask": Framework.FLASK}
_CLASSES = {
    Framework.FASTAPI: re.compile(r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:fastapi\.)?FastAPI\(", re.MULTILINE),
    Framework.FLASK: re.compile(r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:flask\.)?Flask\(", re.MULTILINE),
}
_FACTORY = re.compile(r"^def (create_app|make_app)\(", re.MULTILINE)
_SCRIPT_NAMES = ("main.py", "app.py", "run.py", "server.py", "bot.py", "__main__.py")


def find_frameworks(names: Iterable[str], sources: Mapping[str, str]) -> tuple[Framework, ...]:
    """Return the frameworks the project depends on and imports, else those that it only depends on."""
    stated = [_DISTRIBUTIONS[name] for name in dict.fromkeys(names) if name in _DISTRIBUTIONS]
    used = [each for each in stated if _imports(each, sources)]
    return tuple(used or stated)


def find_application(framework: Framework, sources: Mapping[str, str]) -> Application:
    """Return the application object of a framework, that nearest to the root of the project."""
    if framework is Framework.DJANGO:
        return _django(sources)
    if framework is Framework.SCRIPT:
        return _script(sources)
    for path in sorted(sources, key=lambda path: (path.count("/"), path)):
        found = _CLASSES[framework].search(sources[path])
        if found is not None:
            return Application(framework, f"{_module(path)}:{found[1]}", f"{path} makes it")
    for path in sorted(sources, key=lambda path: (path.count("/"), path)):
        found = _FACTORY.search(sources[path])
        if found is not None:
            return Application(framework, f"{_module(path)}:{found[1]}()", f"{path} has a factory of it")
    return Application(framework, "", "no file makes one at its top level")


def _imports(framework: Framework, sources: Mapping[str, str]) -> bool:
    module = next(name for name, each in _DISTRIBUTIONS.items() if each is framework)
    pattern = re.compile(rf"^\s*(?:from|import)\s+{module}\b", re.MULTILINE)
    return any(pattern.search(text) for text in sources.values())


def _django(sources: Mapping[str, str]) -> Application:
    for ending in ("wsgi.py", "asgi.py"):
        for path in sorted(sources, key=lambda path: (path.count("/"), path)):
            if path.rpartition("/")[2] == ending and "_application(" in sources[path]:
                return Application(Framework.DJANGO, f"{_module(path)}:application", f"{path} makes it")
    return Application(Framework.DJANGO, "", "there is no wsgi.py")


def _script(sources: Mapping[str, str]) -> Application:
    for name in _SCRIPT_NAMES:
        if name in sources:
            return Application(Framework.SCRIPT, name, "a program's usual name")
    top = [path for path in sources if "/" not in path and path not in ("setup.py", "conftest.py")]
    if len(top) == 1:
        return Application(Framework.SCRIPT, top[0], "the only program in the folder")
    return Application(Framework.SCRIPT, "", "no file has a program's usual name")


def _module(path: str) -> str:
    path = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return path.replace("/", ".")
