"""The build stage: the manifests first, then a virtual environment filled from them."""

import re
from posixpath import basename, dirname, join, normpath, relpath

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.python.environment import plan_variables
from dockeropt.rewrite.python.image import PythonImage
from dockeropt.rewrite.python.lines import Line
from dockeropt.rewrite.python.manifests import Manifests, needed_manifests
from dockeropt.rewrite.python.pip_command import (
    Environment,
    is_simple,
    other_command,
    pip_command,
    pipenv_install,
    poetry_install,
    tool_command,
    uv_sync,
)
from dockeropt.rewrite.python.placing import Placed
from dockeropt.rewrite.python.project import PythonProject
from dockeropt.rewrite.python.project_install import ProjectInstall, dependencies_command
from dockeropt.rewrite.python.recipe import Part, Recipe, Step
from dockeropt.rewrite.python.roles import Role, pip_arguments
from dockeropt.rewrite.steps import CopyStep, RunStep, cache_mount
from dockeropt.syntax.instructions import Arg, Copy, Env, Run, Shell, Workdir

AnyStep = RunStep | CopyStep | Line


class InstallPlan(NamedTuple):
    """The steps of the build stage after its system packages."""

    environment: Environment
    steps: tuple[AnyStep, ...]
    copied: tuple[str, ...]
    """the files of the context it takes"""
    tool_stages: tuple[str, ...]
    """images a tool is copied from: the last stage does without"""
    decisions: tuple[Decision, ...]


_CACHES = {
    "pip": "/root/.cache/pip",
    "uv": "/root/.cache/uv",
    "poetry": "/root/.cache/pypoetry",
    "pipenv": "/root/.cache/pipenv",
}
_LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pipenv": "Pipfile.lock"}
_UV_IMAGES = re.compile(r"(?:^|/)uv(?::|@|$)")


