"""System packages: which go into the build stage, which into the last, and which are not needed."""

import re
from collections.abc import Iterable

from dockeropt.checks.registry import find
from dockeropt.knowledge.libraries import needs_at_run_time
from dockeropt.knowledge.python_packages import (
    BY_NAME,
    FAT_IMAGE_PACKAGES,
    FAT_IMAGE_PROGRAMS,
    SLIM_IMAGE_PACKAGES,
)
from dockeropt.knowledge.system_packages import Purpose, debian_package
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.python.image import PythonImage
from dockeropt.rewrite.python.project import PythonProject
from dockeropt.rewrite.python.recipe import Recipe
from dockeropt.rewrite.python.roles import Role
from dockeropt.rewrite.steps import RunStep, cache_mount
from dockeropt.shell.script import Command


class Wanted(NamedTuple):
    """A package the old file installs: its name, and the pin as written."""

    name: str
    pin: str
    is_removed: bool
    """the old file takes it out again after the install"""


class SystemPlan(NamedTuple):
    """Packages of the two stages."""

    build: tuple[str, ...]
    run: tuple[str, ...]
    options: tuple[str, ...]
    """options of the old install to keep: ``-t bookworm-backports``"""
    gains: bool
    """something is left out of the last stage"""
    decisions: tuple[Decision, ...]


_TOOLS = frozenset(("vim", "nano", "less", "htop", "iputils-ping", "net-tools", "telnet", "tree"))
_VALUED = frozenset(("-t", "--target-release", "-o", "--option", "--virtual", "-X", "--repository"))


def wanted_packages(recipe: Recipe) -> tuple[Wanted, ...]:
    """Return the packages the old file installs, each once; a name in a variable is expanded."""
    removed = _removed(recipe)
    found: dict[str, Wanted] = {}
    for step in recipe.steps:
        for part in step.parts:
            if part.role is not Role.SYSTEM:
                continue
            for command in part.commands:
                for text in _named(command, step.scope.variables):
                    name = re.split(r"[=~<>@]", text)[0]
                    virtual = command.option_value("--virtual", "-t")
                    is_gone = name in removed or (command.base_name == "apk" and virtual in removed)
                    found.setdefault(name, Wanted(name, text[len(name) :], is_gone))
    return tuple(found.values())


def plan_system(
    project: PythonProject,
    recipe: Recipe,
    image: PythonImage,
    kept: Iterable[Command],
    run_text: str,
    probe: str,
) -> SystemPlan:
    """Return what to install where.

    ``kept`` are the commands that run in the last stage, ``run_text`` what the start and its scripts say;
    ``probe`` is the program of the old health check that Python does without.
    """
    build: dict[str, str] = {}
    run: dict[str, str] = {}
    decisions: list[Decision] = []
    programs = {command.base_name for command in kept}
    gone: list[str] = []
    fetches_git = any("git+" in part.text for part in recipe.parts(Role.INSTALL)) or project.fetches_git
    is_leaner = False
    for each in wanted_packages(recipe):
        text = each.name + each.pin
        needs = needs_at_run_time(each.name, image.is_alpine)
        if each.is_removed and needs is None:
            needs = ()
        if needs is not None:
            build[each.name] = text
            run.update({name: name for name in needs})
            gone.append(each.name)
        elif each.name == probe and not _is_used(each.name, programs, run_text, project):
            decisions.append(
                Decision("packages", f"{each.name} is not installed", "Python itself makes the health check")
            )
            is_leaner = True
        elif (
            each.name in _TOOLS and each.name not in programs and not re.search(rf"\b{each.name}\b", run_text)
        ):
            decisions.append(
                Decision(
                    "packages",
                    f"{each.name} is not installed",
                    "the app does not use it; docker debug has it",
                )
            )
            is_leaner = True
        elif each.name == "git" and fetches_git and not _is_used("git", programs, run_text, project):
            build[each.name] = text
            gone.append(each.name)
        elif _is_of_run_time(each.name):
            run[each.name] = text
        else:
            build[each.name] = text
            run[each.name] = text
    if gone:
        reason = "the running app needs no compiler and no headers, only the libraries"
        decisions.append(Decision("build packages", ", ".join(dict.fromkeys(gone)), reason))
    if not image.was_slim or image.has_uv:
        _of_distributions(project, image, run, decisions)
        _of_programs(project, image, programs, run_text, run, decisions)
    if image.was_slim or image.has_uv:
        for name in sorted(project.names & BY_NAME.keys() if image.has_uv else ()):
            build.update({each: each for each in BY_NAME[name].build})
    if not image.is_alpine:
        known = SLIM_IMAGE_PACKAGES if image.was_slim or image.has_uv else FAT_IMAGE_PACKAGES
        build = {name: text for name, text in build.items() if name not in known or "=" in text}
        run = {name: text for name, text in run.items() if name not in SLIM_IMAGE_PACKAGES or "=" in text}
    return SystemPlan(
        tuple(build.values()),
        tuple(run.values()),
        _options(recipe),
        bool(gone) or is_leaner,
        tuple(decisions),
    )


