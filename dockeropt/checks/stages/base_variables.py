"""UndefinedArgInFrom, InvalidDefaultArgInFrom: variables in FROM that have no value there."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.syntax.references import reference_to
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.images import parse_image
from dockeropt.semantics.variables import names_used
from dockeropt.syntax.spelling import closest
from dockeropt.syntax.tree import Word


def check_undefined(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every variable of FROM that no ARG before the first FROM declares."""
    scope = build.global_scope
    for word in (stage.start.image, stage.start.platform):
        if word is None or "$" not in word.value:
            continue
        for name in build.expand(word, stage.start).used:
            if name in scope.arguments or name in scope.variables:
                continue
            meant = closest(name, [*scope.arguments, *scope.variables])
            advice = f"did you mean `{meant}`?" if meant else f"write `ARG {name}=…` there"
            yield Finding(
                reference_to(name, word), f"no ARG before the first FROM declares `{name}`; {advice}"
            )


def check_default(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a FROM that names no image unless a build argument is given."""
    word = stage.start.image
    if word is None or "$" not in word.value or stage.base_stage is not None:
        return
    unset = build.expand(word, stage.start).unset
    if any(name not in build.global_scope.arguments for name in unset):
        return
    text = _with_defaults(word, stage, build)
    if text is None or text == "scratch" or parse_image(text) is not None:
        return
    name = next(iter(unset or names_used(word.raw, build.dockerfile.escape)))
    result = f"`{text}`, which is no image" if text else "empty"
    yield Finding(
        word.span,
        f"`{word.value}` is {result} unless --build-arg says otherwise; give `ARG {name}` a default",
    )


def _with_defaults(word: Word, stage: Stage, build: Build) -> str | None:
    """Return what a word of FROM is where a variable without a value is empty; None where it is refused."""
    expanded = build.expand(word, stage.start)
    if expanded.problem is not None:
        return None
    text = expanded.text
    for name in expanded.unset:
        text = text.replace("${" + name + "}", "").replace("$" + name, "")
    return None if "$" in text else text


RULES = (
    Rule("UndefinedArgInFrom", "undefined-base-argument", Severity.WARNING, Stage, check_undefined),
    Rule("InvalidDefaultArgInFrom", "empty-base-argument", Severity.WARNING, Stage, check_default),
)
