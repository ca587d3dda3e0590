"""ShellCheck's rules on the command line: asked for, silenced, rated, printed, absent."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dockeropt.cli import shellcheck
from dockeropt.cli.main import main
from dockeropt.errors import ExitCode
from dockeropt.report.formats import NAMES

BAD = 'FROM debian:12\nUSER 10001\nRUN ls $x "$y"; cd /a; ls\nCMD ["a"]\n'
FOUND = ["SC2086 info", "SC2154 warning", "SC2154 warning", "SC2164 warning"]
RATED = ["SC2086 error", "SC2154 style", "SC2154 style", "SC2164 style"]
TOLD = """\
dockeropt: ShellCheck is not installed, so no SC rule ran
  hint: pip install "dockeropt[shellcheck]"
"""


class Answer:
    """What a command printed and returned."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def rules(self) -> list[str]:
        return [f"{each['code']} {each['level']}" for each in json.loads(self.out)]


Run = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(BAD)

    def run(*arguments: str) -> Answer:
        code = main(arguments)
        return Answer(code, *capfd.readouterr())

    return run


def lint(run: Run, *arguments: str) -> Answer:
    return run("lint", "--no-cache", "--format=json", *arguments)


def test_they_run_without_being_asked_for(run: Run) -> None:
    answer = lint(run)
    assert answer.code == ExitCode.FINDINGS
    assert [each for each in answer.rules if each.startswith("SC")] == FOUND
    assert answer.err == ""


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (["--select=SC"], FOUND),
        (["--select=shellcheck"], FOUND),
        (["--select=SC2086"], FOUND[:1]),
        (["--select=sc215"], FOUND[1:3]),
        (["--select=SC", "--ignore=SC2154"], [FOUND[0], FOUND[3]]),
        (["--select=SC", "--ignore=SC21"], FOUND[:1]),
        (["--select=SC", "--ignore=SC"], []),
        (["--select=SC", "--ignore=shellcheck"], []),
        (["--select=DL3008"], []),
        (["--select=SC", "--error=SC"], [f"{each.partition(' ')[0]} error" for each in FOUND]),
        (
            ["--select=SC", "--style=SC2", "--error=SC2086"],
            ["SC2086 error", *["SC2154 style"] * 2, "SC2164 style"],
        ),
        (["--select=SC", "--report-threshold=warning"], FOUND[1:]),
    ],
)
def test_they_are_selected_ignored_and_rated(run: Run, arguments: list[str], rules: list[str]) -> None:
    answer = lint(run, *arguments)
    assert answer.rules == rules
    assert answer.err == ""


@pytest.mark.parametrize(
    ("file", "text", "rules"),
    [
        (
            "dockeropt.toml",
            'select = ["SC"]\n[severities]\nSC21 = "info"\n',
            ["SC2086 info", *["SC2154 info"] * 2, "SC2164 info"],
        ),
        ("dockeropt.toml", 'select = ["SC"]\nignore = ["SC21"]\n', FOUND[:1]),
        ("dockeropt.toml", 'select = ["SC"]\n[per-path]\n"Docker*" = { ignore = ["SC"] }\n', []),
        (
            ".hadolint.yaml",
            "ignored: [SC2154, SC2164, DL3002]\noverride: {error: [SC2086]}\n",
            ["SC2086 error"],
        ),
    ],
)
def test_a_configuration_reaches_them(run: Run, file: str, text: str, rules: list[str]) -> None:
    Path(file).write_text(text)
    assert [each for each in lint(run).rules if each.startswith("SC")] == rules


@pytest.mark.parametrize(
    "comment",
    [
        "# hadolint ignore=SC2086,SC2154,SC2164",
        "# hadolint global ignore=SC2086,SC2154,SC2164",
        "# check=skip=SC2086,SC2154,SC2164",
        "# dockeropt: ignore=shellcheck it is meant so",
        "# dockeropt: ignore=SC it is meant so",
        "# dockeropt: ignore-file=SC2086,SC2154,SC2164 it is meant so",
    ],
)
def test_comments_hide_them_and_are_used(run: Run, comment: str) -> None:
    Path("Dockerfile").write_text(BAD.replace("RUN", f"{comment}\nRUN"))
    assert lint(run, "--select=SC,DO6001").rules == []


