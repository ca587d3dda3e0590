"""StageNameCasing, DL3024, DL3063: names of stages that are hard to refer to."""

from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, Related, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit, replace_word
from dockeropt.syntax.instructions import Copy, From, Run
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Word

_RESERVED = {
    "context": "which stands for the build context",
    "scratch": "which stands for the empty image",
}


def check_casing(start: From, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a stage's name with upper-case letters."""
    name = start.name
    if name is not None and name.raw != name.raw.lower():
        yield Finding(
            name.span,
            f"stage `{name.raw}` is known to BuildKit as `{name.raw.lower()}`; write it in lower case",
            _in_lower_case(name, build),
        )


def _in_lower_case(name: Word, build: Build) -> Fix | None:
    """Return the fix that writes a name in lower case here and wherever a COPY or a mount names the stage."""
    lower = name.raw.lower()
    return fix_of(f"write `{lower}`", replace_word(name, lower), *_references(build).get(lower, ()))


@lru_cache(1)
def _references(build: Build) -> dict[str, list[Edit | None]]:
    """Return by the stage the edits that write its name in lower case where it is named otherwise."""
    found: dict[str, list[Edit | None]] = {}
    text = build.dockerfile.source.text
    for stage in build.stages:
        for view in stage.views:
            if isinstance(view, Copy) and view.source_stage is not None:
                word, lower = view.source_stage, view.source_stage.raw.lower()
                if word.raw != lower:
                    found.setdefault(lower, []).append(replace_word(word, lower))
            elif isinstance(view, Run):
                for mount in view.mounts:
                    given = mount.options.get("from", "")
                    if given != given.lower():
                        start = text.find(f"from={given}", *mount.span) + len("from=")
                        edit = Edit(Span(start, start + len(given)), given.lower())
                        found.setdefault(given.lower(), []).append(edit if start >= len("from=") else None)
    return found


def check_duplicate(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a stage's name that an earlier stage has."""
    seen: dict[str, Span] = {}
    for stage in build.stages:
        name = stage.start.name
        if stage.name is None or name is None:
            continue
        if stage.name in seen:
            yield Finding(
                name.span,
                f"an earlier stage is named `{name.raw}` too, and COPY --from finds only the last one; "
                "rename one",
                related=(Related(seen[stage.name], "the earlier stage"),),
            )
        seen.setdefault(stage.name, name.span)


def check_reserved(start: From, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a stage named like a word that means something else to BuildKit."""
    name = start.name
    meaning = None if name is None else _RESERVED.get(name.raw.lower())
    if name is not None and meaning is not None:
        yield Finding(name.span, f"a stage cannot well be named `{name.raw}`, {meaning}; choose another name")


RULES = (
    Rule(
        "StageNameCasing",
        "upper-case-stage-name",
        Severity.WARNING,
        From,
        check_casing,
        fixes=Applicability.SAFE,
    ),
    Rule(
        "DL3024",
        "duplicate-stage-name",
        Severity.ERROR,
        Build,
        check_duplicate,
        aliases=("DuplicateStageName",),
    ),
    Rule(
        "DL3063",
        "reserved-stage-name",
        Severity.WARNING,
        From,
        check_reserved,
        aliases=("ReservedStageName",),
    ),
)
