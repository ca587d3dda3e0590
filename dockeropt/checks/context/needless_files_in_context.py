"""DO5002: files that no image is built of are copied, although there is a .dockerignore."""

from collections.abc import Iterator
from posixpath import normpath

from dockeropt.checks.context.needless import needless_lines
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy

_MOST = 6
"""lines that a message names"""


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield one finding at the first source that takes the whole context with needless files in it."""
    context = build.context
    if context is None or context.dockerignore is None:
        return
    for stage in build.stages:
        for view in stage.views:
            if not isinstance(view, Copy) or view.source_stage is not None or view.exclude:
                continue
            for source in view.sources:
                if normpath(source.value) in (".", "*"):
                    paths = [file.path for file in context.select((source.value,))]
                    lines = needless_lines(paths, build.dockerfile.source.text)
                    if lines:
                        line = f"{view.instruction.keyword} {view.instruction.body.text}"
                        yield Finding(source.span, _message(line, lines))
                    return


def _message(line: str, lines: tuple[str, ...]) -> str:
    named = [f"`{each}`" for each in lines[:_MOST]]
    if len(lines) > _MOST:
        named.append(f"{len(lines) - _MOST} more")
    listed = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
    does, them = ("changes", "it") if len(lines) == 1 else ("change", "them")
    return (
        f"`{line}` and all after it run again when {listed} {does}, though the build does not use {them}; "
        f"add {them} to .dockerignore"
    )


RULE = Rule("DO5002", "needless-files-in-context", Severity.INFO, Build, check)