def test_a_comment_that_hides_none_of_them_is_told(run: Run) -> None:
    Path("Dockerfile").write_text("# hadolint global ignore=SC2086\nFROM debian:12\nRUN ls\n")
    assert lint(run, "--select=SC,DO6001").rules == ["DO6001 info"]
    assert lint(run, "--select=DO6001").rules == []


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_them(run: Run, name: str) -> None:
    answer = run("lint", "--no-cache", "--select=SC2086", f"--format={name}")
    assert "SC2086" in answer.out
    if name in ("json", "sarif", "markdown"):
        assert "https://www.shellcheck.net/wiki/SC2086" in answer.out


def test_their_fixes_are_unsafe(run: Run) -> None:
    assert lint(run, "--select=SC", "--fix").rules == FOUND
    assert Path("Dockerfile").read_text() == BAD
    assert lint(run, "--select=SC", "--fix", "--unsafe-fixes").rules == FOUND[1:3]
    assert 'RUN ls "$x" "$y"; cd /a || exit; ls\n' in Path("Dockerfile").read_text()


def test_several_processes_and_kept_results_give_the_same(run: Run) -> None:
    for number in range(90):
        Path(f"Dockerfile.{number}").write_text(BAD.replace("$x", f"$x{number % 40}"))
    one = lint(run, "--select=SC", "--jobs=1")
    assert one.rules == FOUND * 91
    for arguments in (["--jobs=2"], []):
        assert lint(run, "--select=SC", *arguments).out == one.out
    for _ in range(2):
        assert run("lint", "--cache-dir=kept", "--format=json", "--select=SC").out == one.out
    assert run("lint", "--cache-dir=kept", "--format=json", "--select=DL3008").out == "[]\n"


@pytest.fixture
def is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shellcheck, "find_program", lambda: None)


TOLD = (
    'dockeropt: ShellCheck is not installed, so no SC rule ran\n  hint: pip install "dockeropt[shellcheck]"\n'
)


@pytest.mark.usefixtures("is_absent")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], ""),
        (["--ignore=SC"], ""),
        (["--ignore=SC2086"], ""),
        (["--select=DL"], ""),
        (["--select=SC2086"], TOLD),
        (["--error=SC2086"], TOLD),
    ],
)
def test_without_the_extra_a_line_says_so_where_they_were_asked_for(
    run: Run, arguments: list[str], told: str
) -> None:
    answer = lint(run, "--no-fail", *arguments)
    assert answer.code == ExitCode.CLEAN
    assert answer.err == told
    assert [each for each in answer.rules if each.startswith("SC")] == []


@pytest.mark.usefixtures("is_absent")
def test_without_the_extra_comments_about_them_are_not_judged(run: Run) -> None:
    Path("Dockerfile").write_text("# hadolint global ignore=SC2086\nFROM debian:12\nRUN ls\n")
    assert lint(run, "--select=DO6001").rules == []


@pytest.mark.parametrize("arguments", ["--ignore=SC", "--select=DL"])
def test_what_is_not_wanted_is_not_even_imported(arguments: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(BAD)
    program = (
        "import sys\nfrom dockeropt.cli.main import main\n"
        f"main(['lint', '--no-cache', {arguments!r}, 'Dockerfile'])\n"
        "names = ('subprocess', 'tempfile', 'dockeropt.shellcheck.checker')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_program_that_fails_is_told_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(shellcheck, "find_program", lambda: str(broken))
    Path("Dockerfile").write_text(BAD + "RUN cd /b; ls\n# hadolint ignore=SC2086\nRUN ls $z\n")
    answer = run("lint", "--cache-dir=kept", "--format=json")
    assert answer.err == (
        "dockeropt: no SC rule ran on Dockerfile:3: it ended with 3, nor on 2 more\n"
        "  hint: all other rules ran; to be without ShellCheck, add --ignore SC\n"
    )
    assert "DL3003 warning" in answer.rules
    assert "DO6001 info" not in answer.rules
    assert run("lint", "--cache-dir=kept", "--format=json").err == answer.err


@pytest.mark.parametrize("name", ["SC2086", "sc2086", "SC", "shellcheck"])
def test_their_page(run: Run, name: str) -> None:
    answer = run("rule", name)
    assert "# SC: shellcheck\n" in answer.out
    assert ("https://www.shellcheck.net/wiki/SC2086\n" in answer.out) is name.lower().startswith("sc2086")


@pytest.mark.usefixtures("is_absent")
def test_their_page_says_that_they_are_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dockeropt.shellcheck.installed.find_program", lambda: None)
    assert 'it does not run: pip install "dockeropt[shellcheck]"' in run("rule", "SC2086").out
