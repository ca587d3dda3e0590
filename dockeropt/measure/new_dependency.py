"""A dependency more, as a developer adds one: in the manifest and in the lock file, which agree.

No registry is asked. What another dependency brings with it already becomes one of the project's own: the
lock file has its version and checksum, and an install that refuses a stale one (``npm ci``,
``--frozen-lockfile``, ``--locked``) takes it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from dockeropt.records import NamedTuple

_VERSION = re.compile(r"\d[\w.+-]*")
_NAME = re.compile(r"(?:@[\w.~-]+/)?[\w.~-]+")
_RANGE = re.compile(r"[~^]?\d[\w.+-]*")


class Addition(NamedTuple):
    """A dependency that was added."""

    name: str
    files: Mapping[str, bytes]
    """the new content of the manifest and, where it changes, of the lock file, by name"""


def addition(manifest: str, lock: str, read: Callable[[str], bytes | None]) -> Addition | None:
    """Return a dependency more for the project with this manifest and lock file.

    None where none can be added so that both agree: the lock file is of a kind that vouches for the
    manifest's very text (Poetry, Pipenv, Yarn 2), is not there or cannot be read, or brings nothing with it.
    """
    add = _KINDS.get((manifest, lock))
    texts = [read(manifest), read(lock)]
    if add is None or None in texts:
        return None
    try:
        return add(*(cast("bytes", text).decode() for text in texts))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _npm(manifest: str, lock: str) -> Addition | None:
    values = json.loads(lock)
    root = values["packages"][""]
    for path, package in values["packages"].items():
        folder, _, name = path.partition("node_modules/")
        is_plain = not folder and "node_modules/" not in name and not _SPECIAL & package.keys()
        if is_plain and _VERSION.fullmatch(package.get("version", "")):
            changed = _with_dependency(manifest, name, package["version"])
            if changed is not None:
                root["dependencies"] = {**root.get("dependencies", {}), name: package["version"]}
                files = {"package.json": changed, "package-lock.json": _json(values)}
                return Addition(name, files)
    return None


_SPECIAL = frozenset(("link", "name", "dev", "optional", "devOptional", "peer", "os", "cpu", "inBundle"))
"""what an entry of package-lock.json has that a plain dependency has not, or one for some machines alone"""


def _yarn(manifest: str, lock: str) -> Addition | None:
    if "yarn lockfile v1" not in lock:
        return None
    for heading in re.findall(r"^(\S.*):$", lock, re.MULTILINE):
        name, _, version = heading.split(", ")[0].strip('"').rpartition("@")
        if name and _RANGE.fullmatch(version):
            changed = _with_dependency(manifest, name, version)
            if changed is not None:
                return Addition(name, {"package.json": changed})
    return None


def _pnpm(manifest: str, lock: str) -> Addition | None:
    """Add to the importer ``.`` of a lock file of version 9."""
    own = re.search(r"^importers:\n\n  \.:\n    dependencies:\n", lock, re.MULTILINE)
    if own is None or not lock.startswith("lockfileVersion: '9."):
        return None
    snapshots = lock.partition("\nsnapshots:\n")[2]
    for key in re.findall(r"^  (\S+?):", snapshots, re.MULTILINE):
        name, _, version = key.strip("'").rpartition("@")
        if name and _VERSION.fullmatch(version) and not _is_for_some_machines(key, lock):
            changed = _with_dependency(manifest, name, version)
            if changed is not None:
                entry = f"      {_quoted(name)}:\n        specifier: {version}\n        version: {version}\n"
                text = lock[: own.end()] + entry + lock[own.end() :]
                return Addition(name, {"package.json": changed, "pnpm-lock.yaml": text.encode()})
    return None


def _is_for_some_machines(key: str, lock: str) -> bool:
    entry = re.search(rf"^  {re.escape(key)}:\n((?:    .*\n)*)", lock, re.MULTILINE)
    return entry is not None and re.search(r"^    (?:os|cpu|libc):", entry[1], re.MULTILINE) is not None


def _quoted(name: str) -> str:
    return f"'{name}'" if name.startswith("@") else name


def _bun(manifest: str, lock: str) -> Addition | None:
    own = _BUN_OWN.search(lock)
    if own is None:
        return None
    packages = lock.partition('\n  "packages": {\n')[2]
    for name, version, rest in re.findall(r'^    "([^"]+)": \["\1@([^"@]+)"(.*)$', packages, re.MULTILINE):
        if _VERSION.fullmatch(version) and '"os":' not in rest and '"cpu":' not in rest:
            changed = _with_dependency(manifest, name, version)
            if changed is not None:
                entry = f'        "{name}": "{version}",\n'
                text = lock[: own.end()] + entry + lock[own.end() :]
                return Addition(name, {"package.json": changed, "bun.lock": text.encode()})
    return None


_BUN_OWN = re.compile(
    r'^  "workspaces": \{\n    "": \{\n(?:      "name": .*\n)?      "dependencies": \{\n', re.MULTILINE
)


def _uv(manifest: str, lock: str) -> Addition | None:
    """Add to ``[project] dependencies`` of a project that is no workspace."""
    listed = re.search(r"^dependencies = \[\n", manifest, re.MULTILINE)
    packages = lock.split("[[package]]\n")
    own = next((text for text in packages if _UV_OWN.search(text)), "")
    inner = re.search(r"^dependencies = \[\n", own, re.MULTILINE)
    required = re.search(r"^requires-dist = \[\n", own, re.MULTILINE)
    if listed is None or inner is None or required is None:
        return None
    for name, version in _plain_packages(packages):
        if f'name = "{name}"' not in own:
            changed = f'{manifest[: listed.end()]}    "{name}=={version}",\n{manifest[listed.end() :]}'
            entry = f'    {{ name = "{name}", specifier = "=={version}" }},\n'
            mine = own[: required.end()] + entry + own[required.end() :]
            mine = f'{mine[: inner.end()]}    {{ name = "{name}" }},\n{mine[inner.end() :]}'
            files = {"pyproject.toml": changed, "uv.lock": lock.replace(own, mine)}
            return Addition(name, {path: text.encode() for path, text in files.items()})
    return None


_UV_OWN = re.compile(r'^source = \{ (?:virtual|editable) = "\." \}', re.MULTILINE)


def _plain_packages(packages: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the packages of the registry that are installed on every machine."""
    conditional = set(re.findall(r'\{ name = "([^"]+)",[^}]*marker = ', "".join(packages)))
    for text in packages:
        found = re.match(r'name = "([^"]+)"\nversion = "([^"]+)"\nsource = \{ registry = ', text)
        if found is not None and found[1] not in conditional:
            yield found[1], found[2]


def _with_dependency(manifest: str, name: str, version: str) -> bytes | None:
    """Return package.json with a dependency more, None where it has that one in some way."""
    values = json.loads(manifest)
    if not _NAME.fullmatch(name) or any(name in (values.get(kind) or {}) for kind in _FIELDS):
        return None
    values["dependencies"] = dict(sorted({**(values.get("dependencies") or {}), name: version}.items()))
    return _json(values)


_FIELDS = (
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
    "overrides",
    "resolutions",
)


def _json(values: object) -> bytes:
    return (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()


_KINDS: Mapping[tuple[str, str], Callable[[str, str], Addition | None]] = {
    ("package.json", "package-lock.json"): _npm,
    ("package.json", "yarn.lock"): _yarn,
    ("package.json", "pnpm-lock.yaml"): _pnpm,
    ("package.json", "bun.lock"): _bun,
    ("pyproject.toml", "uv.lock"): _uv,
}
