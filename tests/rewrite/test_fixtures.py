"""Every project of fixtures/projects: no finding of our linter, and a second rewrite changes nothing."""

import shutil
from pathlib import Path

import pytest

from dockeropt.files import list_files
from dockeropt.lint.linter import lint_source
from dockeropt.rewrite.options import Base, Options
from dockeropt.rewrite.rewriter import Outcome, rewrite
from dockeropt.semantics.context import Context, File
from dockeropt.syntax.source import Source

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"
NO_STACK = "report-job"
"""shell scripts alone, which no stack is"""
IN_PLACE = {"express-api", "monorepo", "slim-api", "static-site"}
"""in stages already, or nothing to gain"""
NAMES = sorted(each.name for each in PROJECTS.iterdir() if each.is_dir() and each.name != NO_STACK)


def _twice(folder: Path, options: Options) -> Outcome:
    first = rewrite(str(folder), None, options)
    Path(first.dockerfile_path).write_text(first.rewritten.dockerfile)
    Path(first.ignore_path).write_text(first.rewritten.ignore)
    second = rewrite(str(folder), None, options)
    assert first.rewritten.dockerfile == second.rewritten.dockerfile
    assert first.rewritten.ignore == second.rewritten.ignore
    return first


@pytest.mark.parametrize("name", NAMES)
def test_it_has_no_finding_and_a_second_rewrite_changes_nothing(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    shutil.copytree(PROJECTS / name, folder)
    made = _twice(folder, Options())
    assert made.is_in_place == (name in IN_PLACE)
    old, new = (
        _findings(folder, text, made.rewritten.ignore)
        for text in (made.old_dockerfile, made.rewritten.dockerfile)
    )
    assert new <= (old if made.is_in_place else set())


def _findings(folder: Path, text: str, ignore: str) -> set[str]:
    files = tuple(File(*file) for file in list_files(str(folder)))
    context = Context(lambda: files, ignore, str(folder))
    found = lint_source(Source(text, "Dockerfile"), context=context)
    return {f"{each.code}: {each.finding.message}" for each in found}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in IN_PLACE])
def test_slim_is_as_steady(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    shutil.copytree(PROJECTS / name, folder)
    assert "-slim" in _twice(folder, Options(base=Base.SLIM)).rewritten.dockerfile or "nginx" in name
