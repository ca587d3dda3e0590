"""What a RUN script consists of: commands, words and operators, each with its span in the source."""

from collections.abc import Collection, Iterator
from enum import Enum

from dockeropt.records import NamedTuple
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word


class Dialect(Enum):
    """The language of a script, told from SHELL, the base image and the script itself."""

    POSIX = "posix"
    """sh, bash, dash, ash, zsh, ksh"""
    POWERSHELL = "powershell"
    CMD = "cmd"
    OTHER = "other"
    """python, perl, … by a heredoc's shebang or an unusual SHELL"""


class Redirect(NamedTuple):
    """``2>/dev/null``: operator without the file descriptor, and its target (None for a here-document)."""

    span: Span
    operator: str
    file_descriptor: int | None
    target: Word | None


class Command(NamedTuple):
    """A simple command. Wrappers are seen through: ``sudo env A=1 apt-get update`` is ``apt-get update``.

    ``name`` is the value of the word ``program``; ``span`` covers program and arguments, redirects included.
    ``[[ … ]]`` and ``(( … ))`` count as commands of the names ``[[`` and ``((``.
    """

    span: Span
    name: str
    program: Word | None
    """None for a command that is only assignments or redirects; then ``name`` is empty"""
    words: tuple[Word, ...]
    """the arguments after the program"""
    assignments: tuple[Word, ...]
    """``A=1`` before the program, those given to ``env`` included"""
    redirects: tuple[Redirect, ...]
    wrappers: tuple[str, ...]
    """names of the wrappers seen through, outermost first: ("sudo", "env")"""
    depth: int
    """0 for the script's own list; one more in a subshell, a substitution, a compound body or ``sh -c``"""

    @property
    def base_name(self) -> str:
        """The program's name without its folder: ``pip`` for ``/venv/bin/pip``."""
        name = self.name
        return name.rpartition("/")[2] if "/" in name else name

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words that are no options. The value of an option is one of them: see ``operands``."""
        return self.operands()

    @property
    def subcommand(self) -> str:
        """The value of the first argument that is no option, or "": ``install`` of ``apt-get -y install``."""
        arguments = self.operands()
        return arguments[0].value if arguments else ""

    def operands(self, valued: Collection[str] = ()) -> tuple[Word, ...]:
        """Return the words that are neither options nor the values of the ``valued`` ones.

        ``-t stable`` takes its value along when ``valued`` has ``-t``; ``-tstable`` and ``--opt=value`` do so
        anyway.
        """
        found: list[Word] = []
        words = iter(self.words)
        for word in words:
            value = word.value
            if value == "--":
                found.extend(words)
            elif len(value) < 2 or value[0] != "-":
                found.append(word)
            elif value in valued or _cluster_end(value, valued):
                next(words, None)
        return tuple(found)

    def has_flag(self, *names: str) -> bool:
        """Tell whether one of these options is given.

        ``-y`` is also found in ``-qy``, ``--yes`` also in ``--yes=true``; nothing after ``--`` is an option.
        """
        for word in self.words:
            value = word.value
            if len(value) < 2 or value[0] != "-":
                continue
            if value == "--":
                return False
            option = value.partition("=")[0]
            if option in names:
                return True
            if option[1:2] != "-" and any(len(n) == 2 and n[1] in option for n in names if n[0] == "-"):
                return True
        return False

    def option_value(self, *names: str) -> str | None:
        """Return the value given to one of these options, None where none is given.

        Read are ``--opt=value``, ``--opt value``, ``-ovalue``, ``-o value`` and ``-xo value``.
        """
        words = self.words
        for number, word in enumerate(words):
            value = word.value
            if value == "--":
                return None
            if len(value) < 2 or value[0] != "-":
                continue
            option, equals, given = value.partition("=")
            if option in names and equals:
                return given
            if value in names or _cluster_end(value, names):
                return words[number + 1].value if number + 1 < len(words) else None
            if value[1] != "-" and value[:2] in names:
                return value[2:]
        return None


class Operator(NamedTuple):
    """``&&`` ``||`` ``|`` ``|&`` ``;`` ``&`` or ``newline``, between two commands of the same depth."""

    span: Span
    text: str
    depth: int


class InnerScript(NamedTuple):
    """The script given to a shell of its own: the quoted part of ``bash -o pipefail -c "…"``."""

    span: Span
    has_pipefail: bool
    """whether that shell is started with ``-o pipefail``"""


class Script(NamedTuple):
    """A script's commands and operators in the order of the text."""

    text: LogicalText
    commands: tuple[Command, ...]
    operators: tuple[Operator, ...]
    is_complete: bool
    """False where a quote, substitution or compound command does not end, or does not begin"""
    inner: tuple[InnerScript, ...] = ()
    """the scripts of wrappers such as ``sh -c``, an outer one before those in it"""

    def named(self, *names: str) -> Iterator[Command]:
        """Yield the commands whose program has one of these names, in whatever folder."""
        for command in self.commands:
            if command.base_name in names:
                yield command


def _cluster_end(value: str, names: Collection[str]) -> bool:
    """Tell whether ``-xo`` ends in an option of ``names`` that takes the next word."""
    return len(value) > 2 and value[1] != "-" and "-" + value[-1] in names and value[:2] not in names