def system_step(
    image: PythonImage, packages: tuple[str, ...], options: tuple[str, ...], comment: str
) -> RunStep | None:
    """Return the RUN that installs packages, None for none."""
    if not packages:
        return None
    comments: tuple[str, ...] = (comment,)
    rule = "DL3018" if image.is_alpine else "DL3008"
    if find(rule) is not None and not all("=" in package or "~" in package for package in packages):
        comments += (
            f"dockeropt: ignore={rule} old versions are removed, so that a pin breaks a later build",
        )
    names = " ".join([*options, *sorted(packages)])
    if image.is_alpine:
        return RunStep(comments, (), (f"apk add --no-cache {names}",))
    commands = ("apt-get update", f"apt-get install --yes --no-install-recommends {names}")
    mounts = tuple(cache_mount(folder, is_locked=True) for folder in ("/var/cache/apt", "/var/lib/apt"))
    return RunStep(comments, mounts, commands)


def _named(command: Command, variables: object) -> list[str]:
    words = [word.value for word in command.operands(_VALUED)]
    found: list[str] = []
    for word in words[1:]:
        if word.startswith("$") and isinstance(variables, dict):
            found += str(variables.get(word.strip("${}"), "")).split()
        elif word and "$" not in word and not word.startswith(("/", "./")):
            found.append(word)
    return found


def _removed(recipe: Recipe) -> frozenset[str]:
    found: set[str] = set()
    for step in recipe.steps:
        for part in step.parts:
            for command in part.commands:
                if command.base_name in ("apt-get", "apt", "apk") and command.subcommand in (
                    "purge",
                    "remove",
                    "del",
                    "autoremove",
                ):
                    found.update(_named(command, step.scope.variables))
    return frozenset(found)


def _options(recipe: Recipe) -> tuple[str, ...]:
    for part in recipe.parts(Role.SYSTEM):
        for command in part.commands:
            if command.base_name != "apk":
                release = command.option_value("-t", "--target-release")
                if release:
                    return ("-t", release)
    return ()


def _is_of_run_time(name: str) -> bool:
    """Tell whether a package is only for the running app: a program or a library, no headers."""
    known = debian_package(name)
    if known is not None:
        return known.purpose in (Purpose.RUN, Purpose.INIT, Purpose.TOOL, Purpose.PROBE)
    return not name.startswith("lib") and "dev" not in name and not name.endswith("-headers")


def _is_used(program: str, programs: set[str], run_text: str, project: PythonProject) -> bool:
    if program in programs or re.search(rf"(?<![\w/.-]){program}(?![\w.-])", run_text):
        return True
    pattern = re.compile(rf"[\"'\[(]\s*{program}[\s\"']")
    uses_git = program == "git" and "gitpython" in project.names
    return uses_git or any(pattern.search(text) for text in project.sources.values())


def _of_distributions(
    project: PythonProject, image: PythonImage, run: dict[str, str], decisions: list[Decision]
) -> None:
    for name in sorted(project.names & BY_NAME.keys()):
        needs = [each for each in BY_NAME[name].run if each not in run]
        if needs and not image.is_alpine:
            run.update({each: each for each in needs})
            decisions.append(
                Decision("packages", ", ".join(needs), f"{name} needs them, and slim has them not")
            )


def _of_programs(
    project: PythonProject,
    image: PythonImage,
    programs: set[str],
    run_text: str,
    run: dict[str, str],
    decisions: list[Decision],
) -> None:
    if image.is_alpine:
        return
    for program, package in FAT_IMAGE_PROGRAMS.items():
        if package in run:
            continue
        in_text = len(program) > 3 or program in ("git", "svn")
        if program in programs or (in_text and _is_called(program, run_text, project)):
            run[package] = package
            decisions.append(
                Decision("packages", package, f"{program} is called, and the slim image has it not")
            )


def _is_called(program: str, run_text: str, project: PythonProject) -> bool:
    """Tell whether a script or a source file calls a program of the image."""
    if re.search(rf"(?m)(?:^|[;&|(`]|\bif |\bwhile |\buntil |\bexec |! )\s*{program}(?=\s)", run_text):
        return True
    pattern = re.compile(
        rf"(?:subprocess|Popen|check_output|check_call|system|run|call|which)\w*\(\s*\[?\s*f?[\"']{program}[\s\"']"
    )
    return any(pattern.search(text) for text in project.sources.values())
