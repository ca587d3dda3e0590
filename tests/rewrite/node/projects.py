"""Node projects made on the spot, and what a rewrite makes of them."""

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from dockeropt.rewrite.options import DEFAULTS, Options
from dockeropt.rewrite.rewriter import Outcome, rewrite

LOCK = json.dumps({"lockfileVersion": 3, "packages": {}})
NAIVE = """\
    FROM node:22
    WORKDIR /app
    COPY . .
    RUN npm install
    RUN npm run build
    EXPOSE 3000
    CMD ["npm", "start"]
"""
PLAIN = """\
    FROM node:22
    WORKDIR /app
    COPY . .
    RUN npm install
    EXPOSE 3000
    CMD ["node", "server.js"]
"""
SERVER = 'require("http").createServer((q, r) => r.end("hi")).listen(3000)\n'

Files = Mapping[str, str | Mapping[str, object] | None]


def make(folder: Path, files: Files) -> Path:
    """Write a project: mappings as JSON, texts without their indentation, and a lock file of npm.

    A file that is None is not written.
    """
    for path, content in {"package-lock.json": LOCK, **files}.items():
        if content is None:
            continue
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(content) if isinstance(content, str) else json.dumps(content))
    return folder


def outcome(folder: Path, files: Files, options: Options = DEFAULTS, stack: str | None = None) -> Outcome:
    """Return the verified rewrite of a project; a second rewrite of the result must change nothing."""
    make(folder, files)
    made = rewrite(str(folder), None, options, stack)
    (folder / "Dockerfile").write_text(made.rewritten.dockerfile)
    (folder / ".dockerignore").write_text(made.rewritten.ignore)
    again = rewrite(str(folder), None, options, stack)
    assert made.rewritten.dockerfile == again.rewritten.dockerfile
    assert made.rewritten.ignore == again.rewritten.ignore
    return made


def dockerfile(folder: Path, files: Files, options: Options = DEFAULTS, stack: str | None = None) -> str:
    """Return the rewritten Dockerfile."""
    made = outcome(folder, files, options, stack)
    assert not made.is_in_place, reasons(made, "Dockerfile")
    return made.rewritten.dockerfile


def kept(folder: Path, files: Files) -> str:
    """Return why the old Dockerfile stays."""
    made = outcome(folder, files)
    assert made.is_in_place
    return reasons(made, "Dockerfile")[0]


def reasons(made: Outcome, subject: str) -> list[str]:
    """Return why something was chosen."""
    return [each.reason for each in made.rewritten.decisions if each.subject == subject]


def choices(made: Outcome, subject: str) -> list[str]:
    """Return what was chosen for a subject."""
    return [each.choice for each in made.rewritten.decisions if each.subject == subject]


def last_stage(text: str) -> str:
    """Return the last stage."""
    return "FROM " + text.rsplit("\n\nFROM ", maxsplit=1)[-1]


def manifest(
    scripts: Mapping[str, str] | None = None,
    dependencies: Mapping[str, str] | None = None,
    development: Mapping[str, str] | None = None,
    **more: object,
) -> dict[str, object]:
    """Return a package.json."""
    return {
        "name": "app",
        "scripts": dict(scripts or {}),
        "dependencies": dict(dependencies or {}),
        "devDependencies": dict(development or {}),
        **more,
    }
