"""What a curl or wget fetches, and where it puts it."""

from collections.abc import Iterator

from dockeropt.knowledge.downloaders import DOWNLOADERS, Downloader
from dockeropt.records import NamedTuple
from dockeropt.shell.script import Command
from dockeropt.syntax.tree import Word


class Download(NamedTuple):
    """A command that fetches files."""

    command: Command
    addresses: tuple[Word, ...]
    options: frozenset[str]
    """as given, without values, letters apart: ``-f``, ``-s``, ``--retry``"""
    file: str
    """path as written of the one that is made; empty for standard output"""


def read_download(command: Command) -> Download | None:
    """Return what a command fetches, None where it is neither curl nor wget or has no address."""
    program = DOWNLOADERS.get(command.base_name)
    if program is None:
        return None
    options: set[str] = set()
    values: dict[str, str] = {}
    addresses: list[Word] = []
    words = iter(command.words)
    for word in words:
        if len(word.value) < 2 or word.value[0] != "-":
            addresses.append(word)
            continue
        for option, value in _options(word.value, program):
            options.add(option)
            if value is None and _takes_value(option, program):
                following = next(words, None)
                value = "" if following is None else following.value
                if option == "--url" and following is not None:
                    addresses.append(following)
            if value is not None:
                values[option] = value
    if not addresses:
        return None
    file = _file(program, addresses[0].value, options, values, command)
    return Download(command, tuple(addresses), frozenset(options), file)


def _options(word: str, program: Downloader) -> Iterator[tuple[str, str | None]]:
    """Yield the options in a word, each with the value it has there."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        yield name, value if equals else None
        return
    if program.remote_name == () and word[1] == "n":  # wget's -nv, -nc, -nd
        yield word, None
        return
    for number, letter in enumerate(word[1:], 2):
        if letter in program.valued_letters:
            yield f"-{letter}", word[number:] or None
            return
        yield f"-{letter}", None


def _takes_value(option: str, program: Downloader) -> bool:
    if option.startswith("--"):
        return option in program.valued_options or option == "--url"
    return option[1:] in program.valued_letters and len(option) == 2


def _file(
    program: Downloader, address: str, options: set[str], values: dict[str, str], command: Command
) -> str:
    letter, option = program.output
    given = values.get(f"-{letter}", values.get(option))
    if given is not None:
        return "" if given in ("-", "/dev/stdout") else given
    for redirect in command.redirects:
        if redirect.operator in (">", ">>", ">|") and redirect.file_descriptor in (None, 1):
            return redirect.target.value if redirect.target is not None else ""
    if program.remote_name and options.isdisjoint(program.remote_name):
        return ""
    folder = values.get("-P", values.get("--directory-prefix", values.get("--output-dir", "")))
    name = address.partition("?")[0].rpartition("/")[2]
    return f"{folder.rstrip('/')}/{name}" if folder else name
