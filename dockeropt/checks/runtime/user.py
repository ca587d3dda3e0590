"""DL3002, DL3066: whom the image runs as."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import User

_ROOT = ("root", "0")


def check_root(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the USER that leaves the image running as root."""
    for stage in shipped_stages(build):
        users = [view for view in stage.views if isinstance(view, User) and view.name is not None]
        if not users:
            continue
        word = users[-1].name
        if word is not None and _name(users[-1], build) in _ROOT:
            yield Finding(
                word.span,
                f"the program runs as root, since `USER {word.value}` is the last one; "
                "end with a USER that may do less",
            )
        return


def check_name(user: User, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a user by name, but for root and the one that the image is known for."""
    name = _name(user, build)
    if user.name is None or not name or name in _ROOT or "$" in name or name.isdecimal():
        return
    image = build.root_image(build.stage_of(user))
    if image is not None and (image.last_name.startswith(name) or name == "nonroot"):
        return
    yield Finding(
        user.name.span,
        f"`{name}` is only known inside the image, so Kubernetes cannot tell it from root; "
        "write its number, as in USER 10001",
    )


def _name(user: User, build: Build) -> str:
    """Return what stands before the group, variables replaced."""
    text = build.expand(user.name, user).text if user.name is not None else ""
    return text.partition(":")[0].strip()


RULES = (
    Rule("DL3002", "root-user", Severity.WARNING, Build, check_root),
    Rule("DL3066", "user-by-name", Severity.INFO, User, check_name),
)
