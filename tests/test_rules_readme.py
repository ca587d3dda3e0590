"""The overview of the rule book says what the registry says."""

import re

import pytest

from dockeropt.checks.registry import find, rules
from dockeropt.checks.rule import Rule
from tests.rule_pages import FOLDER

README = (FOLDER / "README.md").read_text(encoding="utf-8")
RULES, _, LEFT_OUT = README.partition("\n## Left out\n")
_SECTION = re.compile(r"^### (?P<title>[^\n]+)\n\n(?P<text>.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of the rows of a table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def topic_of(rule: Rule) -> str:
    """Return the folder of checks/ that a rule lives in, as a heading."""
    return rule.check.__module__.split(".")[2].capitalize()


LISTED = [(section["title"], row) for section in _SECTION.finditer(RULES) for row in rows_of(section["text"])]
COVERED, *REASONED = [rows_of(section["text"]) for section in _SECTION.finditer(LEFT_OUT)]


def test_the_tables_name_every_rule_once_with_its_topic_name_and_severity() -> None:
    expected = [
        (topic_of(rule), f"[{rule.code}]({rule.code}.md)", rule.slug, rule.severity.value) for rule in rules()
    ]
    assert sorted(expected) == sorted((topic, *row[:3]) for topic, row in LISTED)


@pytest.mark.parametrize("row", [row for _, row in LISTED], ids=[row[1] for _, row in LISTED])
def test_a_rule_is_told_in_one_sentence(row: list[str]) -> None:
    assert len(row) == 4
    assert re.fullmatch(r"[A-Z`].*[^.]\.", row[3])
    assert re.findall(r"\. [A-Z]", row[3]) == []


def test_every_link_goes_to_a_page() -> None:
    links = re.findall(r"\[([^]]+)\]\(([^)]+)\)", README)
    assert [link for link in links if not (FOLDER / link[1]).is_file()] == []
    assert [(code, target) for code, target in links if f"{code}.md" != target] == []


def left_out() -> list[str]:
    """Return the ids of other tools' rules, those found under a code of ours first."""
    cells = [cell for row in COVERED for cell in row[1:]] + [row[1] for rows in REASONED for row in rows]
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_what_is_left_out_is_named_once_and_is_neither_rule_nor_alias() -> None:
    names = left_out()
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if find(name) is not None] == []


def test_what_is_left_out_has_a_tool_and_a_reason() -> None:
    tools = {"hadolint", "Trivy", "Checkov", "KICS", "semgrep-rules", "Binnacle/Parfum", "tally"}
    rows = [row for rows in REASONED for row in rows]
    assert [row for row in rows if len(row) != 3 or row[0] not in tools or not row[2]] == []


def test_the_same_stands_below_a_row_that_says_what() -> None:
    for rows in REASONED:
        assert not rows[0][2].startswith("the same")
