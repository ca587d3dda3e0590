"""What ShellCheck is given for each RUN: a first line that names the shell, the variables, and the script."""

import re
from collections.abc import Iterator

from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.shell.script import Script
from dockeropt.shellcheck.dialects import Shell, shell_of
from dockeropt.shellcheck.plain import without_plain_commands
from dockeropt.syntax.instructions import Onbuild, Run
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span

LONGEST = 25_000
"""characters; above, ShellCheck takes minutes and gigabytes, for its work grows with the square of them"""
LONGEST_ANALYSED = 5_000
"""characters; above, what flows from where to where is not followed, which alone takes most of both"""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy")
_PREDEFINED = frozenset((*_PROXIES, *map(str.upper, _PROXIES)))
"""ARGs that every build has"""


class Given(NamedTuple):
    """A script as ShellCheck gets it."""

    header: str
    """lines of ours before it; lines end in ``\\n``"""
    body: LogicalText
    run: Span
    """of the instruction"""

    @property
    def text(self) -> str:
        """All of it; what is not UTF-8 becomes ``\\ufffd``, one character for each byte."""
        text = f"{self.header}{self.body.text}\n"
        return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def given_scripts(build: Build) -> Iterator[Given]:
    """Yield the scripts of a build in which ShellCheck might find something, ONBUILD's included."""
    for stage in build.stages:
        for view in stage.views:
            run = view.trigger if isinstance(view, Onbuild) else view
            if isinstance(run, Run):
                shell = shell_of(run, build)
                script = build.script_of(run)
                if shell is not None and script is not None:
                    given = _given(run, build, shell, script)
                    if given is not None:
                        yield given


def _given(run: Run, build: Build, shell: Shell, script: Script) -> Given | None:
    source = build.dockerfile.source.text
    body = without_plain_commands(script, source)
    if body is None:
        return None
    heredoc = script_heredoc(run)
    if heredoc is None:
        body = _with_heredocs(body, run, source)
    elif body.text.startswith("#!"):
        body = body.slice(Span((body.text + "\n").index("\n"), len(body.text)))
    if not body.text.strip():
        return None
    return Given(_header(body.text, run, build, shell), body, run.instruction.span)


def _with_heredocs(body: LogicalText, run: Run, source: str) -> LogicalText:
    """Return a line with the here-documents that belong to it, which stand below it in the source."""
    heredocs = run.instruction.heredocs
    if not heredocs or not body.text:
        return body
    pieces = [Span(start, start + length) for _, start, length in body.pieces]
    first = heredocs[0].span.start
    return LogicalText.join(source, (*pieces, Span(first - 1, heredocs[-1].span.end)))


def _header(text: str, run: Run, build: Build, shell: Shell) -> str:
    kind = shell.kind.value
    lines = [f"#!/bin/{kind}{' sh' if kind == 'busybox' else ''}{' -e' if shell.has_errexit else ''}"]
    if len(text) > LONGEST_ANALYSED:
        lines.append("# shellcheck extended-analysis=false")
    scope = build.scope_of(run)
    names = {
        name
        for name in _NAME.findall(text)
        if name in scope.variables or name in scope.arguments or name in _PREDEFINED
    }
    if names:
        # As hadolint has it, a value without blanks: what is configured is not asked to be quoted.
        lines.append(f"export {' '.join(f'{name}=1' for name in sorted(names))}")
    return "\n".join(lines) + "\n"
