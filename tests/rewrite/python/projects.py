"""Python projects made on the spot, and what a rewrite makes of their Dockerfile."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from dockeropt.files import read_source
from dockeropt.rewrite.folder import read_folder
from dockeropt.rewrite.python.plan import NotSplit, PythonPlan, plan_python
from dockeropt.rewrite.python.project import read_project
from dockeropt.rewrite.rewriter import rewrite
from dockeropt.semantics.resolver import resolve
from dockeropt.syntax.parser import parse

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
REQUIREMENTS = "flask==3.1.2\ngunicorn==23.0.0\n"
NAIVE = """\
    FROM python:3.13
    WORKDIR /app
    COPY . .
    RUN pip install -r requirements.txt
    EXPOSE 8000
    CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""


def make(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a project: a Flask app with a naive Dockerfile, unless the files say otherwise."""
    for path, text in {
        "requirements.txt": REQUIREMENTS,
        "app.py": FLASK,
        "Dockerfile": NAIVE,
        **files,
    }.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text))
    return folder


def plan(folder: Path, files: Mapping[str, str] | None = None) -> PythonPlan | NotSplit:
    """Return the plan for a project."""
    make(folder, files or {})
    source = read_source(str(folder / "Dockerfile"))
    return plan_python(read_project(read_folder(str(folder))), resolve(parse(source)))


def rewritten(folder: Path, files: Mapping[str, str] | None = None) -> str:
    """Return the rewritten Dockerfile."""
    made = plan(folder, files)
    assert isinstance(made, PythonPlan), made
    outcome = rewrite(str(folder), None)
    assert not outcome.is_in_place
    return outcome.rewritten.dockerfile


def build_stage(text: str) -> str:
    """Return the first stage."""
    return text.split("\n\nFROM ", maxsplit=1)[0]


def last_stage(text: str) -> str:
    """Return the last stage."""
    return "FROM " + text.rsplit("\n\nFROM ", maxsplit=1)[-1]
