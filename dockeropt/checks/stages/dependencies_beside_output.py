"""DO2002: dependencies are shipped beside an output that holds what it needs of them."""

from collections.abc import Iterator, Sequence

from dockeropt.checks.packages.installs import installs_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding, Related
from dockeropt.knowledge.frameworks import SELF_CONTAINED, Framework
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Cmd, Copy, Entrypoint, Run
from dockeropt.syntax.tree import Word

_FOLDER = "node_modules"


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for node_modules copied or installed where a self-contained output is copied too."""
    views = [view for stage in reversed(shipped_stages(build)) for view in stage.views]
    copies = [view for view in views if isinstance(view, Copy) and view.source_stage is not None]
    output = next(
        (
            (word, framework)
            for copy in copies
            for word in copy.sources
            if (framework := _framework(word)) is not None
        ),
        None,
    )
    if output is None:
        yield from _whole_project(copies, views)
        return
    word, framework = output
    related = (Related(word.span, f"{framework.name}'s output, with the modules it needs inside"),)
    for copy in copies:
        for source in copy.sources:
            if source.value.rstrip("/").endswith("/" + _FOLDER) or source.value.rstrip("/") == _FOLDER:
                yield Finding(
                    source.span,
                    f"`{word.value}` already holds the modules it needs; leave `{source.value}` out",
                    related=related,
                )
    for view in views:
        if isinstance(view, Run):
            for install in installs_of(view, build):
                if install.reads is Reads.MANIFESTS and "package.json" in install.manager.manifests:
                    yield Finding(
                        install.command.span,
                        f"`{word.value}` already holds the modules it needs; leave `{install.line}` out",
                        related=related,
                    )


def _framework(source: Word) -> Framework | None:
    """Return the framework whose whole output this source is."""
    path = source.value.rstrip("/").removesuffix("/.")
    for framework in SELF_CONTAINED:
        if path == framework.output or path.endswith("/" + framework.output):
            return framework
    return None


def _whole_project(copies: list[Copy], views: Sequence[object]) -> Iterator[Finding]:
    """Yield a finding where a project's folder is copied as a whole to run nothing but its output."""
    started = next(
        (
            (word, framework)
            for view in reversed(views)
            if isinstance(view, (Cmd, Entrypoint))
            for word in view.command.arguments
            for framework in SELF_CONTAINED
            if word.value.removeprefix("./").endswith(framework.entry)
        ),
        None,
    )
    if started is None:
        return
    word, framework = started
    folder = word.value.removesuffix(framework.entry).rstrip("/").removeprefix(".")
    for copy in copies:
        for source in copy.sources:
            name = source.value.rstrip("/")
            if (
                name
                and "." not in name.rpartition("/")[2]
                and (not folder or name == folder)
                and _is_app(copy)
            ):
                yield Finding(
                    source.span,
                    f"only `{framework.output}` of `{source.value}` runs, and it holds the modules it needs; "
                    f"copy `{name}/{framework.output}` alone",
                    related=(Related(word.span, "this is what runs"),),
                )


def _is_app(copy: Copy) -> bool:
    """Tell whether a COPY takes one folder to the same place or to the working directory."""
    if len(copy.sources) != 1 or copy.target is None:
        return False
    target = copy.target.value.rstrip("/")
    return target in (".", "", copy.sources[0].value.rstrip("/")) or target == "./"


RULE = Rule("DO2002", "dependencies-beside-output", Severity.WARNING, Build, check)
