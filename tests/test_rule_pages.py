"""Every rule has a page, and every example on it gives what the page says."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from dockeropt.checks.registry import find, rules
from dockeropt.checks.rule import Rule
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.fixer import fix_source
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source
from tests.rule_pages import FOLDER, Example, head_of, read_page

RULES = {rule.code: rule for rule in rules()}
PAGES = {rule.code: read_page(rule.code, rule.options) for rule in rules()}
EXAMPLES = [(rule, example) for rule in rules() for example in PAGES[rule.code].examples]
FIXED = [(rule, example) for rule, example in EXAMPLES if example.fixed is not None]
APPLIED = (Applicability.UNSAFE, Applicability.SAFE)
SEVERAL = ("MultipleInstructionsDisallowed",)
"""names that another tool gives to what are several rules here"""
CHECKS = Path(__file__).parent.parent / "dockeropt" / "checks"


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert sorted(RULES) == sorted(
        path.stem for path in FOLDER.glob("*.md") if path.stem not in ("README", "SC")
    )


def modules_with(start: str) -> list[str]:
    """Return the modules of checks/ that have a line with this start."""
    return [
        ".".join(path.relative_to(CHECKS.parent.parent).with_suffix("").parts)
        for path in CHECKS.rglob("*.py")
        if f"\n{start}" in path.read_text(encoding="utf-8")
    ]


def test_every_module_with_a_rule_is_registered() -> None:
    families = modules_with("RULES")
    of_families = [rule for module in families for rule in import_module(module).RULES]
    alone = [rule for rule in rules() if rule.check.__module__ not in families]
    assert sorted(rule.code for rule in of_families) == sorted(
        rule.code for rule in rules() if rule.check.__module__ in families
    )
    assert sorted(modules_with("RULE = Rule(")) == sorted(rule.check.__module__ for rule in alone)


def test_no_name_means_two_rules() -> None:
    names = [
        name.lower()
        for rule in rules()
        for name in (rule.code, rule.slug, *rule.aliases)
        if name not in SEVERAL
    ]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_rule_is_found_by_all_its_names_and_lives_in_a_module_of_its_slug(rule: Rule) -> None:
    aliases = [alias for alias in rule.aliases if alias not in SEVERAL]
    names = (rule.code.lower(), rule.slug.upper(), *aliases)
    assert [rule] * len(names) == [find(name) for name in names]
    module = rule.check.__module__
    if module not in modules_with("RULES"):
        assert rule.slug.replace("-", "_") == module.rpartition(".")[2]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_page_says_all_that_a_reader_expects(rule: Rule) -> None:
    page = PAGES[rule.code]
    assert f"# {rule.code}: {rule.slug}" == page.title
    assert head_of(rule) == page.head
    expected = ["What it finds", "Why it is bad", "How to fix it", "When to ignore it"]
    if rule.options:
        expected.append("Options")
    if rule.code.startswith("DL"):
        expected.append("Differences from hadolint")
    assert expected == list(page.headings)
    assert {True, False} == {example.is_bad for example in page.examples}
    assert page.unknown == ()


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[example.name for _, example in EXAMPLES])
def test_an_example_gives_the_findings_of_its_page(rule: Rule, example: Example) -> None:
    source = Source(example.dockerfile)
    found = [
        "{}:{} {}".format(*source.position(each.finding.span.start), each.finding.message)
        for each in lint_source(source, settings_of(rule, example), example.context)
    ]
    assert example.findings.splitlines() == found
    assert example.is_bad == bool(found)


def settings_of(rule: Rule, example: Example) -> Settings:
    options = {rule.code: rule.options | example.options}
    return Settings(select=frozenset((rule.code.lower(),)), options=options)


@pytest.mark.parametrize(("rule", "example"), FIXED, ids=[example.name for _, example in FIXED])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_fixing_a_bad_example_gives_the_fixed_one(rule: Rule, example: Example, newline: str) -> None:
    assert example.is_bad
    assert example.fixed is not None
    source = Source(example.dockerfile.replace("\n", newline))
    done = fix_source(source, settings_of(rule, example), example.context, Applicability.UNSAFE)
    assert done.bugs == ()
    assert example.fixed.replace("\n", newline) == done.source.text


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_rule_with_a_fix_shows_it_and_its_best_one_is_what_the_page_says(rule: Rule) -> None:
    found = [
        each.finding.fix.applicability
        for example in PAGES[rule.code].examples
        for each in lint_source(Source(example.dockerfile), settings_of(rule, example), example.context)
        if each.finding.fix is not None
    ]
    assert rule.fixes == max(found, default=None)
    assert (rule.fixes in APPLIED) == any(each.fixed is not None for each in PAGES[rule.code].examples)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_page_says_when_and_why_a_fix_is_unsafe_and_why_there_is_none(rule: Rule) -> None:
    if rule.fixes in APPLIED:
        assert re.search(r"\b[Tt]he fix is (un)?safe\b", PAGES[rule.code].advice)
    if rule.fixes is Applicability.UNSAFE:
        assert "The fix is unsafe" in PAGES[rule.code].advice
    if rule.fixes is None:
        assert "There is no fix to apply: " in PAGES[rule.code].advice
