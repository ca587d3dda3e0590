"""A comment may call a rule by each of its names: code, slug and alias, in the words of all three tools."""

import pytest

from dockeropt.checks.registry import rules
from dockeropt.checks.rule import Rule
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.suppressions import SuppressionUse
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source
from tests.rule_pages import Example, read_page

JUDGING_COMMENTS = ("DL1001",)
RULES = [rule for rule in rules() if rule.subject is not SuppressionUse and rule.code not in JUDGING_COMMENTS]


def codes_in(text: str, rule: Rule, example: Example) -> set[str]:
    settings = Settings(
        select=frozenset((rule.code.lower(),)), options={rule.code: rule.options | example.options}
    )
    return {each.code for each in lint_source(Source(text), settings, example.context)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_name_of_a_rule_hides_its_findings(rule: Rule) -> None:
    example = next(each for each in read_page(rule.code, rule.options).examples if each.is_bad)
    text = example.dockerfile
    assert codes_in(text, rule, example) == {rule.code}
    for name in (rule.code, rule.slug, rule.slug.upper(), *rule.aliases):
        for comment in (
            f"# check=skip={name}",
            f"# hadolint global ignore={name}",
            f"# dockeropt: ignore-file={name}",
        ):
            assert codes_in(f"{comment}\n{text}", rule, example) == set(), comment
    assert codes_in(f"# check=skip={rule.code}0\n{text}", rule, example) == {rule.code}
