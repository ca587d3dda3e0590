"""What is kept from ShellCheck is what it has nothing to say about."""

import json
import subprocess
from pathlib import Path

import pytest

from dockeropt.knowledge.plain_commands import FOLDERS, PROGRAMS, REMOVALS, TRANSFERS
from dockeropt.lint.linter import read_build
from dockeropt.shellcheck.checker import ShellCheck
from dockeropt.shellcheck.scripts import given_scripts
from dockeropt.syntax.source import Source
from tests.shellcheck.program import PROGRAM, ROOT, codes

ARGUMENTS = (
    "",
    "install -y --no-install-recommends curl=7.88.1 git ca-certificates",
    "add --no-cache python3",
    "-fsSL https://example.com/a -o /tmp/a.tar.gz",
    "config --global user.name 'A B'",
    '--opt="a b" -x --y=z %1 a@b a,b a:b a+b -',
    "755 /usr/local/bin/tool",
    "-C /usr/src -xzf a.tar.gz --strip-components=1",
    "-m venv /venv",
    "-r requirements.txt 'a>=1'",
    "-c x",
)
KEPT = {
    **dict.fromkeys(PROGRAMS, ARGUMENTS),
    **dict.fromkeys(REMOVALS, ("-rf /var/lib/apt/lists/*", "-r /tmp/a /tmp/*", "-f /root/.cache/a")),
    **dict.fromkeys(FOLDERS, ("-p /a/b", "/a b c")),
    **dict.fromkeys(TRANSFERS, ("a b", "-r a b /c/", "-sf /a /b")),
}


def given(script: str) -> list[str]:
    """Return what ShellCheck gets of the script of a RUN, without the lines before it."""
    build = read_build(Source(f"FROM debian\nRUN {script}\n"))
    return [each.body.text for each in given_scripts(build)]


@pytest.mark.parametrize("shell", ["sh", "dash", "bash", "busybox", "ksh"])
def test_shellcheck_finds_nothing_in_what_is_kept_from_it(shell: str) -> None:
    lines = [f"{name} {words}" for name, each in KEPT.items() for words in each]
    assert [line for line in lines if given(line)] == []
    done = subprocess.run(
        [PROGRAM, "--norc", f"--shell={shell}", "--format=json1", "-"],
        input="".join(f"{line}\n{line} && {line}\n" for line in lines),
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout)["comments"] == []


@pytest.mark.parametrize(
    ("script", "left"),
    [
        ("apt-get update && apt-get install -y curl; make install", []),
        ("set -eux; apk add git", []),
        ("apt-get install -y a \\\n  # why\n  b && ls $x", ["apt-get && ls $x"]),
        ("make a > /log", ["make a > /log"]),
        ("make $x && make b", ["make $x && make"]),
        ("make *.c", ["make *.c"]),
        ("make then", ["make then"]),
        ("make = b", ["make = b"]),
        ("make 'a'b'c'", ["make 'a'b'c'"]),
        ("yes | apt-get install a", ["yes | apt-get install a"]),
        ("yes | rm -i /tmp/a", ["yes | rm -i /tmp/a"]),
        ("rm -rf /usr", ["rm -rf /usr"]),
        ("mkdir -m 700 -p a/b", ["mkdir -m 700 -p a/b"]),
        ("ln -s a", ["ln -s a"]),
        ("sudo make a", ["sudo make a"]),
        ("make() { true; }; make a", ["make() { true; }; make a"]),
        ("make a && 'b", ["make a && 'b"]),
        ("make a | tee b", ["make | tee b"]),
        ("! make a", ["! make"]),
        ("$(curl a)", ["$(curl)"]),
    ],
)
def test_the_arguments_of_plain_commands_are_left_out(script: str, left: list[str]) -> None:
    assert given(script) == left


DOCKERFILES = [path for path in sorted((ROOT / "fixtures").glob("**/*ockerfile*")) if path.is_file()]


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_same_is_found_as_in_whole_scripts(
    path: Path, shellcheck: ShellCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = path.read_text(encoding="utf-8")
    less = codes(text, shellcheck)
    monkeypatch.setattr("dockeropt.shellcheck.scripts.without_plain_commands", lambda script, _: script.text)
    assert codes(text, shellcheck) == less
