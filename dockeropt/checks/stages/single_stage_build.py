"""DO2001: one stage that builds and ships what it built with."""

from collections.abc import Iterator

from dockeropt.checks.packages.installs import read_install
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.build_commands import build_steps, is_run, removes_packages
from dockeropt.checks.stages.build_images import build_image_of
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.knowledge.build_tools import BUILD_PACKAGES
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Copy, Run
from dockeropt.syntax.tree import Word


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield one finding at the command that builds, or at the package that only a build needs."""
    stages = shipped_stages(build)
    if not stages or not is_run(stages) or _takes_from_stage(stages, build):
        return
    tool, is_used = _shipped_tool(stages, build)
    has_compiler = tool is not None or build_image_of(stages[-1]) is not None
    for stage in reversed(stages):
        for step in build_steps(stage, build):
            if step.is_compiler and not has_compiler:
                continue
            yield Finding(
                step.command.span,
                f"the image ships what only `{step.line}` needs: {step.leaves}; "
                "build in a stage of its own and copy the result",
            )
            return
    if tool is not None and is_used:
        yield Finding(
            tool.span,
            f"`{tool.value}` is for building and stays in the image; "
            "install in a stage of its own and copy the result",
        )


def _takes_from_stage(stages: tuple[Stage, ...], build: Build) -> bool:
    """Tell whether something is built in another stage and copied in."""
    return any(
        isinstance(view, Copy)
        and view.source_stage is not None
        and build.stage_named(view.source_stage.value) is not None
        for stage in stages
        for view in stage.views
    )


def _shipped_tool(stages: tuple[Stage, ...], build: Build) -> tuple[Word | None, bool]:
    """Return a build tool that stays in the image, and whether a later install of dependencies used it."""
    tool: Word | None = None
    for stage in reversed(stages):
        for view in stage.views:
            if not isinstance(view, Run):
                continue
            commands = commands_of(view, build)
            if removes_packages(commands):
                tool = None
                continue
            for command in commands:
                install = read_install(command)
                if install is None:
                    continue
                if not install.manager.is_system:
                    if tool is not None and install.reads is not Reads.NOTHING:
                        return tool, True
                elif tool is None:
                    tool = next((each for each in install.packages if each.value in BUILD_PACKAGES), None)
    return tool, False


RULE = Rule("DO2001", "single-stage-build", Severity.WARNING, Build, check)
