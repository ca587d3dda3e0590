"""DO7004: gpg may ask a question that nobody answers."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.shell.word_edits import insert_word
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Run

_ASKING = words(
    "--import --recv-keys --recv-key --receive-keys --recv --refresh-keys --gen-key --generate-key "
    "--full-generate-key --quick-generate-key --delete-key --delete-keys --delete-secret-keys --dearmor "
    "--dearmour --decrypt -d --sign -s --clearsign --detach-sign --edit-key --sign-key --lsign-key"
)
"""what gpg may want to know something for: a passphrase, whether to overwrite, which key"""
_ANSWERING = ("--batch", "--no-tty", "--yes")


def check(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each gpg that may ask, and has neither ``--batch`` nor its like."""
    for command in commands_of(run, build):
        if command.base_name not in ("gpg", "gpg2") or command.program is None:
            continue
        given = {word.value.partition("=")[0] for word in command.words}
        if not _ASKING.isdisjoint(given) and given.isdisjoint(_ANSWERING):
            asked = next(word for word in command.words if word.value.partition("=")[0] in _ASKING)
            yield Finding(
                command.program.span,
                f"`{command.base_name} {asked.value}` may ask a question, and a build has no terminal; "
                "add `--batch`",
                fix_of(
                    "add `--batch`",
                    insert_word(command.program, "--batch", run, build),
                    applicability=Applicability.UNSAFE,
                ),
            )


RULE = Rule(
    "DO7004",
    "interactive-gpg",
    Severity.IGNORE,
    Run,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("gpgUseBatchFlag",),
)
