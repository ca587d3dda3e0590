"""DO4001: a file with credentials is copied into a layer."""

from collections.abc import Iterator
from posixpath import normpath

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.credentials import CredentialsFile, credentials_in
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Copy
from dockeropt.syntax.tree import Word


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at every source of COPY or ADD that is, or takes along, a file with credentials."""
    allowed = options["allowed"]
    shipped = {stage.number for stage in shipped_stages(build)}
    for stage in build.stages:
        for view in views_with_triggers(stage):
            if not isinstance(view, Copy) or view.source_stage is not None:
                continue
            for source in view.sources:
                if "://" in source.value:
                    continue
                path, kind = _credentials(source, view, build)
                if kind is not None and isinstance(allowed, tuple) and path not in allowed:
                    yield Finding(source.span, _message(path, source, kind, stage.number in shipped))


def _credentials(source: Word, copy: Copy, build: Build) -> tuple[str, CredentialsFile | None]:
    """Return the file with credentials that a source names or, in a known context, takes along."""
    path = normpath(source.value)
    kind = credentials_in(path)
    if kind is not None:
        return path, kind
    if build.context is None or "$" in path:
        return path, None
    exclude = tuple(word.value for word in copy.exclude)
    for file in build.context.select((source.value,), exclude, copy.parents):
        kind = credentials_in(file.path)
        if kind is not None and kind.is_certain:
            return file.path, kind
    return path, None


def _target(kind: CredentialsFile) -> str:
    return "/root" + kind.target[1:] if kind.target.startswith("~") else kind.target


def _message(path: str, source: Word, kind: CredentialsFile, is_shipped: bool) -> str:
    takes = "" if normpath(source.value) == path else f"`{source.value}` takes `{path}` along: "
    verb = "holds" if kind.is_certain else "may hold"
    where = "the image" if is_shipped else "the build cache"
    advice = (
        f"use `RUN --mount=type=secret,id={kind.id},target={_target(kind)}` instead"
        if kind.target and not takes
        else "use `RUN --mount=type=ssh` instead"
        if kind.id == "ssh" and not takes
        else "name it in .dockerignore"
    )
    subject = takes + ("it" if takes else f"`{path}`")
    return (
        f"{subject} {verb} {kind.holds}, which stays in a layer of {where} even if a later step deletes it; "
        f"{advice}"
    )


RULE = Rule("DO4001", "credentials-in-layer", Severity.WARNING, Build, check, options={"allowed": ()})
