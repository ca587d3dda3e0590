"""Every documented difference stands on its page and is one that hadolint itself shows."""

import sys
from pathlib import Path

import pytest

from benchmarks.agreement import READ_BY_BUILDKIT, Comparison, compare, main
from benchmarks.differences import DIFFERENCES, OURS, THEIRS, Difference
from benchmarks.hadolint import UNREADABLE
from tests.rule_pages import FOLDER

HADOLINT = str(Path(sys.executable).with_name("hadolint"))
CASES = [(code, difference) for difference in DIFFERENCES for code in difference.codes]
NAMES = [f"{code} {difference.who}: {difference.sentence}" for code, difference in CASES]


def differences_on(code: str) -> str:
    """Return the section of a rule's page about hadolint, without its line breaks."""
    text = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    return " ".join(text.partition("\n## Differences from hadolint\n")[2].split())


def compared(tmp_path: Path, text: str) -> Comparison:
    path = tmp_path / "Dockerfile"
    path.write_text(text)
    (found,) = compare(HADOLINT, [path])
    assert isinstance(found, Comparison)
    return found


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Comparison]:
    """What both find in the example of every difference, from one run of hadolint."""
    folder = tmp_path_factory.mktemp("examples")
    texts = sorted({difference.example for difference in DIFFERENCES})
    paths = [folder / f"{number}.Dockerfile" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    found = [each for each in compare(HADOLINT, paths) if isinstance(each, Comparison)]
    return {each.source.text: each for each in found}


@pytest.mark.parametrize(("code", "difference"), CASES, ids=NAMES)
def test_a_difference_stands_on_the_page_and_in_hadolint(
    examples: dict[str, Comparison], code: str, difference: Difference
) -> None:
    assert difference.sentence in differences_on(code)
    found = examples[difference.example]
    ours, theirs = (
        {place for place in places if place.code == code} for places in (found.ours, found.theirs)
    )
    alone = ours - theirs if difference.who == OURS else theirs - ours
    assert alone
    assert not (ours ^ theirs) - alone
    assert {f"{code} {difference.who}: {difference.sentence}"} == {found.documented[place] for place in alone}


def test_a_file_that_only_hadolint_cannot_read_is_documented(tmp_path: Path) -> None:
    assert READ_BY_BUILDKIT in differences_on(UNREADABLE)
    found = compared(tmp_path, "FROM debian:12\nRUN <<-EOF\n\techo a\n\tEOF\nRUN a\n")
    assert [place.code for place in found.theirs] == [UNREADABLE]
    assert found.ours == {}
    assert [f"{UNREADABLE} {THEIRS}: {READ_BY_BUILDKIT}"] == list(found.documented.values())


def test_a_file_that_both_refuse_is_agreed(tmp_path: Path) -> None:
    found = compared(tmp_path, "FROM debian:12\nRUM a\n")
    assert found.ours.keys() == found.theirs.keys()
    assert found.documented == {}


def test_what_no_sentence_explains_is_not_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\nRUN cd /tmp && a\n")
    silent = tmp_path / "hadolint"
    silent.write_text("#!/bin/sh\necho '[]'\n")
    silent.chmod(0o755)
    monkeypatch.setattr(sys, "argv", ["agreement", str(tmp_path), "--hadolint", str(silent)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    printed = capsys.readouterr().out
    assert "DL3006          0          1             1            0             0" in printed
    assert "neither hadolint's nor documented        100.00%" in printed


def test_the_benchmark_ends_well_where_all_is_agreed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\nUSER root\nRUN cd /tmp && a\n")
    monkeypatch.setattr(sys, "argv", ["agreement", str(tmp_path), "--hadolint", HADOLINT])
    main()
    printed = capsys.readouterr().out
    assert "ours too or documented    100.00%" in printed
    assert "       1            0  DL3066 theirs: `root` is 0 in every image" in printed
