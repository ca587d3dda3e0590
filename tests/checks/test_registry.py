"""A rule that is not loaded for a Dockerfile has nothing to find in it."""

import pytest

from dockeropt.checks.registry import rules, rules_for
from dockeropt.config.settings import Settings
from dockeropt.lint import linter
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.parser import parse
from dockeropt.syntax.source import Source
from tests.rule_pages import read_page

EVERY_RULE = Settings(select=frozenset(rule.code.lower() for rule in rules()))
TEXTS = sorted({each.dockerfile for rule in rules() for each in read_page(rule.code, rule.options).examples})


def findings() -> list[tuple[str, int, str, str]]:
    return [
        (text, each.finding.span.start, each.code, each.finding.message)
        for text in TEXTS
        for each in lint_source(Source(text), EVERY_RULE)
    ]


def test_the_loaded_rules_find_on_every_page_what_all_rules_find(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings()
    monkeypatch.setattr(linter, "rules_for", lambda _: rules())
    assert findings() == found


def test_a_plain_file_does_not_load_the_rules_of_managers_it_does_not_use() -> None:
    codes = {rule.code for rule in rules_for(parse(Source("FROM a:1\nUSER 1000\n")))}
    assert codes.isdisjoint({"DL3008", "DL3036", "DL4006", "DL3047"})
    assert {"DL1000", "DL3006"} <= codes


def test_a_word_may_go_on_after_a_line_end() -> None:
    text = "FROM a:1\nRUN zyp\\\nper install -y curl\n"
    assert "DL3037" in {rule.code for rule in rules_for(parse(Source(text)))}
