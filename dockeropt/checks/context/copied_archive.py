"""DL3010: an archive that is copied and then unpacked."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding, Related
from dockeropt.knowledge.archives import is_archive
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Copy, Run
from dockeropt.syntax.tree import Word

_SINGLE = ("gunzip", "bunzip2", "unlzma", "unxz", "uncompress")


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at a COPY of an archive from the context that a later RUN of the stage unpacks."""
    copied: dict[str, Word] = {}
    for view in stage.views:
        if isinstance(view, Copy) and not view.is_add and view.source_stage is None:
            for source in view.sources:
                if is_archive(source.value.lower()):
                    copied[_name(view, source)] = source
        elif copied and isinstance(view, Run):
            for command in commands_of(view, build):
                for word in _unpacked(command):
                    source_word = copied.pop(word.value.rpartition("/")[2], None)
                    if source_word is not None:
                        yield Finding(
                            source_word.span,
                            f"`{source_word.value}` stays in a layer after it is unpacked; "
                            "ADD unpacks it in one step",
                            related=(Related(command.span, "it is unpacked here"),),
                        )


def _name(copy: Copy, source: Word) -> str:
    """Return the name the copied file has: the target's where it is named like an archive."""
    target = copy.target.value if copy.target is not None else ""
    path = target if is_archive(target.lower()) else source.value
    return path.rpartition("/")[2]


def _unpacked(command: Command) -> tuple[Word, ...]:
    """Return the words of a command that may be the archives it unpacks."""
    if command.base_name in _SINGLE:
        return command.arguments
    if command.base_name != "tar" or not command.words:
        return ()
    first = command.words[0].value
    extracts = command.has_flag("-x", "--extract", "--get") or (
        "x" in first and first[0] != "-" and "/" not in first
    )
    return command.words if extracts else ()


RULE = Rule("DL3010", "copied-archive", Severity.INFO, Stage, check)
