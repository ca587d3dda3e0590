"""System packages: which go into the build stage, which into the last, and which are not needed."""

from collections.abc import Iterable

from dockeropt.checks.registry import find
from dockeropt.errors import UsageError
from dockeropt.knowledge.native_packages import TOOLCHAIN, NativePackage
from dockeropt.knowledge.system_packages import Purpose, debian_package
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.options import Base
from dockeropt.rewrite.steps import RunStep
from dockeropt.rewrite.wanted_packages import WantedPackage

_PIN_RULES = {Base.ALPINE: "DL3018", Base.SLIM: "DL3008"}


class SystemPlan(NamedTuple):
    """Packages of the build stage and of the last stage, in the words of the chosen distribution."""

    build: tuple[str, ...]
    run: tuple[str, ...]
    decisions: tuple[Decision, ...]


def plan_system(
    intent: Intent | None,
    base: Base,
    wanted: Iterable[WantedPackage],
    native: Iterable[NativePackage],
    needs_git: bool,
    needs_bash: bool,
    has_prisma: bool = False,
    programs: frozenset[str] = frozenset(),
) -> SystemPlan:
    """Return what to install with apk or apt-get; ``programs`` are those the sources start.

    Raises UsageError for a package without a known name.
    """
    build: list[str] = []
    run: list[str] = []
    decisions: list[Decision] = []
    for package in wanted:
        _place(package, base, build, run, decisions, package.name in programs)
    compiled = [each for each in native if each.compiles]
    if compiled and _needs_toolchain(intent, base):
        build += [_name(name, base) for name in TOOLCHAIN]
        reason = f"{', '.join(each.name for each in compiled)} may be compiled when installed"
        decisions.append(Decision("build packages", ", ".join(TOOLCHAIN), reason))
    for each in native:
        build += [_name(name, base) for name in each.build]
        run += [_name(name, base) for name in each.run]
        if each.run:
            decisions.append(
                Decision(
                    "packages", ", ".join(_name(n, base) for n in each.run), f"{each.name} links to them"
                )
            )
    if needs_git and "git" not in build:
        build.append("git")
        decisions.append(
            Decision("build packages", "git", "the lock file names packages in Git repositories")
        )
    if has_prisma:
        build.append("openssl")
        run.append("openssl")
        decisions.append(Decision("packages", "openssl in both stages", "Prisma chooses its engine by it"))
    if needs_bash and base is Base.ALPINE:
        run.append("bash")
        decisions.append(Decision("packages", "bash", "the start script is written for it"))
    return SystemPlan(tuple(dict.fromkeys(build)), tuple(dict.fromkeys(run)), tuple(decisions))


def system_step(base: Base, packages: tuple[str, ...], comment: str) -> RunStep | None:
    """Return the RUN that installs packages, None for none."""
    if not packages:
        return None
    comments: tuple[str, ...] = (comment,)
    rule = _PIN_RULES[base]
    if find(rule) is not None and not all("=" in package or "~" in package for package in packages):
        comments += (
            f"dockeropt: ignore={rule} old versions are removed, so that a pin breaks a later build",
        )
    names = " ".join(sorted(packages))
    if base is Base.ALPINE:
        return RunStep(comments, (), (f"apk add --no-cache {names}",))
    commands = (
        "apt-get update",
        f"apt-get install --yes --no-install-recommends {names}",
        "rm -rf /var/lib/apt/lists/*",
    )
    return RunStep(comments, (), commands)


def _place(
    package: WantedPackage,
    base: Base,
    build: list[str],
    run: list[str],
    decisions: list[Decision],
    is_started: bool,
) -> None:
    purpose = Purpose.RUN if is_started else package.purpose
    if purpose in _GONE:
        decisions.append(Decision("packages", f"{package.name} is not installed", _GONE[purpose]))
        return
    name = package.name_for(base)
    if name is None:
        raise UsageError(
            f"the old Dockerfile installs {package.name}, whose name in the {base.value} image is not known",
            f"leave --base out, or take {'slim' if base is Base.ALPINE else 'alpine'}",
        )
    if not name:
        decisions.append(
            Decision(
                "packages", f"{package.name} is not installed", f"the {base.value} image needs no such thing"
            )
        )
        return
    text = name + package.pin if package.is_debian is (base is Base.SLIM) else name
    is_single = not package.in_build and not package.in_final
    if package.in_build or (is_single and purpose in (Purpose.BUILD, None)):
        build.append(text)
        reason = "in its build stage" if package.in_build else "and may need it for the build"
        decisions.append(Decision("build packages", text, f"the old Dockerfile installs it {reason}"))
    if package.in_final or (is_single and purpose is not Purpose.BUILD):
        run.append(text)
        reason = "in its last stage" if package.in_final else "beside the app"
        decisions.append(Decision("packages", text, f"the old Dockerfile installs it {reason}"))


_GONE = {
    Purpose.PROBE: "Node's own fetch makes the health check",
    Purpose.INIT: "Nitro's server handles SIGTERM as PID 1",
    Purpose.TOOL: "the server does not use it; docker debug brings such tools when they are wanted",
}


def _needs_toolchain(intent: Intent | None, base: Base) -> bool:
    """Tell whether compilers may be needed: not where the same lean image built without them before."""
    if intent is None or intent.build.image is None or intent.build.image.tag is None:
        return True
    return base.value not in intent.build.image.tag


def _name(debian: str, base: Base) -> str:
    known = debian_package(debian)
    return debian if base is Base.SLIM or known is None else known.alpine
