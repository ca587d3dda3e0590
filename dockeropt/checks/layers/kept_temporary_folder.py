"""DO2005: a temporary folder that is still in its layer."""

from collections.abc import Iterator

from dockeropt.checks.packages.removal import is_on_mount
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.tree import Word


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each variable that is given a temporary folder which its RUN does not remove."""
    for stage in shipped_stages(build):
        for view in stage.views:
            if isinstance(view, Run):
                yield from _in_run(view, build)


def _in_run(run: Run, build: Build) -> Iterator[Finding]:
    commands = commands_of(run, build)
    if is_on_mount(run.mounts, "/tmp/x"):  # noqa: S108 - the folder that mktemp makes its own in
        return
    for number, command in enumerate(commands):
        exported = command.words if command.name in ("export", "local", "declare", "readonly") else ()
        for word in (*command.assignments, *exported):
            name, equals, value = word.value.partition("=")
            if not equals or not _makes_folder(value):
                continue
            mentions = (f"${name}", f"${{{name}}}", f"${{{name}:?}}")
            if not any(
                each.base_name in ("rm", "trap", "mv", "find") and _mentions(each.words, mentions)
                for each in commands[number + 1 :]
            ):
                yield Finding(
                    word.span,
                    f'what is put into `${name}` stays in the layer; end this RUN with `rm -rf "${name}"`',
                )


def _makes_folder(value: str) -> bool:
    return value.strip("\"'").startswith(("$(mktemp -d", "`mktemp -d"))


def _mentions(words: tuple[Word, ...], texts: tuple[str, ...]) -> bool:
    return any(text in word.value for word in words for text in texts)


RULE = Rule(
    "DO2005", "kept-temporary-folder", Severity.INFO, Build, check, aliases=("rmRecursiveAfterMktempD",)
)