class Installer:
    """Walks the old file up to its last install and writes the build stage."""

    def __init__(
        self,
        project: PythonProject,
        recipe: Recipe,
        image: PythonImage,
        placed: tuple[Placed, ...],
        environment: Environment,
        own: ProjectInstall,
        keeps_development: bool,
        default_folder: str,
    ) -> None:
        self.project = project
        self.recipe = recipe
        self.image = image
        self.placed = placed
        self.environment = environment
        self.own = own
        self.keeps_development = keeps_development
        self.default_folder = default_folder
        self.steps: list[AnyStep] = []
        self.copied: list[str] = []
        self.tools: list[str] = []
        self.decisions: list[Decision] = []
        self.has_environment = False
        self.workdir = ""

    def plan(self, build_text: str) -> InstallPlan:
        """Return the build stage; raises ValueError with a sentence for what it cannot take over."""
        last = max(at for at, step in enumerate(self.recipe.steps) if _installs(step))
        for step in self.recipe.steps[: last + 1]:
            view = step.view
            if isinstance(view, Env | Arg):
                self._line(plan_variables(step, self.recipe, build_text, "").build)
            elif isinstance(view, Shell):
                self._line(f"SHELL {step.text}")
            elif isinstance(view, Workdir):
                self._workdir(step)
            elif isinstance(view, Copy) and view.source_stage is not None:
                self._tool_copy(step)
            elif isinstance(view, Run):
                self._run(step)
        return InstallPlan(
            self.environment,
            tuple(self.steps),
            tuple(dict.fromkeys(self.copied)),
            tuple(self.tools),
            tuple(self.decisions),
        )

    def _line(self, text: str) -> None:
        if text:
            self.steps.append(Line(text))

    def _workdir(self, step: Step) -> None:
        self.workdir = normpath(join(step.scope.workdir or "/", step.text.strip("'\"")))
        self.steps = [
            each for each in self.steps if not (isinstance(each, Line) and each.text[:7] == "WORKDIR")
        ]
        self.steps.append(Line(f"WORKDIR {step.text}"))

    def _tool_copy(self, step: Step) -> None:
        view = step.view
        assert isinstance(view, Copy)  # noqa: S101 - the caller has looked
        source = "" if view.source_stage is None else self.recipe.expand(view.source_stage, view)
        if _UV_IMAGES.search(source):
            self.tools.append(source)
            self.steps.append(Line(f"COPY --from={source} {step.text}"))

    def _run(self, step: Step) -> None:
        settings = [p.text for p in step.parts if p.role is Role.SETTING and not is_moot_setting(p)]
        tools = [p for p in step.parts if p.role is Role.TOOL]
        installs = [p for p in step.parts if p.role is Role.INSTALL]
        commands = [text for text in settings if "/etc/apt/" not in text]
        states = [p.text for p in step.parts if p.role is Role.STATE]
        commands += [
            tool_command(each) for p in tools for each in p.commands if pip_arguments(each) is not None
        ]
        mounts = _mounts(step)
        if tools:
            mounts = (*mounts, cache_mount(_CACHES["pip"]))
        if installs and not self.has_environment:
            commands += self._make_environment()
        if commands:
            own = mounts if tools else ()
            self.steps.append(RunStep((), tuple(dict.fromkeys(own)), tuple(commands)))
        if installs:
            self._install(step, installs, states)

    def _make_environment(self) -> tuple[str, ...]:
        self.has_environment = True
        path = self.environment.path
        if self._uses("uv", "sync"):
            return ()  # uv makes it itself
        without = "" if self.environment.has_pip else "--without-pip "
        return (f"python -m venv {without}{path}",)

    def _uses(self, *words: str) -> bool:
        return any(
            (each.base_name, each.subcommand) == words
            for part in self.recipe.parts(Role.INSTALL)
            for each in part.commands
        )

    def _install(self, step: Step, parts: list[Part], states: list[str]) -> None:
        needed = needed_manifests(self.project, self.recipe, step, parts, self.placed, self.default_folder)
        commands: list[str] = []
        caches: list[str] = []
        for part in parts:
            commands += self._commands(part, caches)
        commands = list(dict.fromkeys(command for command in commands if command))
        if not commands:
            return
        commands = [*states, *commands]
        self._variables(caches)
        comments = self._copy(needed, step)
        if self.own.is_wanted and not self.own.is_known and self.own.part in parts:
            comments = self._copy_sources(step)
        mounts = _mounts(step)
        targets = {mount.partition("target=")[2].partition(",")[0] for mount in mounts}
        own = [cache_mount(_CACHES[name]) for name in dict.fromkeys(caches) if _CACHES[name] not in targets]
        previous = self.steps[-1] if self.steps else None
        merged = tuple(dict.fromkeys((*own, *mounts)))
        if isinstance(previous, RunStep) and previous.mounts == merged and not comments:
            self.steps[-1] = previous._replace(commands=(*previous.commands, *commands))
            return
        self.steps.append(RunStep(tuple(comments), merged, tuple(commands)))

    def _variables(self, caches: list[str]) -> None:
        """Tell the tool where to install to; once."""
        path = self.environment.path
        text = ""
        if "uv" in caches:
            text = f"ENV UV_PROJECT_ENVIRONMENT={path} \\\n    UV_COMPILE_BYTECODE=1 \\\n"
            text += "    UV_LINK_MODE=copy \\\n    UV_PYTHON_DOWNLOADS=0"
        elif "poetry" in caches or self._uses("pipenv", "install") or self._uses("pipenv", "sync"):
            text = f"ENV VIRTUAL_ENV={path} \\\n    PATH={path}/bin:$PATH"
        if text and Line(text) not in self.steps:
            self.steps.append(Line(text))

    def _commands(self, part: Part, caches: list[str]) -> list[str]:
        if not is_simple(part):
            if part.is_compound:
                raise ValueError(f"`{_short(part.text)}` decides while it is built what to install")
            caches.append("pip")
            return [other_command(part, self.environment)]
        command = part.commands[0]
        name = command.base_name
        self._ask_for_lock(name, command.subcommand)
        if name == "uv" and command.subcommand == "sync":
            caches.append("uv")
            has_lock = "uv.lock" in self.project.locks
            return [uv_sync(command, has_lock, self.own.is_wanted, self.keeps_development)]
        if name == "poetry":
            caches.append("poetry")
            return [poetry_install(command, self.keeps_development)]
        if name == "pipenv":
            caches.append("pipenv")
            return [pipenv_install(command, "Pipfile.lock" in self.project.locks)]
        caches.append("uv" if name == "uv" else "pip")
        if name == "pip-sync" or pip_arguments(command) is None:
            files = [word.raw for word in command.operands() if word.value not in ("sync", "pip")]
            return [f"{self.environment.pip} install " + " ".join(f"-r {file}" for file in files)]
        if self.own.is_wanted and self.own.part is part and self.own.is_known:
            return dependencies_command(self.own, self.environment, name == "uv")
        return [*self.own.without_line(command), pip_command(command, self.environment, part.folder)]

    def _ask_for_lock(self, program: str, subcommand: str | None) -> None:
        """Say that an installer has no lock file, where it would go by one."""
        lock = _LOCKS.get(program)
        if lock is None or lock in self.project.locks or (program == "uv" and subcommand != "sync"):
            return
        reason = f"builds may install other versions: `{program} lock` makes {lock}, to commit"
        decision = Decision("lock file", "none", reason, is_notice=True)
        if decision not in self.decisions:
            self.decisions.append(decision)

    def _copy(self, needed: Manifests, step: Step) -> tuple[str, ...]:
        """Copy what an install reads and is not there yet; return the comments of the install."""
        fresh = {at: path for at, path in needed.files.items() if path not in self.copied}
        workdir = self.workdir or step.scope.workdir or self.default_folder
        groups: dict[str, list[str]] = {}
        for at, path in fresh.items():
            folder = dirname(at)
            if basename(at) != basename(path):
                self.steps.append(CopyStep((path,), at))
                self.copied.append(path)
                continue
            groups.setdefault(folder, []).append(path)
        if fresh and not any(isinstance(each, CopyStep) for each in self.steps):
            self.steps.append(Line("", ("Manifests first: an edit of the sources installs nothing again",)))
        for folder, paths in groups.items():
            target = f"{folder.rstrip('/')}/"
            if self.workdir and folder == workdir:
                target = "./"
            elif self.workdir and folder.startswith(workdir.rstrip("/") + "/"):
                target = f"{relpath(folder, workdir)}/"
            self.steps.append(CopyStep(tuple(sorted(paths, key=_manifest_order)), target))
            self.copied += paths
        for folder, target in needed.folders.items():
            self.steps.append(CopyStep((folder,), target))
            self.copied.append(folder)
        if needed.reason:
            self.decisions.append(Decision("install", "sources copied before it", needed.reason))
            return (f"With sources: {needed.reason}",)
        return ()

    def _copy_sources(self, step: Step) -> tuple[str, ...]:
        """Copy all that is there before an install that reads the sources; return its comment."""
        end = step.view.instruction.span.start
        self.steps += [
            Line(f"COPY {each.step.text}")
            for each in self.placed
            if each.step.view.instruction.span.start < end and not set(each.files.values()) <= {*self.copied}
        ]
        self.decisions.append(Decision("install", "sources copied before it", self.own.reason))
        return (f"With the sources: {self.own.reason}",)


def is_moot_setting(part: Part) -> bool:
    """Tell whether a setting only says where Poetry makes its environment: a variable does."""
    return "virtualenvs" in part.text


def _installs(step: Step) -> bool:
    return any(part.role is Role.INSTALL for part in step.parts)


def _mounts(step: Step) -> tuple[str, ...]:
    """Return the mounts of an old RUN as written; a cache of another tool's folder included."""
    flags = step.view.instruction.flags
    return tuple(flag.value.raw for flag in flags if flag.name == "mount" and flag.value is not None)


def _manifest_order(path: str) -> tuple[int, str]:
    names = ("pyproject.toml", "Pipfile", "setup.py", "setup.cfg")
    return (names.index(path) if path in names else len(names), path)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) < 60 else text[:57] + "..."
