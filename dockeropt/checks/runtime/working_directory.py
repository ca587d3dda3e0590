"""DL3000, DL3045: paths that rest on the working directory of the base image."""

import re
from collections.abc import Iterator
from functools import lru_cache
from posixpath import normpath

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.edits import replace_word
from dockeropt.syntax.instructions import Copy, Workdir
from dockeropt.syntax.tree import Word

_PLAIN = r"[\w./@+-]+"


def check_relative(workdir: Workdir, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a WORKDIR that is no absolute path."""
    if workdir.path is None:
        return
    text = _path(build.expand(workdir.path, workdir).text)
    if not text or _is_absolute(text):
        return
    before = build.scope_of(workdir).workdir
    if before is None:
        advice = f"which the base image may change; write `/{text.removeprefix('./').removeprefix('../')}`"
    else:
        advice = f"which is `{before}` here; write `{before.rstrip('/')}/{text.removeprefix('./')}`"
    yield Finding(
        workdir.path.span,
        f"`{text}` lies below the working directory so far, {advice}",
        _absolute(workdir.path, before, build),
    )


def _absolute(path: Word, before: str | None, build: Build) -> Fix | None:
    """Return the fix that writes the path in full; what is below ``/`` is a guess when nothing is known."""
    if not re.fullmatch(_PLAIN, path.raw) or (before is None and ".." in path.raw):
        return None
    if before is not None and not (re.fullmatch(_PLAIN, before) and _is_constant(build)):
        return None
    wanted = normpath(f"{before or ''}/{path.raw}")
    applicability = Applicability.UNSAFE if before is None else Applicability.SAFE
    return fix_of(f"write `{wanted}`", replace_word(path, wanted), applicability=applicability)


@lru_cache(1)
def _is_constant(build: Build) -> bool:
    """Tell whether no WORKDIR of a file holds a variable."""
    return not any(
        isinstance(view, Workdir) and view.path is not None and "$" in view.path.raw
        for stage in build.stages
        for view in stage.views
    )


def check_copy(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every COPY to a relative path before the first WORKDIR."""
    for above in build.lineage(stage)[1:]:
        if any(isinstance(view, Workdir) for view in above.views):
            return
    for view in stage.views:
        if isinstance(view, Workdir):
            return
        if not isinstance(view, Copy) or view.is_add or view.target is None:
            continue
        text = _path(build.expand(view.target, view).text)
        if text and not _is_absolute(text):
            yield Finding(
                view.target.span,
                f"`{text}` is relative, and no WORKDIR says to what; "
                "set one before, or write an absolute path",
            )


def _path(text: str) -> str:
    return text.strip("\"'")


def _is_absolute(text: str) -> bool:
    """Tell whether a path is absolute, on Windows too, or begins with a variable without a value."""
    return text[0] in "/\\$" or (text[1:2] == ":" and text[0].isalpha())


RULES = (
    Rule(
        "DL3000",
        "relative-workdir",
        Severity.ERROR,
        Workdir,
        check_relative,
        fixes=Applicability.SAFE,
        aliases=("WorkdirRelativePath",),
    ),
    Rule("DL3045", "copy-without-workdir", Severity.WARNING, Stage, check_copy),
)
