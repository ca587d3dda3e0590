"""DO1003: an install that downloads everything again, for want of a cache mount."""

from collections.abc import Iterator

from dockeropt.checks.packages.installs import Install, installs_of
from dockeropt.checks.packages.manifest_names import phrase
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix
from dockeropt.knowledge.package_manager import Cache, PackageManager, Reads
from dockeropt.knowledge.package_managers import PACKAGE_MANAGERS
from dockeropt.semantics.build import Build, Scope, Stage
from dockeropt.syntax.instructions import Mount, Run

_NODE_USER = "node"
"""the user of Docker's Node images, whose number is 1000"""


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at the first install of each manager in a RUN that has no cache mount for it."""
    fetched: set[str] = set()
    for view in stage.views:
        if not isinstance(view, Run):
            continue
        seen: set[str] = set()
        for install in installs_of(view, build):
            name = install.manager.name
            if name in seen or not _counts(install, options):
                continue
            if install.reads is Reads.SOURCES and name in fetched:
                continue
            seen.add(name)
            scope = build.scope_of(view)
            if not _is_mounted(view.mounts, install.manager, scope):
                targets = _targets(install, scope)
                yield Finding(
                    install.command.span, _message(install, targets), _fix(install, targets, view, build)
                )
        fetched |= seen


def _counts(install: Install, options: Options) -> bool:
    """Tell whether an install is of a project's dependencies, or of a distribution if that is asked for."""
    if install.manager.is_system:
        return bool(options["system-packages"]) and bool(install.packages)
    return install.reads is not Reads.NOTHING and bool(install.manager.caches)


def _is_mounted(mounts: tuple[Mount, ...], manager: PackageManager, scope: Scope) -> bool:
    """Tell whether a cache mount holds what a manager downloads, or a folder of no manager."""
    for mount in mounts:
        if mount.type != "cache":
            continue
        target = _target(mount)
        if any(_overlaps(target, _path(cache, scope)) for cache in manager.caches):
            return True
        if not any(
            _overlaps(target, _path(cache, scope))
            for other in PACKAGE_MANAGERS
            if other is not manager
            for cache in other.caches
        ):
            return True
    return False


def _target(mount: Mount) -> str:
    options = mount.options
    return options.get("target") or options.get("dst") or options.get("destination") or ""


def _overlaps(target: str, path: str) -> bool:
    """Tell whether one is in the other, ``~`` and the folder of any user being the same."""
    one, other = _in_home(target), _in_home(path)
    return (one + "/").startswith(other + "/") or (other + "/").startswith(one + "/")


def _in_home(path: str) -> str:
    parts = path.rstrip("/").split("/")
    if parts[:2] == ["", "root"]:
        return "/".join(["~", *parts[2:]])
    if parts[:2] == ["", "home"] and len(parts) > 3:
        return "/".join(["~", *parts[3:]])
    return "/".join(parts)


def _path(cache: Cache, scope: Scope) -> str:
    """Return where a manager keeps its downloads, moved by ENV or ARG where one is set."""
    if cache.variable:
        moved = scope.environment.get(cache.variable) or scope.arguments.get(cache.variable)
        if moved:
            return f"{moved.rstrip('/')}/{cache.below}" if cache.below else moved
    return cache.target


def _fix(install: Install, targets: tuple[str, ...], run: Run, build: Build) -> Fix | None:
    if not targets:
        return None
    from dockeropt.checks.cache.cache_mount_fix import mount_fix

    return mount_fix(install, targets, run, build)


def _message(install: Install, targets: tuple[str, ...]) -> str:
    does = (
        "downloads and compiles everything" if install.reads is Reads.SOURCES else "downloads every package"
    )
    again = f"`{install.line}` {does} again when it reruns"
    if not targets:
        return f"{again}; add a cache mount for {install.manager.name}'s downloads to this RUN"
    drop = " and drop `--no-cache-dir`" if install.command.has_flag("--no-cache-dir", "--no-cache") else ""
    return f"{again}; add {phrase(targets)} to this RUN{drop}"


def _targets(install: Install, scope: Scope) -> tuple[str, ...]:
    """Return the mounts that hold what an install downloads, none where its user's home is not known."""
    user = (scope.user or "root").partition(":")[0]
    number = "1000" if user == _NODE_USER else user
    targets: list[str] = []
    for cache in install.manager.caches[: _count(install)]:
        path = _path(cache, scope)
        owner = "" if user in ("root", "0") or not number.isdigit() else f",uid={number}"
        if path.startswith("~"):
            if user.isdigit() and user != "0":
                return ()
            path = ("/root" if user in ("root", "0") else f"/home/{user}") + path[1:]
        locked = ",sharing=locked" if cache.is_locked else ""
        targets.append(f"`--mount=type=cache,target={path}{locked}{owner}`")
    return tuple(targets)


def _count(install: Install) -> int:
    """Return how many folders an install fills."""
    if install.manager.name in ("cargo", "apt-get"):
        return 2
    return 2 if install.manager.name == "go" and install.reads is Reads.SOURCES else 1


RULE = Rule(
    "DO1003",
    "missing-cache-mount",
    Severity.INFO,
    Stage,
    check,
    options={"system-packages": False},
    fixes=Applicability.UNSAFE,
)
