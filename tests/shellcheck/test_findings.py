"""Where ShellCheck's findings and fixes are in the Dockerfile."""

import pytest

from dockeropt.diagnostics.finding import Applicability
from dockeropt.shellcheck.checker import ShellCheck
from dockeropt.syntax.edits import apply
from tests.shellcheck.program import codes, lint

TEXTS = {
    "one line": "FROM a\nRUN ls {$x}\n",
    "continuations and a comment between": "FROM a\nRUN true \\\n  # $y\n\\\n   && ls {$x}\n",
    "a tab": "FROM a\nRUN\tls\t{$x}\n",
    "letters beyond ASCII": "FROM a\nRUN echo 'äöü€𝄞' {$x}\n",
    "bytes that are not UTF-8": "FROM a\nRUN echo '\udcff\udcfe' {$x}\n",
    "another escape": "# escape=`\nFROM a\nRUN true `\n  && ls {$x}\n",
    "flags": "FROM a\nRUN --mount=type=cache,target=/x \\\n ls {$x}\n",
    "a heredoc": "FROM a\nRUN <<E\nls /\n\n  ls {$x}\nE\n",
    "a heredoc without its tabs": "FROM a\nRUN <<-E\n\tls /\n\t\tls {$x}\n\tE\n",
    "a heredoc with a first line": "FROM a\nRUN <<E\n#!/bin/bash\nls {$x}\nE\n",
    "a line below which a heredoc stands": "FROM a\nRUN cat <<E > /b && ls {$x}\n'b\nE\n",
    "a line after a heredoc for a command": "FROM a\nRUN bash <<E\nls\nE\nRUN ls {$x}\n",
    "a trigger": "FROM a\nONBUILD RUN ls {$x}\n",
    "line ends of Windows": "FROM a\r\nRUN true \\\r\n  && ls {$x}\r\n",
    "plain commands around": "FROM a\nRUN apk update \\\n && pip install a \\\n  b && ls {$x} && make a\n",
    "a stage of its own": "FROM a AS b\nFROM b\nRUN ls {$x}\n",
    "the end of the file": "FROM a\nRUN ls {$x}",
}


@pytest.mark.parametrize("marked", TEXTS.values(), ids=TEXTS.keys())
def test_a_finding_and_its_fix_are_exactly_at_the_word(marked: str, shellcheck: ShellCheck) -> None:
    start, end = marked.index("{"), marked.index("}") - 1
    text = marked.replace("{", "").replace("}", "")
    (found,) = [each for each in lint(text, shellcheck) if each.code == "SC2086"]
    assert (start, end) == found.finding.span
    fix = found.finding.fix
    assert fix is not None
    assert (fix.title, fix.applicability) == ('write `"$x"`', Applicability.UNSAFE)
    assert marked.replace("{", '"').replace("}", '"') == apply(text, fix.edits)


def test_a_finding_over_a_gap_reaches_from_its_first_to_its_last_character(shellcheck: ShellCheck) -> None:
    text = "FROM a\nRUN for i in $(ls \\\n  # all\n  /a); do :; done\n"
    (found,) = [each for each in lint(text, shellcheck) if each.code == "SC2045"]
    assert text[slice(*found.finding.span)] == "$(ls \\\n  # all\n  /a)"


@pytest.mark.parametrize(
    "text",
    ["FROM a\nRUN ls $x\\\n && ls\n", "FROM a\nRUN ls \\\n$x\n"],
    ids=["right behind it", "right before it"],
)
def test_a_fix_beside_a_gap_is_not_offered(text: str, shellcheck: ShellCheck) -> None:
    (found,) = [each for each in lint(text, shellcheck) if each.code == "SC2086"]
    assert found.finding.fix is None


def test_a_fix_of_several_changes(shellcheck: ShellCheck) -> None:
    text = 'FROM a\nRUN x=`date`; echo "$x"\n'
    (found,) = [each for each in lint(text, shellcheck) if each.code == "SC2006"]
    assert found.finding.fix is not None
    assert apply(text, found.finding.fix.edits) == 'FROM a\nRUN x=$(date); echo "$x"\n'


def test_a_fix_that_only_inserts_says_what(shellcheck: ShellCheck) -> None:
    (found,) = lint("FROM a\nRUN cd /b; make\n", shellcheck)
    assert found.finding.fix is not None
    assert found.finding.fix.title == "insert `|| exit`"


def test_messages_are_shellchecks_own_without_the_full_stop(shellcheck: ShellCheck) -> None:
    (found,) = lint("FROM a\nRUN cd /b; make\n", shellcheck)
    assert (found.slug, found.aliases) == ("shellcheck", ())
    assert found.finding.message == "Use 'cd ... || exit' or 'cd ... || return' in case cd fails"


@pytest.mark.parametrize(
    "text",
    [
        'RUN ["ls", "$x"]',
        'SHELL ["pwsh", "-c"]\nRUN ls $x',
        'SHELL ["cmd", "/c"]\nRUN ls $x',
        'SHELL ["/bin/zsh", "-c"]\nRUN ls $x',
        "# hadolint shell=powershell\nRUN ls $x",
        "RUN <<E\n#!/usr/bin/env python3\nprint($x)\nE",
        "CMD ls $x",
        "HEALTHCHECK CMD ls $x",
        "RUN",
        "RUN <<E\nE",
        "RUN <<E\n#!/bin/sh\nE",
    ],
)
def test_what_is_no_script_for_shellcheck(text: str, shellcheck: ShellCheck) -> None:
    assert codes(f"FROM a\n{text}\n", shellcheck) == []


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nARG x\nRUN ls $x",
        "FROM a\nENV x='a b'\nRUN ls $x",
        "FROM a AS b\nENV x=1\nFROM b\nRUN ls $x",
        "FROM a\nARG x=1 y\nRUN ls $x $y",
        'FROM a\nRUN ls "$http_proxy$HTTP_PROXY"',
    ],
)
def test_variables_of_the_build_are_known(text: str, shellcheck: ShellCheck) -> None:
    assert codes(text, shellcheck) == []


@pytest.mark.parametrize(
    "text",
    [
        'ARG x\nFROM a\nRUN ls "$x"',
        'FROM a\nRUN ls "$x"\nARG x',
        'FROM a AS b\nARG x\nFROM c\nRUN ls "$x"',
    ],
)
def test_variables_out_of_scope_are_not(text: str, shellcheck: ShellCheck) -> None:
    assert codes(text, shellcheck) == ["SC2154"]


def test_a_file_that_a_script_reads_is_not_asked_for(shellcheck: ShellCheck) -> None:
    assert codes('FROM a\nRUN . /etc/os-release && . "$HOME/b"\n', shellcheck) == []
