"""DL3022, DL3023, DL3067: what COPY --from names."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import replace_word
from dockeropt.syntax.instructions import Copy
from dockeropt.syntax.source import Span
from dockeropt.syntax.spelling import closest

_ROOTS = ("/", "/.", "/*")


def check_missing(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a --from that no earlier stage bears and that does not look like an image."""
    for problem in build.problems:
        if problem.rule == "DL3022":
            yield Finding(problem.span, problem.message)
    names = [stage.name for stage in build.stages if stage.name]
    for stage in build.stages:
        for view in stage.views:
            if not isinstance(view, Copy) or view.source_stage is None:
                continue
            word = view.source_stage
            text = word.value
            if not text or ":" in text or "@" in text or "$" in text or text.lstrip("+-").isdigit():
                continue
            if build.stage_named(text) is None:
                meant = closest(text.lower(), names)
                advice = (
                    f"did you mean `{meant}`?" if meant else f"if it is an image, write its tag: `{text}:…`"
                )
                edit = replace_word(word, meant) if meant and word.raw == text else None
                fix = fix_of(f"write `{meant}`", edit, applicability=Applicability.UNSAFE)
                yield Finding(word.span, f"no stage is named `{text}`; {advice}", fix)


def check_itself(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a --from that names the stage it stands in."""
    for problem in build.problems:
        if problem.rule == "DL3023":
            yield Finding(problem.span, f"{problem.message}; name another stage, or remove --from")


def check_whole(copy: Copy, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a copy of all files of a stage or image over those of this one."""
    word, target = copy.source_stage, copy.target
    if word is None or target is None or copy.exclude or build.stage_of(copy).is_scratch:
        return
    named = build.stage_named(word.value)
    if named is not None and build.root_stage(named).is_scratch:
        return
    if target.value in ("/", "/.") and any(source.value in _ROOTS for source in copy.sources):
        yield Finding(
            Span(copy.sources[0].span.start, target.span.end),
            f"all of `{word.value}` is copied over this stage, its system included; "
            f"name the files that are needed, or write FROM {word.value}",
        )


RULES = (
    Rule(
        "DL3022",
        "unknown-copy-source",
        Severity.WARNING,
        Build,
        check_missing,
        fixes=Applicability.UNSAFE,
    ),
    Rule("DL3023", "copy-from-itself", Severity.ERROR, Build, check_itself),
    Rule("DL3067", "copy-of-whole-stage", Severity.WARNING, Copy, check_whole),
)
