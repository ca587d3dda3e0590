"""The files by which package managers fix what they install, by manager."""

from collections.abc import Mapping

_NODE = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")

LOCK_FILES: Mapping[str, tuple[str, ...]] = {
    "npm": _NODE,
    "yarn": _NODE,
    "pnpm": _NODE,
    "bun": _NODE,
    "uv": ("uv.lock", "requirements*.txt", "pylock*.toml"),
    "poetry": ("poetry.lock",),
    "pipenv": ("Pipfile.lock",),
    "bundle": ("Gemfile.lock", "gems.locked"),
    "composer": ("composer.lock",),
}
"""names, with ``*`` where they vary; one manager often takes over another's"""
