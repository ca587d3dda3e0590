"""pyproject.toml and the lock files of Python's package managers, read for what a rewrite needs of them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from json import JSONDecodeError, loads
from typing import cast

from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.rewrite.python.requirements import normalized

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")

Table = Mapping[str, object]


class Pyproject(NamedTuple):
    """What pyproject.toml says."""

    path: str
    requires_python: str
    dependencies: tuple[str, ...]
    """of the project itself, as written, or only names where Poetry has them"""
    development: tuple[str, ...]
    """normalized names that only a development group has"""
    scripts: tuple[str, ...]
    has_build_system: bool
    has_project: bool
    """a [project] table, whose dependencies any installer reads"""
    is_dynamic: bool
    """the dependencies are computed when it is built"""
    uses_poetry: bool
    is_package: bool
    """installing the dependencies installs the project too"""
    local: tuple[str, ...]
    """folders of the project that are installed beside it"""
    readme: tuple[str, ...]
    """files that have to be there for the project to be built"""


def read_pyproject(text: str, path: str) -> Pyproject:
    """Return what a pyproject.toml says; raises UsageError where it is not TOML."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{path} is not valid TOML: {error}", "correct it, then run the command again"
        ) from error
    project, tool = _table(data, "project"), _table(data, "tool")
    poetry, uv = _table(tool, "poetry"), _table(tool, "uv")
    main = [text for text in _list(project, "dependencies") if isinstance(text, str)]
    main += [name for name in _table(poetry, "dependencies") if name != "python"]
    groups = [
        *(entry for group in _table(data, "dependency-groups").values() for entry in _strings(group)),
        *_strings(uv.get("dev-dependencies")),
        *_table(poetry, "dev-dependencies"),
    ]
    for group in _table(poetry, "group").values():
        groups += _table(cast("Table", group), "dependencies") if isinstance(group, dict) else ()
    names = {name_of(text) for text in main}
    build_system = "build-system" in data
    package = uv.get("package", build_system)
    if poetry:
        package = poetry.get("package-mode", True)
    return Pyproject(
        path,
        str(project.get("requires-python") or _table(poetry, "dependencies").get("python") or ""),
        tuple(main),
        tuple(dict.fromkeys(name for text in groups if (name := name_of(text)) not in names)),
        (*_table(project, "scripts"), *_table(poetry, "scripts")),
        build_system,
        bool(project),
        "dependencies" in _strings(project.get("dynamic")),
        bool(poetry),
        bool(package),
        tuple(_local(uv, poetry)),
        tuple(_readme(project, poetry)),
    )


def name_of(requirement: str) -> str:
    """Return the normalized name of a requirement such as ``Flask[async]>=3``."""
    found = _NAME.match(requirement)
    return normalized(found[1]) if found else ""


def locked_names(name: str, text: str) -> tuple[str, ...]:
    """Return the distributions a lock file names; raises UsageError where it cannot be read."""
    try:
        data = cast("Table", loads(text) if name == "Pipfile.lock" else tomllib.loads(text))
    except (tomllib.TOMLDecodeError, JSONDecodeError) as error:
        raise UsageError(
            f"{name} cannot be read: {error}", "make it anew with the tool that wrote it"
        ) from error
    if name == "Pipfile.lock":
        return tuple(normalized(each) for each in _table(data, "default"))
    packages = (each for each in _list(data, "package") if isinstance(each, dict))
    return tuple(normalized(str(each.get("name", ""))) for each in packages)


def _local(uv: Table, poetry: Table) -> Iterable[str]:
    tables = [_table(uv, "sources"), _table(poetry, "dependencies")]
    for table in tables:
        for value in table.values():
            if isinstance(value, dict) and isinstance(value.get("path"), str):
                yield str(value["path"]).removeprefix("./").rstrip("/")
    yield from (f"{text}/" for text in _strings(_table(uv, "workspace").get("members")))


def _readme(project: Table, poetry: Table) -> Iterable[str]:
    for table in (project, poetry):
        value = table.get("readme")
        if isinstance(value, dict):
            value = value.get("file")
        yield from (value,) if isinstance(value, str) else _strings(value)
    licence = project.get("license")
    if isinstance(licence, dict) and isinstance(licence.get("file"), str):
        yield str(licence["file"])


def _table(data: Table, key: str) -> Table:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _list(data: Table, key: str) -> list[object]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
