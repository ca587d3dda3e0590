"""DO4007: an image that runs as root because nothing says otherwise."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import User


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the last FROM of an image without USER, unless its base is known to have one."""
    stages = shipped_stages(build)
    if not stages or has_user(stages):
        return
    from dockeropt.knowledge.image_users import may_leave_root
    from dockeropt.shell.dialect import is_windows

    if is_windows(stages[-1].base):
        return
    image = stages[-1].image
    is_known = image is not None and may_leave_root(image.familiar_name, image.tag or "")
    if not is_known and (image is not None or stages[-1].is_scratch):
        yield Finding(
            stages[0].start.instruction.keyword_span,
            "no USER says who runs the program, so with most base images it is root; "
            "end with a USER that may do less",
        )


def has_user(stages: tuple[Stage, ...]) -> bool:
    """Tell whether an image made of these stages has a USER."""
    return any(isinstance(view, User) for stage in stages for view in stage.views)


RULE = Rule(
    "DO4007",
    "missing-user",
    Severity.IGNORE,
    Build,
    check,
    aliases=("CKV_DOCKER_3", "fd54f200", "missing-user-entrypoint"),
)
