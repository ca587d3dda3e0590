"""UndefinedVar: a variable that nothing sets."""

import re
from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.syntax.references import reference_to
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build, Scope, Stage
from dockeropt.semantics.platforms import PLATFORM_ARGUMENTS, PROXY_ARGUMENTS
from dockeropt.semantics.problems import expanded_words
from dockeropt.semantics.variables import expansion
from dockeropt.syntax.edits import in_case_of, insert_line
from dockeropt.syntax.instructions import Arg, Copy, Env, View
from dockeropt.syntax.source import Span
from dockeropt.syntax.spelling import closest

_BARE_IMAGES = frozenset(
    (
        "almalinux",
        "alpine",
        "amazonlinux",
        "busybox",
        "centos",
        "debian",
        "opensuse/leap",
        "rockylinux",
        "ubuntu",
    )
)
"""images that set PATH and nothing else"""
_REFERENCE = re.compile(r"\$\{?(\w+)")
_MOST_NAMES = 500
"""among more, a misspelt one is not looked for: each unknown name would be held against each known one"""


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every variable that neither the stage nor, as far as known, its image sets."""
    declared: set[str] = set()
    for view, scope in zip(stage.views, stage.scopes, strict=True):
        told: set[str] = set()
        own = {pair.key.value for pair in view.pairs} if isinstance(view, Env) else frozenset[str]()
        for span, name, is_empty in _without_value(view, scope, build):
            if name in told or name == "PATH" or name in scope.arguments:
                continue
            told.add(name)
            is_own = name in own
            if is_own and not is_empty:
                continue
            advice = _advice(name, is_own, stage, scope, build)
            if advice is not None:
                fix = None if name in declared else _declaration(name, view, build)
                declared.add(name)
                effect = "it is empty" if is_empty else "the word behind it always counts"
                yield Finding(span, f"nothing sets `{name}` here, so {effect}; {advice}", fix)


def _declaration(name: str, view: View, build: Build) -> Fix | None:
    """Return the fix that declares an argument which has a value already, outside the stage."""
    if name not in PLATFORM_ARGUMENTS and name not in build.global_scope.arguments:
        return None
    keyword = in_case_of("ARG", build.dockerfile.text_of(view.instruction.keyword_span))
    edit = insert_line(view.instruction, f"{keyword} {name}", build.dockerfile)
    return fix_of(f"write `ARG {name}` before it", edit, applicability=Applicability.UNSAFE)


def _without_value(view: View, scope: Scope, build: Build) -> Iterator[tuple[Span, str, bool]]:
    """Yield the variables of an instruction that have no value, and whether none is said for them.

    Like BuildKit it looks into ``${V:-word}`` too: a variable that is not declared can never be given.
    """
    instruction = view.instruction
    if "$" in instruction.body.text or instruction.flags:
        for word in expanded_words(view):
            if "$" in word.raw:
                found = build.expand(word, view)
                unset = frozenset(found.unset)
                for name in found.used:
                    if name not in scope.variables:
                        yield reference_to(name, word), name, name in unset
    if not isinstance(view, Copy):
        return
    for heredoc in instruction.heredocs:
        text = heredoc.body.text
        if not heredoc.expands or "$" not in text:
            continue
        found = expansion(text, scope.variables.get, keeps_unset=True, reads_quotes=False)
        places: dict[str, Span] = {}
        for match in _REFERENCE.finditer(text):
            places.setdefault(match[1], Span(*match.span()))
        unset = frozenset(found.unset)
        for name in found.used:
            if name not in scope.variables and name in places:
                yield heredoc.body.to_source(places[name]), name, name in unset


def _advice(name: str, is_own: bool, stage: Stage, scope: Scope, build: Build) -> str | None:
    """Return what to do about a variable, None where the base image may well set it.

    ``is_own`` tells that it is used in its own ENV, as in ``ENV PYTHONPATH=$PYTHONPATH:/app``.
    """
    if (
        name in PLATFORM_ARGUMENTS or name in PROXY_ARGUMENTS
    ):  # without ARG a RUN alone sees those for proxies
        return f"write `ARG {name}` before it in this stage"
    if name in build.global_scope.arguments:
        return f"the ARG before the first FROM counts for FROM alone: write `ARG {name}` in this stage too"
    if not is_own and _setters(build).get(name, set()) - {stage.number}:
        return "another stage sets it, for itself alone: write its ARG or ENV in this stage too"
    root = build.root_stage(stage)
    is_bare = root.is_scratch or (root.image is not None and root.image.familiar_name in _BARE_IMAGES)
    if is_own:
        return "leave it out, since an empty entry of a path means the working directory" if is_bare else None
    if len(name) > 3 and len(scope.variables) + len(scope.arguments) <= _MOST_NAMES:
        meant = closest(name, [*scope.variables, *scope.arguments])
        if meant is not None:
            return f"did you mean `{meant}`?"
    if is_bare:
        return f"write `ARG {name}` before it, or `\\${name}` for the text itself"
    return None


@lru_cache(1)
def _setters(build: Build) -> dict[str, set[int]]:
    """Return the numbers of the stages whose ARG or ENV set a name."""
    found: dict[str, set[int]] = {}
    for stage in build.stages:
        for view in stage.views:
            if isinstance(view, Arg | Env):
                for pair in view.pairs:
                    found.setdefault(pair.key.value, set()).add(stage.number)
    return found


RULE = Rule("UndefinedVar", "undefined-variable", Severity.WARNING, Stage, check, fixes=Applicability.UNSAFE)
