"""The fixer holds every fix to its promise: a rule whose fix breaks something is found out and reported."""

from collections.abc import Callable, Iterator

import pytest

from dockeropt.checks import registry
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix
from dockeropt.lint import fixer, linter
from dockeropt.lint.fixer import Fixed, fix_source
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.source import Source, Span
from dockeropt.syntax.tree import Dockerfile

TEXT = """\
FROM debian:12-slim
# why
RUN one && \\
    # inside
    two
RUN three
CMD ["four"]
"""

Fixer = Callable[..., Fixed]


def edit(old: str, new: str) -> Callable[[str], list[Edit]]:
    """Return what makes the edits that write one text for another wherever it stands."""

    def edits(text: str) -> list[Edit]:
        at = text.find(old)
        return [] if at < 0 else [Edit(Span(at, at + len(old)), new)]

    return edits


def rule(
    code: str,
    edits: Callable[[str], list[Edit]],
    applicability: Applicability = Applicability.SAFE,
    claims: Callable[[str], tuple[Span, ...]] = lambda _: (),
) -> Rule:
    """Return a rule that finds a fault wherever there is something to edit."""

    def check(dockerfile: Dockerfile, _: Build, options: Options) -> Iterator[Finding]:
        text = dockerfile.source.text
        found = edits(text)
        if found:
            yield Finding(found[0].span, "wrong", Fix("mend it", tuple(found), applicability, claims(text)))

    return Rule(code, code.lower(), Severity.ERROR, Dockerfile, check)


@pytest.fixture
def fix(monkeypatch: pytest.MonkeyPatch) -> Fixer:
    def run(*rules: Rule, text: str = TEXT, least: Applicability = Applicability.SAFE) -> Fixed:
        monkeypatch.setattr(linter, "rules_for", lambda _: rules)
        monkeypatch.setattr(registry, "rules", lambda: rules)
        return fix_source(Source(text), least=least)

    return run


GOOD = rule("GOOD", edit("three", "3"))


def test_a_good_fix_is_applied_once(fix: Fixer) -> None:
    done = fix(GOOD)
    assert done.source.text == TEXT.replace("three", "3")
    assert [each.code for each in done.fixed] == ["GOOD"]
    assert (done.remaining, done.bugs) == ((), ())


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        pytest.param(
            edit("&& \\\n    # inside\n    two", "&& two"),
            "it replaces lines 3 and following as if they were one",
            id="a span with a comment in it",
        ),
        pytest.param(
            edit("two", "two \\"),
            "RUN in line 6 is not what it was",
            id="a line that goes on into the next instruction",
        ),
        pytest.param(
            edit(" \\\n    # inside\n", ""),
            "it loses the comment # inside",
            id="a comment that goes with a continuation",
        ),
        pytest.param(edit("&& \\", "&&"), "it leaves an instruction TWO", id="a lost continuation"),
        pytest.param(edit("# why", "RUN why"), "it loses the comment # why", id="a lost comment"),
        pytest.param(
            edit("CMD", "HEALTHCHECK"),
            "BuildKit would refuse it: HEALTHCHECK wants",
            id="arguments that are refused",
        ),
        pytest.param(edit("FROM", "# escape=`\nFROM"), "it changes the escape", id="another escape"),
        pytest.param(
            lambda text: [Edit(Span(text.index("two"), text.index("two")), "")],
            "BROKEN finds 1 faults where 0 should be left",
            id="a finding that stays",
        ),
        pytest.param(
            edit("one", "one <<EOF"),
            "RUN in line 6 is not what it was",
            id="a heredoc that swallows the rest",
        ),
    ],
)
def test_a_fix_that_breaks_its_promise_is_dropped_and_the_others_are_applied(
    fix: Fixer, edits: Callable[[str], list[Edit]], reason: str
) -> None:
    done = fix(rule("BROKEN", edits), GOOD)
    assert done.source.text == TEXT.replace("three", "3")
    assert [each.code for each in done.fixed] == ["GOOD"]
    (bug,) = done.bugs
    assert bug.startswith("the fix of BROKEN for Dockerfile:")
    assert f"was not applied: {reason}" in bug


def test_a_fix_whose_result_another_reader_reads_otherwise_is_dropped(
    fix: Fixer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dockeropt.lint import second_reader

    monkeypatch.setattr(second_reader, "disagreement", lambda text: "a difference" if "odd" in text else None)
    done = fix(rule("ODD", edit("two", "odd")), GOOD)
    assert done.source.text == TEXT.replace("three", "3")
    assert done.bugs == (
        "the fix of ODD for Dockerfile:5 was not applied: another reader reads a difference",
    )


def test_fixes_that_undo_each_other_end_and_change_nothing(fix: Fixer) -> None:
    done = fix(rule("THERE", edit("two", "TWO")), rule("BACK", edit("TWO", "two")))
    assert done.source.text == TEXT
    assert done.fixed == ()
    assert done.bugs == (f"the fixes of THERE in Dockerfile find work after {fixer.ROUNDS} rounds",)


def test_of_two_fixes_that_touch_the_first_code_goes_first_and_the_other_waits(fix: Fixer) -> None:
    done = fix(rule("SECOND", edit("three", "tree")), rule("FIRST", edit("thre", "fou")))
    assert done.source.text == TEXT.replace("three", "foue")
    assert [each.code for each in done.fixed] == ["FIRST"]


def test_nothing_is_changed_in_what_another_fix_claims(fix: Fixer) -> None:
    def claims(text: str) -> tuple[Span, ...]:
        return (Span(text.index("RUN three"), text.index("CMD")),)

    def zealous(text: str) -> list[Edit]:
        return edit("three", "3")(text) if "two" in text else []

    done = fix(rule("ZEALOUS", zealous), rule("CLAIMS", edit("two", "2"), claims=claims))
    assert [each.code for each in done.fixed] == ["CLAIMS"]
    assert done.source.text == TEXT.replace("two", "2")


def test_an_unsafe_fix_waits_to_be_asked_for(fix: Fixer) -> None:
    unsafe = rule("RISKY", edit("three", "3"), Applicability.UNSAFE)
    shown = rule("SHOWN", edit("two", "2"), Applicability.DISPLAY)
    assert fix(unsafe).source.text == TEXT
    done = fix(unsafe, shown, least=Applicability.UNSAFE)
    assert done.source.text == TEXT.replace("three", "3")
    assert [each.code for each in done.remaining] == ["SHOWN"]


def test_a_fix_that_gives_another_rule_work_is_fine(fix: Fixer) -> None:
    done = fix(
        rule("ONE", edit("one", "three")),
        rule("THREE", edit("three", "3")),
    )
    assert done.source.text == TEXT.replace("one", "3").replace("three", "3")
    assert done.bugs == ()
