"""Which pipes hide a failure."""

import pytest

from dockeropt.shell.pipefail import sets_pipefail, shell_has_pipefail, uncovered_pipes
from tests.shell.read import script_of

BASH = ("/bin/bash", "-o", "pipefail", "-c")
SH = ("/bin/sh", "-c")

PIPES = {
    "no pipe": ("a && b", SH, 0),
    "a pipe": ("a | b", SH, 1),
    "two pipes": ("a | b |& c", SH, 2),
    "SHELL has it": ("a | b", BASH, 0),
    "the image's own shell": ("a | b", None, 1),
    "set before": ("set -o pipefail; a | b", SH, 0),
    "set with others": ("set -euxo pipefail && a | b", SH, 0),
    "set after": ("a | b; set -o pipefail", SH, 1),
    "set and unset": ("set -o pipefail; a | b; set +o pipefail; c | d", SH, 1),
    "unset where SHELL has it": ("set +o pipefail; a | b", BASH, 1),
    "shopt": ("shopt -so pipefail; a | b", SH, 0),
    "another option": ("set -o errexit; a | b", SH, 1),
    "set in a subshell": ("(set -o pipefail; a | b); c | d", SH, 1),
    "set outside a subshell": ("set -o pipefail; (a | b)", SH, 0),
    "in a substitution": ("set -o pipefail; a $(b | c)", SH, 0),
    "a shell's script": ("sh -c 'a | b'", BASH, 1),
    "the script of a shell that has it": ("bash -o pipefail -c 'a | b'", SH, 0),
    "the script of a shell that sets it": ("bash -c 'set -eo pipefail; a | b'; c | d", SH, 1),
    "set outside a shell's script": ("set -o pipefail; sh -c 'a | b'", SH, 1),
    "a script after another": ("sh -c 'set -o pipefail; a'; sh -c 'b | c'", SH, 1),
}


@pytest.mark.parametrize(("text", "shell", "expected"), PIPES.values(), ids=PIPES.keys())
def test_uncovered_pipes(text: str, shell: tuple[str, ...] | None, expected: int) -> None:
    assert expected == len(uncovered_pipes(script_of(text), shell))


@pytest.mark.parametrize(
    ("shell", "expected"),
    [(BASH, True), (("bash", "-euxo", "pipefail", "-c"), True), (SH, False), (None, False), ((), False)],
    ids=["apart", "with others", "none", "the image's own", "empty"],
)
def test_shell_has_pipefail(shell: tuple[str, ...] | None, expected: bool) -> None:
    assert expected is shell_has_pipefail(shell)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a; set -o pipefail", True),
        ("set +o pipefail", False),
        ("set -e", False),
        ("echo set -o pipefail", False),
    ],
    ids=["set", "unset", "another option", "an argument"],
)
def test_sets_pipefail(text: str, expected: bool) -> None:
    assert expected is sets_pipefail(script_of(text))
