"""DL3020, DL3021, CopyIgnoredFile: what ADD and COPY are asked to take."""

from collections.abc import Iterator
from posixpath import normpath

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.knowledge.archives import is_archive
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import in_case_of, insert, replace_keyword
from dockeropt.syntax.instructions import Copy

_EVERYTHING = ("*", "**", "**/*")
_REMOTE = ("http://", "https://", "ftp://", "git://", "ssh://", "git@")


def check_add(copy: Copy, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at an ADD that takes nothing but files that COPY can take."""
    if not copy.is_add or not copy.sources or copy.instruction.heredocs:
        return
    if any(flag.name in ("checksum", "keep-git-dir", "unpack") for flag in copy.instruction.flags):
        return
    for source in copy.sources:
        text = build.expand(source, copy).text.strip("\"'").lower()
        if text.startswith(_REMOTE) or is_archive(text) or text.startswith("$") or text.endswith(".git"):
            return
    yield Finding(
        copy.instruction.keyword_span,
        f"ADD of `{copy.sources[0].value}` does what COPY does; write COPY, which never unpacks or downloads",
        _as_copy(copy, build),
    )


def _as_copy(copy: Copy, build: Build) -> Fix | None:
    spelling = build.dockerfile.text_of(copy.instruction.keyword_span)
    wanted = in_case_of("COPY", spelling)
    return fix_of(f"write `{wanted}`", replace_keyword(copy.instruction, wanted))


def check_target(copy: Copy, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a target without a slash where several files are copied there."""
    target = copy.target
    if copy.is_add or target is None or len(copy.sources) + len(copy.instruction.heredocs) < 2:
        return
    text = build.expand(target, copy).text.strip("\"'")
    if text and not text.endswith(("/", "\\")) and not text.endswith("}") and "$" not in text:
        yield Finding(
            target.span,
            f"`{target.value}` must be a folder, since several files are copied there; "
            f"write `{target.value}/`",
            fix_of(
                f"write `{target.value}/`",
                insert(target.span.end - target.raw.endswith('"'), "/"),
                applicability=Applicability.UNSAFE,
            ),
        )


def check_ignored(copy: Copy, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every source that .dockerignore leaves out."""
    context = build.context
    if context is None or context.dockerignore is None or copy.source_stage is not None:
        return
    matcher = context.matcher
    if matcher.has_exceptions:
        return
    for source in copy.sources:
        text = build.expand(source, copy).text
        if "$" in text or "://" in text or text.startswith("git@"):
            continue
        path = normpath("/" + text).lstrip("/")
        if not path and any(pattern.text in _EVERYTHING for pattern in matcher.patterns):
            yield Finding(
                source.span,
                f"`{source.value}` has nothing to copy, since .dockerignore leaves out everything; "
                "remove the line there, or the copy",
            )
        elif path and matcher.excludes(path):
            yield Finding(
                source.span,
                f"`{source.value}` is left out by .dockerignore, so it cannot be copied; "
                "remove the line there, or the copy",
            )


RULES = (
    Rule("DL3020", "add-instead-of-copy", Severity.ERROR, Copy, check_add, fixes=Applicability.SAFE),
    Rule("DL3021", "file-as-target", Severity.ERROR, Copy, check_target, fixes=Applicability.UNSAFE),
    Rule("CopyIgnoredFile", "copy-of-ignored-file", Severity.WARNING, Copy, check_ignored),
)
