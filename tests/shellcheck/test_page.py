"""The page of ShellCheck's rules says what is found."""

import pytest

from dockeropt.shellcheck.checker import ShellCheck
from dockeropt.shellcheck.comments import EXCLUDED, SLUG
from tests.rule_pages import FOLDER, Example, read_page
from tests.shellcheck.program import lint, shown

PAGE = read_page("SC", {})


def test_the_page_has_what_every_page_has() -> None:
    assert f"# SC: {SLUG}" == PAGE.title
    headings = ["What it finds", "What ShellCheck is told", "How to fix it", "When to ignore it"]
    assert [*headings, "Differences from hadolint"] == list(PAGE.headings)
    assert PAGE.unknown == ()


@pytest.mark.parametrize("example", PAGE.examples, ids=lambda example: example.name)
def test_an_example_gives_the_findings_of_its_page(example: Example, shellcheck: ShellCheck) -> None:
    assert example.findings.splitlines() == shown(lint(example.dockerfile, shellcheck))


def test_the_page_gives_the_reason_of_every_code_that_is_left_out() -> None:
    text = (FOLDER / "SC.md").read_text(encoding="utf-8")
    for code, reason in EXCLUDED.items():
        assert f"| SC{code} | {reason} |" in text
