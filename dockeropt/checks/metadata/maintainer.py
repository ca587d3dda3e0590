"""DL4000: the instruction MAINTAINER."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.edits import Edit, in_case_of, insert, replace_keyword
from dockeropt.syntax.instructions import Label, Maintainer
from dockeropt.syntax.source import Span

_LONGEST = 60
_LABEL = "org.opencontainers.image.authors"


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every MAINTAINER, one before the first FROM included."""
    views = [*build.global_views]
    for stage in build.stages:
        views += stage.views
    for view in views:
        if isinstance(view, Maintainer):
            name = view.name.text.strip("\"'").replace('"', '\\"')
            shown = name if len(name) <= _LONGEST else "…"
            yield Finding(
                view.instruction.keyword_span,
                f'MAINTAINER is deprecated; write LABEL {_LABEL}="{shown}"',
                _fix(view, build),
            )


def _fix(maintainer: Maintainer, build: Build) -> Fix | None:
    """Return the fix that writes the label, unless it is set already or stands where no label may."""
    name, escape = maintainer.name, build.dockerfile.escape
    text = name.text
    is_global = not build.stages or maintainer.instruction.span < build.stages[0].start.instruction.span
    if is_global or not text or _is_labelled(build.stage_of(maintainer), build):
        return None
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    start, end = (1, len(text) - 1) if is_quoted else (0, len(text))
    keyword = in_case_of("LABEL", build.dockerfile.text_of(maintainer.instruction.keyword_span))
    first, last = name.offset(0), name.offset(len(text) - 1)
    special = [at for at in range(start, end) if text[at] in f'"${escape}']
    opening = f'{_LABEL}="' + escape * (0 in special)
    edits = [
        replace_keyword(maintainer.instruction, keyword),
        Edit(Span(first, first + is_quoted), opening),
        *(insert(name.offset(at), escape) for at in special if at),
        Edit(Span(last + (not is_quoted), last + 1), '"'),
    ]
    return fix_of(f"write {keyword} {_LABEL}", *edits)


def _is_labelled(stage: Stage, build: Build) -> bool:
    return _LABEL in build.dockerfile.source.text and any(
        isinstance(view, Label) and any(pair.key.value == _LABEL for pair in view.pairs)
        for view in stage.views
    )


RULE = Rule(
    "DL4000",
    "maintainer",
    Severity.ERROR,
    Build,
    check,
    fixes=Applicability.SAFE,
    aliases=("MaintainerDeprecated",),
)
