"""``# hadolint shell=powershell``: a comment that says in which language the RUN lines below it are."""

import re
from collections.abc import Iterator

from dockeropt.semantics.build import Build, Scope, Stage
from dockeropt.syntax.instructions import Shell
from dockeropt.syntax.tree import Comment

_COMMENT = r"(?i)hadolint\s+(?:.*?\s)?shell\s*=\s*(\S.*)"

_Declared = tuple[int, tuple[str, ...]]
"""where a comment begins, and the shell it names"""


def with_declared_shells(build: Build) -> Build:
    """Return a build with the shells that hadolint's comments name, as if SHELL had named them.

    A comment holds until the next SHELL, comment or stage, and in the stages FROM its own.
    """
    text = build.dockerfile.source.text
    if "shell" not in text or "hadolint" not in text:
        return build
    declared = list(_declared(build))
    if not declared:
        return build
    ends: list[tuple[str, ...] | None] = []
    stages: list[Stage] = []
    for stage in build.stages:
        before = None if stage.base_stage is None else ends[stage.base_stage]
        replaced, end = _replaced(stage, before, declared)
        ends.append(end)
        stages.append(replaced)
    return Build(
        build.dockerfile,
        tuple(stages),
        build.arguments,
        build.context,
        build.global_scope,
        build.global_views,
        build.problems,
    )


def _declared(build: Build) -> Iterator[_Declared]:
    for comment in build.dockerfile.comments():
        match = _match(comment)
        if match is not None:
            yield comment.span.start, tuple(match[1].split())


def _match(comment: Comment) -> re.Match[str] | None:
    return re.match(_COMMENT, comment.text)


def _replaced(
    stage: Stage, shell: tuple[str, ...] | None, declared: list[_Declared]
) -> tuple[Stage, tuple[str, ...] | None]:
    """Return a stage with the declared shells, and the one in force at its end; uses up what stands in it."""
    while declared and declared[0][0] < stage.start.instruction.span.start:
        shell = declared.pop(0)[1]
    begin = _with(stage.begin, shell)
    scopes: list[Scope] = []
    for view, scope in zip(stage.views, stage.scopes, strict=True):
        while declared and declared[0][0] < view.instruction.span.start:
            shell = declared.pop(0)[1]
        scopes.append(_with(scope, shell))
        if isinstance(view, Shell):
            shell = None
    end = _with(stage.end, shell)
    return stage._replace(begin=begin, scopes=tuple(scopes), end=end), shell


def _with(scope: Scope, shell: tuple[str, ...] | None) -> Scope:
    return scope if shell is None else scope._replace(shell=shell)
