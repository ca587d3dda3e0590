"""DO3002: files copied for a user that may not change them."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Related, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.dialect import is_windows
from dockeropt.syntax.edits import add_flags
from dockeropt.syntax.instructions import Copy, Run, User
from dockeropt.syntax.source import Span

_ROOT = ("root", "0")
_OF_ROOT = ("/bin", "/etc", "/lib", "/opt", "/run", "/sbin", "/tmp", "/usr")  # noqa: S108 - names of folders


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each COPY to a folder of the user in force, whose next RUN works there."""
    user: User | None = None
    waiting: list[tuple[Copy, User]] = []
    for view in stage.views:
        if isinstance(view, User):
            user = view
            waiting = []
        elif isinstance(view, Copy) and user is not None and view.chown is None and _is_plain(user, build):
            if _is_of_user(view, build):
                waiting.append((view, user))
        elif isinstance(view, Run):
            if waiting and is_windows(build.root_stage(stage).base):
                return
            for copy, owner in waiting:
                yield _finding(copy, owner, build)
            waiting = []


def _is_plain(user: User, build: Build) -> bool:
    """Tell whether the user is known not to be root."""
    name = "" if user.name is None else build.expand(user.name, user).text.partition(":")[0]
    return bool(name) and name not in _ROOT


def _is_of_user(copy: Copy, build: Build) -> bool:
    """Tell whether the target may be the user's to write: not a folder of the system."""
    target = "" if copy.target is None else build.expand(copy.target, copy).text.strip("\"'")
    return not target.startswith(_OF_ROOT)


def _finding(copy: Copy, user: User, build: Build) -> Finding:
    name = "" if user.name is None else user.name.value
    span: Span = copy.instruction.keyword_span
    edit = None if copy.link else add_flags(copy.instruction, [f"--chown={name}"], build.dockerfile)
    return Finding(
        span,
        f"these files belong to root, so `{name}` cannot change them in the steps below; "
        f"write {copy.instruction.keyword} --chown={name}",
        fix_of(f"add `--chown={name}`", edit, applicability=Applicability.UNSAFE),
        related=(Related(user.instruction.keyword_span, "the user of the steps below"),),
    )


RULE = Rule(
    "DO3002",
    "root-owned-copy",
    Severity.INFO,
    Stage,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("copy-after-user-without-chown",),
)
