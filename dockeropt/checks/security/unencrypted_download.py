"""DO4006: a file is fetched over a connection that anybody on the way can change."""

from collections.abc import Iterator, Sequence

from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.security.verified import is_verified
from dockeropt.checks.shell.downloads import read_download
from dockeropt.checks.shell.word_edits import replace_words
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit, replace_word
from dockeropt.syntax.instructions import Copy
from dockeropt.syntax.tree import Word

_PROGRAMS = ("curl", "wget", "aria2c", "axel", "git", "svn")
_PLAIN = ("http://", "ftp://", "git://")


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each address without encryption whose file nothing verifies."""
    for invocation in invocations_of(_PROGRAMS, build):
        download = read_download(invocation.command)
        operands = invocation.command.arguments if download is None else download.addresses
        words = [word for word in operands if _is_plain(word.value)]
        if words and not is_verified(invocation, build):
            edits = [replace_words(word, word, _safe(word), invocation.run, build) for word in words]
            yield _finding(words[0], _fix(words, edits))
    for stage in build.stages:
        for view in views_with_triggers(stage):
            if isinstance(view, Copy) and view.is_add:
                if any(flag.name == "checksum" for flag in view.instruction.flags):
                    continue
                for source in view.sources:
                    if _is_plain(source.value):
                        yield _finding(source, _fix([source], [replace_word(source, _safe(source))]))


def _is_plain(address: str) -> bool:
    """Tell whether an address has no encryption and leads out of the machine and its own network."""
    scheme, mark, rest = address.strip("\"'").partition("://")
    host = rest.partition("/")[0].rpartition("@")[2].partition(":")[0]
    if not mark or f"{scheme.lower()}://" not in _PLAIN or "." not in host or host.startswith("$"):
        return False
    return not host.startswith(("127.", "10.", "192.168.", "169.254.")) and not host.endswith(
        (".local", ".internal")
    )


def _safe(word: Word) -> str:
    return word.raw.replace("http://", "https://", 1)


def _fix(words: Sequence[Word], edits: Sequence[Edit | None]) -> Fix | None:
    """Return the fix that asks for the same addresses by https; there is none where one is for ftp or git."""
    are_web = all(word.raw.lstrip("\"'").startswith("http://") for word in words)
    return fix_of("write `https://`", *edits, applicability=Applicability.UNSAFE) if are_web else None


def _finding(word: Word, fix: Fix | None) -> Finding:
    scheme = word.value.strip("\"'").partition("://")[0]
    return Finding(
        word.span,
        f"whoever stands in between can change what comes over {scheme}, and nothing checks it; "
        "use https, or check the file's hash",
        fix,
    )


RULE = Rule(
    "DO4006",
    "unencrypted-download",
    Severity.WARNING,
    Build,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("curlUseHttpsUrl", "wgetUseHttpsUrl"),
)
