"""DO2003: the image that is shipped stands on one that is made to build in."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.build_commands import build_steps, is_run
from dockeropt.checks.stages.build_images import build_image_of, instead_of
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the last FROM that brings a tool chain into the image."""
    stages = shipped_stages(build)
    if not stages or not is_run(stages):
        return
    final = stages[0]
    for stage in stages[1:]:
        step = next(build_steps(stage, build), None)
        if step is not None and final.start.image is not None:
            yield Finding(
                final.start.image.span,
                f"this is stage `{final.start.image.value}`, so what `{step.line}` left there is shipped; "
                "start from a lean image and copy the result",
            )
            return
    root = stages[-1]
    if root.image is None or root.start.image is None:
        return
    known = build_image_of(root)
    if known is None or (not known.runs_programs and _builds_in_one_stage(stages, build)):
        return
    yield Finding(
        root.start.image.span,
        f"`{root.start.image.value}` ships {known.carries} that the program does not need to run; "
        f"run it on {instead_of(known, root.image)}",
    )


def _builds_in_one_stage(stages: tuple[Stage, ...], build: Build) -> bool:
    """Tell whether single-stage-build says the same already."""
    return len(build.stages) == 1 and any(True for _ in build_steps(stages[0], build))


RULE = Rule("DO2003", "build-image-as-final-base", Severity.WARNING, Build, check)
