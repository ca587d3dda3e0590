"""A package.json, typed."""

import json
from collections.abc import Mapping

from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple

LIFECYCLE = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")
"""the scripts of a project itself that its package manager runs when it installs"""


class Manifest(NamedTuple):
    """What the rewrite needs of a package.json; what is missing or of a wrong type is empty."""

    name: str
    scripts: Mapping[str, str]
    dependencies: Mapping[str, str]
    dev_dependencies: Mapping[str, str]
    engines: Mapping[str, str]
    package_manager: str
    """``pnpm@9.1.0``, the hash cut off"""
    volta: Mapping[str, str]
    workspaces: tuple[str, ...]
    prisma_schema: str
    homepage: str
    """where Create React App's app is served"""
    has_proxy: bool
    """Create React App's development server forwards requests"""
    has_pnpm_settings: bool
    """pnpm's own settings, patches or allowed build scripts among them, stand in this file"""
    bins: Mapping[str, str]
    """programs it provides: name to file, relative to the manifest"""
    patch_files: tuple[str, ...]
    """files that pnpm's or yarn's patched dependencies name, relative to the manifest"""

    @property
    def all_dependencies(self) -> dict[str, str]:
        """Dependencies and devDependencies; where both name a package, the former counts."""
        return {**self.dev_dependencies, **self.dependencies}


def read_manifest(text: str, path: str) -> Manifest:
    """Return the manifest of a package.json. Raises UsageError when it is not a JSON object."""
    try:
        data: object = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} is not valid JSON: {error}", "correct it, then run the command again"
        ) from error
    if not isinstance(data, dict):
        raise UsageError(f"{path} is not a JSON object", "correct it, then run the command again")
    workspaces = data.get("workspaces")
    if isinstance(workspaces, dict):
        workspaces = workspaces.get("packages")
    prisma, pnpm = data.get("prisma"), data.get("pnpm")
    pnpm = pnpm if isinstance(pnpm, dict) else {}
    return Manifest(
        name=_text(data.get("name")),
        scripts=_texts(data.get("scripts")),
        dependencies={**_texts(data.get("optionalDependencies")), **_texts(data.get("dependencies"))},
        dev_dependencies=_texts(data.get("devDependencies")),
        engines=_texts(data.get("engines")),
        package_manager=_text(data.get("packageManager")).partition("+")[0],
        volta=_texts(data.get("volta")),
        workspaces=tuple(item for item in workspaces if isinstance(item, str))
        if isinstance(workspaces, list)
        else (),
        prisma_schema=_text(prisma.get("schema")) if isinstance(prisma, dict) else "",
        homepage=_text(data.get("homepage")),
        has_proxy="proxy" in data,
        has_pnpm_settings=bool(pnpm),
        bins=_bins(data),
        patch_files=(*_texts(pnpm.get("patchedDependencies")).values(), *_patches(data)),
    )


def _bins(data: Mapping[str, object]) -> dict[str, str]:
    name, value = _text(data.get("name")), data.get("bin")
    found = {name.rpartition("/")[2]: value} if isinstance(value, str) else _texts(value)
    return {program: path.removeprefix("./") for program, path in found.items()}


def _patches(data: Mapping[str, object]) -> tuple[str, ...]:
    """Return the files of ``patch:`` protocol dependencies and resolutions, and of bun's patches."""
    found = list(_texts(data.get("patchedDependencies")).values())
    for key in ("dependencies", "devDependencies", "resolutions"):
        found.extend(
            value.rpartition("#")[2].removeprefix("~/").removeprefix("./").partition("::")[0]
            for value in _texts(data.get(key)).values()
            if value.startswith("patch:") and "#" in value
        )
    return tuple(found)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: item for key, item in value.items() if isinstance(key, str) and isinstance(item, str)}
