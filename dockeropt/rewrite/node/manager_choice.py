"""Which package manager installs the project, in which version, and from where the image gets it."""

import re

from dockeropt.errors import UsageError
from dockeropt.knowledge.node import release_of
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.node.lock_files import LockFile
from dockeropt.rewrite.node.managers import PNPM_BY_LOCK, Manager, manager_named
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.versions import major_of
from dockeropt.rewrite.roles import Role


class ManagerChoice(NamedTuple):
    """The manager, its lock file, and the npm package that provides it where the image does not."""

    manager: Manager
    lock: LockFile | None
    package: str | None
    """``pnpm@9.13.2`` for ``npm install --global``; None where the image's own serves"""
    replaces_own: bool
    """the image has a program of that name, which the package has to overwrite"""
    major: int | None
    decisions: tuple[Decision, ...]


def choose_manager(project: Project, intent: Intent | None, node_major: int) -> ManagerChoice:
    """Return the manager that packageManager names, or whose lock file is there.

    Raises UsageError where the lock files of two managers are there and nothing says which is used.
    """
    manager, lock, decisions = _decide(project, intent)
    version, place = _version(project, intent, manager, lock)
    package, replaces_own, reason = _package(manager, version, node_major, project)
    if package is not None:
        decisions.append(Decision("package manager", f"npm install --global {package}", f"{place}; {reason}"))
    return ManagerChoice(manager, lock, package, replaces_own, major_of(version), tuple(decisions))


def _decide(project: Project, intent: Intent | None) -> tuple[Manager, LockFile | None, list[Decision]]:
    by_manager: dict[Manager, LockFile] = {}
    for lock in project.locks:
        by_manager.setdefault(lock.manager, lock)
    name, _, version = project.manifest.package_manager.partition("@")
    named = manager_named(name, major_of(version))
    used, used_reason = _used_before(intent, by_manager)
    others = [lock.name for lock in project.locks]
    if named is not None and (named in by_manager or not by_manager):
        reason = f"packageManager in package.json says {project.manifest.package_manager}"
        ignored = [each.name for manager, each in by_manager.items() if manager is not named]
        if ignored:
            reason += f"; {', '.join(ignored)} is another manager's and is not used"
        chosen = named
    elif len(by_manager) > 1 and used is not None:
        chosen, reason = (
            used,
            f"of {' and '.join(others)}, the old Dockerfile uses {by_manager[used].name}{used_reason}",
        )
    elif len(by_manager) > 1:
        raise UsageError(
            f"there are lock files of several package managers: {', '.join(others)}",
            'delete those that are not used, or set "packageManager" in package.json, say "npm@11.6.2"',
        )
    elif by_manager:
        chosen = next(iter(by_manager))
        reason = f"{by_manager[chosen].name} is its lock file"
        if named is not None:
            reason += f"; packageManager names {name}, which has none here"
    else:
        chosen = used or named or Manager.NPM
        return (
            chosen,
            None,
            [
                Decision(
                    "lock file",
                    "none",
                    f"builds may install other versions: {chosen.program} install makes one to commit",
                    is_notice=True,
                )
            ],
        )
    return (
        chosen,
        by_manager[chosen] if by_manager else None,
        [Decision("package manager", chosen.value, reason)],
    )


def _used_before(intent: Intent | None, locks: dict[Manager, LockFile]) -> tuple[Manager | None, str]:
    """Return the manager the old Dockerfile installs with."""
    for each in () if intent is None else intent.build.commands(Role.INSTALL):
        program = each.command.name.rpartition("/")[2]
        named = manager_named(program)
        if named is Manager.YARN and Manager.BERRY in locks:
            named = Manager.BERRY
        if named in locks or (named is not None and not locks):
            return named, f" ({each.text})"
    return None, ""


def _version(
    project: Project, intent: Intent | None, manager: Manager, lock: LockFile | None
) -> tuple[str, str]:
    """Return the version to install, empty where any will do, and where it is known from."""
    name, _, version = project.manifest.package_manager.partition("@")
    if version and manager_named(name, major_of(version)) is manager:
        return version, "packageManager in package.json says so"
    for package in () if intent is None else intent.tools:
        tool, _, version = package.partition("@") if not package.startswith("@") else ("", "", "")
        if tool == manager.program and re.match(r"\d", version):
            return version, "the old Dockerfile installs that version"
    if manager.program in project.manifest.volta:
        return project.manifest.volta[manager.program], "volta in package.json says so"
    if manager is Manager.PNPM and lock is not None:
        return _pnpm_by_lock(project, lock), f"{lock.name} is of version {lock.format or 'unknown'}"
    if manager is Manager.BERRY:
        path = next(
            (file for file in project.files if re.match(r"\.yarn/releases/yarn-[\d.]+\.c?js$", file)), ""
        )
        found = re.search(r"yarn-([\d.]+)\.c?js$", path)
        if found is not None:
            return found[1], f"{path} is that version"
        by_metadata = {"4": "2", "5": "3", "6": "3", "7": "4", "8": "4"}
        return by_metadata.get(lock.format if lock else "", "4"), "yarn.lock is of that version"
    engine = project.manifest.engines.get(manager.program, "")
    if manager is Manager.BUN:
        return "1", "Bun reads lock files of all its versions"
    return ("", "") if not re.fullmatch(r"\d+(?:\.\d+){0,2}", engine) else (engine, "engines in package.json")


def _pnpm_by_lock(project: Project, lock: LockFile) -> str:
    """Return the pnpm major for a lock file; of several that write its version, by the settings beside it."""
    major = PNPM_BY_LOCK.get(lock.format, 9 if not lock.format or lock.format > "9" else 8)
    workspace = project.pnpm_workspace or {}
    if major == 9 and "allowBuilds" in workspace:
        return "11"
    if major == 9 and workspace and ("packages" not in workspace or "onlyBuiltDependencies" in workspace):
        return "10"  # pnpm 9 refuses a pnpm-workspace.yaml that only holds settings
    return str(major)


def _package(
    manager: Manager, version: str, node_major: int, project: Project
) -> tuple[str | None, bool, str]:
    release = release_of(node_major)
    if manager is Manager.NPM:
        major = major_of(version)
        if major is None or major == release.npm:
            return None, False, ""
        return f"npm@{version}", False, f"the image of Node {node_major} has npm {release.npm}"
    if manager is Manager.YARN:
        if release.carries_yarn:
            return None, False, ""
        wanted = version if re.match(r"1\.\d+\.\d+", version) else "1.22.22"
        return f"yarn@{wanted}", False, "images from Node 25 on carry no yarn"
    if manager is Manager.BERRY and release.carries_yarn and "yarnPath" in project.yarn_settings:
        return None, False, ""
    reason = "pinned, and without corepack, which Node 25 dropped"
    return f"{manager.npm_package}@{version}", manager is Manager.BERRY and release.carries_yarn, reason
