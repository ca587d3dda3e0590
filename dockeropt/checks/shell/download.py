"""DL3047, DL4001: wget and curl."""

from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run
from dockeropt.syntax.tree import Word

_QUIET = (
    "-q",
    "--quiet",
    "-nv",
    "--no-verbose",
    "-o",
    "--output-file",
    "-a",
    "--append-output",
    "--progress",
)
_INSTALLING = frozenset(("apk", "apt", "apt-get", "aptitude", "dnf", "microdnf", "tdnf", "yum", "zypper"))
"""what installs the wget that knows ``--progress``"""
_ASKING = ("-V", "--version", "-h", "--help")


def check_progress(run: Run, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first wget of a RUN that prints a line for every few bytes."""
    programs = [
        command.program
        for command in commands_of(run, build)
        if command.base_name == "wget" and command.program is not None and _is_loud(command)
    ]
    if programs:
        yield Finding(
            programs[0].span,
            "wget fills the log with its progress bar; add `--progress=dot:giga`, or `-q` for busybox",
            _quieten(programs, run, build),
        )


def _quieten(programs: list[Word], run: Run, build: Build) -> Fix | None:
    """Return the fix that adds what the image's wget knows; unsafe where nothing tells which that is."""
    from dockeropt.checks.shell.word_edits import insert_word
    from dockeropt.knowledge.shells import is_busybox

    stage = build.stage_of(run)
    image = build.root_image(stage)
    option, applicability = "--progress=dot:giga", Applicability.UNSAFE
    if stage.number in _with_gnu(build):
        applicability = Applicability.SAFE
    elif image is not None and is_busybox(image.familiar_name, image.tag):
        option, applicability = "-q", Applicability.SAFE
    edits = [insert_word(program, option, run, build) for program in programs]
    return fix_of(f"add `{option}`", *edits, applicability=applicability)


@lru_cache(1)
def _with_gnu(build: Build) -> frozenset[int]:
    """Return the numbers of the stages that install wget, or are FROM one that does."""
    found: set[int] = set()
    for stage in build.stages:
        if stage.base_stage in found or any(
            command.base_name in _INSTALLING and any(word.value == "wget" for word in command.words)
            for view in stage.views
            if isinstance(view, Run) and "wget" in view.instruction.body.text
            for command in commands_of(view, build)
        ):
            found.add(stage.number)
    return frozenset(found)


def check_both(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every RUN with wget or curl once the other one was used in the stage."""
    used: set[str] = set()
    for view in stage.views:
        if not isinstance(view, Run):
            continue
        here = {c.base_name: c for c in commands_of(view, build) if c.base_name in ("wget", "curl")}
        used.update(here)
        if here and len(used) == 2:
            command = next((c for name, c in here.items() if name == _second(here)), None)
            if command is not None:
                other = "wget" if command.base_name == "curl" else "curl"
                yield Finding(
                    command.span if command.program is None else command.program.span,
                    f"this stage uses {other} too; use one of them, so that the image needs no two",
                )


def _second(here: dict[str, Command]) -> str:
    """Return the name that came second in a RUN, or the only one."""
    return max(here, key=lambda name: here[name].span.start)


def _is_loud(command: Command) -> bool:
    if command.has_flag(*_QUIET, *_ASKING) or not command.words:
        return False
    if any(word.value.startswith("-n") and "v" in word.value for word in command.words):
        return False
    return not any(
        redirect.file_descriptor == 2 or "&" in redirect.operator for redirect in command.redirects
    )


RULES = (
    Rule("DL3047", "wget-progress-bar", Severity.INFO, Run, check_progress, fixes=Applicability.SAFE),
    Rule("DL4001", "wget-and-curl", Severity.WARNING, Stage, check_both),
)
