"""Many scripts, one process; and what is left when it ends wrongly or not at all."""

import sys
import time
from pathlib import Path

import pytest

from dockeropt.lint.linter import read_build
from dockeropt.shellcheck import checker
from dockeropt.shellcheck.checker import LARGEST_BATCH, MOST_HANGS, ShellCheck
from dockeropt.shellcheck.program import Batch
from dockeropt.shellcheck.scripts import LONGEST
from dockeropt.syntax.source import Source
from tests.shellcheck.program import PROGRAM, codes

BAD = "if any('bad' in open(name).read() for name in sys.argv if name.isdigit()):"
TEXT = "FROM a\nRUN ls $x\nRUN ls $bad\nRUN ls $y\n"


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many scripts each process that was started got."""
    sizes: list[int] = []

    def counted(program: str, folder: str, texts: list[str], patience: float) -> Batch:
        sizes.append(len(texts))
        return Batch(program, folder, texts, patience)

    monkeypatch.setattr(checker, "Batch", counted)
    return sizes


def test_all_scripts_are_read_by_one_process_and_each_text_once(
    shellcheck: ShellCheck, batches: list[int]
) -> None:
    texts = [f"FROM a\nRUN ls $x{number % 10}\nRUN ls $y\n" for number in range(50)]
    builds = [read_build(Source(text)) for text in texts]
    shellcheck.start(builds)
    found = [sorted(rule.code for rule, _ in shellcheck.findings(build)) for build in builds]
    assert found == [["SC2086", "SC2086", "SC2154", "SC2154"]] * 50
    assert batches == [11]
    assert codes(texts[0], shellcheck) == ["SC2086", "SC2154"] * 2
    assert batches == [11]


def test_very_many_are_split(shellcheck: ShellCheck, batches: list[int]) -> None:
    text = "FROM a\n" + "".join(f"RUN ls $x{number}\n" for number in range(LARGEST_BATCH + 1))
    assert len(codes(text, shellcheck)) == 2 * (LARGEST_BATCH + 1)
    assert batches == [LARGEST_BATCH, 1]


def stand_in(folder: Path, body: str) -> str:
    """Return a program that does something to some scripts, and asks the real ShellCheck about the others."""
    path = folder / "shellcheck"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{body}\nos.execv({PROGRAM!r}, sys.argv)\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("    sys.exit(4)", "it ended with 4"),
        ("    os.kill(os.getpid(), 9)", "it ended with -9"),
        ("    print('{'); sys.exit(1)", "it gave an answer that cannot be read"),
        ("    print('{}'); sys.exit(0)", "it gave an answer that cannot be read"),
        ("    print('[]'); sys.exit(0)", "it gave an answer that cannot be read"),
        ("    time.sleep(60)", "it gave no answer within 3 s"),
    ],
    ids=["an error", "a crash", "half an answer", "another answer", "a list", "no answer"],
)
def test_one_bad_script_costs_its_own_findings_alone(body: str, reason: str, tmp_path: Path) -> None:
    shellcheck = ShellCheck(stand_in(tmp_path, f"{BAD}\n{body}"), str(tmp_path), patience=3.0)
    assert codes(TEXT, shellcheck) == ["SC2086", "SC2154"] * 2
    (problem,) = shellcheck.take_problems()
    assert problem.startswith(f"Dockerfile:3: {reason}")
    assert shellcheck.take_problems() == ()
    assert list(tmp_path.glob("*-*")) == []


def test_after_some_that_hang_it_is_asked_no_more(tmp_path: Path) -> None:
    shellcheck = ShellCheck(stand_in(tmp_path, "time.sleep(60)"), str(tmp_path), patience=0.2)
    text = "FROM a\n" + "".join(f"RUN ls $x{number}\n" for number in range(9))
    start = time.monotonic()
    assert codes(text, shellcheck) == []
    assert time.monotonic() - start < 0.2 * (MOST_HANGS + 1) + 10
    problems = shellcheck.take_problems()
    assert len(problems) == 9
    assert problems[-1] == "Dockerfile:10: it had failed too often before"


def test_a_program_that_is_none(tmp_path: Path) -> None:
    shellcheck = ShellCheck(str(tmp_path / "nowhere"), str(tmp_path))
    assert codes("FROM a\nRUN ls $x\n", shellcheck) == []
    (problem,) = shellcheck.take_problems()
    assert problem.startswith("Dockerfile:2: it cannot be run (")


def test_a_script_that_would_take_minutes_is_told(shellcheck: ShellCheck) -> None:
    text = "FROM a\nRUN ls $x\nRUN " + " && ".join(["ls $y"] * (LONGEST // 8)) + "\n"
    assert codes(text, shellcheck) == ["SC2086", "SC2154"]
    (problem,) = shellcheck.take_problems()
    assert problem.startswith("Dockerfile:3: a script of 28,1")
    assert problem.endswith(" characters is too long for it")


def test_a_long_script_is_read_without_following_its_values(shellcheck: ShellCheck) -> None:
    text = "FROM a\nRUN " + " && ".join(f"ls $x{number}" for number in range(600)) + "\n"
    assert codes(text, shellcheck).count("SC2086") == 600


def test_nothing_is_left_of_what_nobody_waited_for(tmp_path: Path) -> None:
    shellcheck = ShellCheck(stand_in(tmp_path, "time.sleep(60)"), str(tmp_path))
    shellcheck.start([read_build(Source(TEXT))])
    assert len(list(tmp_path.glob("*-*"))) == 1
    shellcheck.close()
    assert list(tmp_path.glob("*-*")) == []
