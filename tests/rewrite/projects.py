"""Nuxt projects made on the spot: what a rewrite reads of one, and no more."""

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from dockeropt.rewrite.options import Options
from dockeropt.rewrite.render import Rewritten
from dockeropt.rewrite.rewriter import rewrite

MANIFEST: dict[str, object] = {
    "name": "shop",
    "private": True,
    "scripts": {"build": "nuxt build", "postinstall": "nuxt prepare"},
    "dependencies": {"nuxt": "^4.2.0"},
}
NPM_LOCK = json.dumps({"lockfileVersion": 3, "packages": {"node_modules/nuxt": {"version": "4.2.0"}}})
YARN_LOCK = '# yarn lockfile v1\n\n\nnuxt@^4.2.0:\n  version "4.2.0"\n'
BERRY_LOCK = '__metadata:\n  version: 8\n\n"nuxt@npm:^4.2.0":\n  version: 4.2.0\n'
PNPM_LOCK = "lockfileVersion: '9.0'\n\npackages:\n\n  nuxt@4.2.0:\n    resolution: {}\n"
BUN_LOCK = '{\n  "lockfileVersion": 1,\n  "packages": {\n    "nuxt": ["nuxt@4.2.0", "", {}],\n  }\n}\n'
CONFIG = "export default defineNuxtConfig({})\n"

DEFAULTS = Options()

Files = Mapping[str, str | Mapping[str, object]]


def make(folder: Path, files: Files) -> Path:
    """Write a project: mappings as JSON, texts without their indentation; ``package.json`` unless given."""
    for path, content in {"package.json": MANIFEST, "nuxt.config.ts": CONFIG, **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(content) if isinstance(content, str) else json.dumps(content))
    return folder


def npm_lock(**packages: str) -> str:
    """Return a package-lock.json that names packages beside Nuxt; ``__`` stands for ``-``."""
    named = {"nuxt": "4.2.0", **{name.replace("__", "-"): version for name, version in packages.items()}}
    entries = {f"node_modules/{name}": {"version": version} for name, version in named.items()}
    return json.dumps({"lockfileVersion": 3, "packages": entries})


def manifest(**changes: object) -> dict[str, object]:
    """Return the package.json with some keys changed; ``packageManager`` and the like."""
    return {**MANIFEST, **changes}


def rewritten(folder: Path, options: Options = DEFAULTS, app: str | None = None) -> Rewritten:
    """Return the verified rewrite of a project."""
    return rewrite(str(folder), None, options._replace(app=app)).rewritten


def choices(result: Rewritten, subject: str) -> list[str]:
    """Return what was chosen for a subject."""
    return [decision.choice for decision in result.decisions if decision.subject == subject]


def reasons(result: Rewritten, subject: str) -> list[str]:
    """Return why it was chosen."""
    return [decision.reason for decision in result.decisions if decision.subject == subject]
