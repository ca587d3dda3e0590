"""DO3010: jemalloc is installed and nothing uses it."""

import re
from collections.abc import Iterator

from dockeropt.checks.packages.invocations import invocations_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.system_managers import SYSTEM_MANAGERS
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Cmd, Entrypoint, Form

_PACKAGE = r"libjemalloc[12]|jemalloc"
_USES = ("ld_preload", "ld.so.preload", "ljemalloc", "with-jemalloc", "libjemalloc.so")
_INSTALLING = ("add", "in", "install")
_PROGRAMS = tuple(program for manager in SYSTEM_MANAGERS for program in manager.programs)


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the package in an image in which no line loads or links it."""
    stages = shipped_stages(build)
    if _is_used(build) or _starts_by_script(build):
        return
    shipped = {stage.number for stage in stages}
    for invocation in invocations_of(_PROGRAMS, build):
        operands = invocation.command.operands()
        if invocation.stage.number not in shipped or not operands or operands[0].value not in _INSTALLING:
            continue
        for word in operands[1:]:
            if re.fullmatch(_PACKAGE, word.value.partition("=")[0]):
                yield Finding(
                    word.span,
                    f"`{word.value}` does nothing until a program loads it; "
                    "write ENV LD_PRELOAD=libjemalloc.so.2, or leave it out",
                )


def _is_used(build: Build) -> bool:
    text = build.dockerfile.source.text.lower()
    return any(use in text for use in _USES)


def _starts_by_script(build: Build) -> bool:
    """Tell whether a script starts the program: it may load the library."""
    for stage in shipped_stages(build):
        for view in stage.views:
            if isinstance(view, Entrypoint | Cmd):
                words = [word.value for word in view.command.arguments]
                first = words[0] if words else view.command.script.text
                if view.command.form is Form.SHELL or first.endswith((".sh", "entrypoint")):
                    return True
    return False


RULE = Rule(
    "DO3010",
    "unused-allocator",
    Severity.WARNING,
    Build,
    check,
    aliases=("jemalloc-installed-but-not-preloaded",),
)
