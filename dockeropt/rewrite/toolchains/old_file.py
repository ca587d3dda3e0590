"""What the old Dockerfile of a compiled project says: its build commands, and what the image runs with."""

import json
import re
from posixpath import join, normpath

from dockeropt.checks.registry import find
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.python.environment import label_line
from dockeropt.rewrite.python.recipe import Part, Recipe, Step
from dockeropt.rewrite.python.roles import Role, role_of
from dockeropt.rewrite.python.start import read_start
from dockeropt.rewrite.python.system import wanted_packages
from dockeropt.rewrite.steps import RunStep, cache_mount
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import (
    Arg,
    Copy,
    Env,
    Expose,
    Healthcheck,
    Label,
    Maintainer,
    Stopsignal,
    User,
    View,
    Volume,
)

_BUILD_VARIABLE = re.compile(
    r"(?i)^(?:go\w*|cgo_\w*|cargo_\w*|rust\w*|maven_\w*|mvn_\w*|gradle_\w*|nuget_\w*|bundle_\w*|composer_\w*"
    r"|debian_frontend|path|java_home|m2_home)$"
)


class OldFile:
    """An old Dockerfile with one stage; without one, what a new image has."""

    def __init__(self, recipe: Recipe | None, folder: Folder, programs: frozenset[str]) -> None:
        self.recipe = recipe
        self.files = folder.files
        self.programs = programs
        self.entrypoint = ""
        self.command = ""
        self.words: tuple[str, ...] = ()
        if recipe is not None:
            start = read_start(recipe, "", "", folder.files, [])
            self.entrypoint, self.command, self.words = start.entrypoint, start.command, start.words

    @property
    def image(self) -> str:
        """The image of the old FROM, as written; empty where there is no file."""
        if self.recipe is None or self.recipe.start.image is None:
            return ""
        return self.recipe.start.image.raw

    @property
    def tag(self) -> str:
        """The tag of the old image, empty for none."""
        return "" if self.recipe is None else self.recipe.image.tag or ""

    @property
    def is_alpine(self) -> bool:
        """Whether the old image is Alpine's."""
        return "alpine" in self.tag or (self.recipe is not None and self.recipe.image.last_name == "alpine")

    @property
    def workdir(self) -> str:
        """The working directory the image ends with; empty for the root."""
        folder = None if self.recipe is None else self.recipe.end.workdir
        return "" if folder in (None, "/") else str(folder)

    @property
    def user(self) -> str:
        """The user of the old image, empty for root."""
        user = None if self.recipe is None else self.recipe.end.user
        is_made = bool(self._parts(Role.ACCOUNT))
        return "" if user is None or user.partition(":")[0] in ("root", "0") or is_made else user

    @property
    def packages(self) -> tuple[tuple[str, str], ...]:
        """The system packages it installs: names, and names with pins."""
        if self.recipe is None:
            return ()
        return tuple((each.name, each.name + each.pin) for each in wanted_packages(self.recipe))

    @property
    def volumes(self) -> tuple[str, ...]:
        """The folders declared to be volumes."""
        recipe = self.recipe
        if recipe is None:
            return ()
        views = [step.view for step in recipe.steps if isinstance(step.view, Volume)]
        return tuple(recipe.expand(word, view) for view in views for word in view.paths)

    @property
    def lines_before(self) -> tuple[str, ...]:
        """ENV, ARG and LABEL of the last stage."""
        found: list[str] = []
        for step in self._steps(Env, Arg, Label, Maintainer):
            view = step.view
            if isinstance(view, Label):
                found.append(label_line(view))
            elif isinstance(view, Maintainer):
                text = step.text.strip().strip('"').replace('"', "'")
                found.append(f'LABEL org.opencontainers.image.authors="{text}"')
            elif isinstance(view, Env | Arg):
                pairs = [pair for pair in view.pairs if not _BUILD_VARIABLE.match(pair.key.value)]
                keyword = view.instruction.keyword
                if isinstance(view, Arg):
                    pairs = [pair for pair in pairs if self._is_used(pair.key.value, view)]
                for pair in pairs:
                    value = "" if pair.value is None else f"={_quoted(pair.value.raw, pair.is_legacy)}"
                    found.append(f"{keyword} {pair.key.raw}{value}")
        return tuple(found)

    @property
    def build_arguments(self) -> tuple[str, ...]:
        """ARG and ENV that the build commands name, or that set up the toolchain."""
        text = " ".join(part.text for part in self._parts(Role.INSTALL))
        found: list[str] = []
        for step in self._steps(Env, Arg):
            view = step.view
            assert isinstance(view, Env | Arg)  # noqa: S101 - asked for
            for pair in view.pairs:
                name = pair.key.value
                if name == "PATH" or not (_BUILD_VARIABLE.match(name) or re.search(rf"\$\{{?{name}\b", text)):
                    continue
                value = "" if pair.value is None else f"={_quoted(pair.value.raw, pair.is_legacy)}"
                found.append(f"{view.instruction.keyword} {pair.key.raw}{value}")
        return tuple(found)

    @property
    def lines_after(self) -> tuple[str, ...]:
        """EXPOSE, VOLUME, STOPSIGNAL and HEALTHCHECK."""
        found = [
            f"{step.view.instruction.keyword} {step.text}" for step in self._steps(Expose, Volume, Stopsignal)
        ]
        health = self._steps(Healthcheck)
        if health:
            flags = [
                f"--{f.name}={f.value.raw}" for f in health[-1].view.instruction.flags if f.value is not None
            ]
            found.append(" ".join(["HEALTHCHECK", *flags, health[-1].text]))
        return tuple(dict.fromkeys(found))

    @property
    def needs_shell(self) -> bool:
        """Whether something of the running image needs a shell or a program beside the app's own."""
        is_shell = self.command.startswith('["sh"') or self.entrypoint.startswith('["sh"')
        is_script = any(word.endswith(".sh") or word in ("sh", "bash") for word in self.words[:2])
        return is_shell or is_script or bool(self._steps(Healthcheck))

    def builds(self, *programs: str) -> tuple[Part, ...]:
        """Return the parts of the old RUNs that call one of these programs to build something."""
        parts = self._parts(Role.INSTALL)
        return tuple(part for part in parts if any(c.base_name in programs for c in part.commands))

    def folder_of(self, part: Part) -> str:
        """Return the working directory a part runs in."""
        for step in () if self.recipe is None else self.recipe.steps:
            if part in step.parts:
                return part.folder or step.scope.workdir or "/"
        return self.workdir or "/"

    def kept(self, programs: frozenset[str]) -> tuple[str, ...]:
        """Return the texts of the commands that set up the running image with one of these programs."""
        parts = self._parts(Role.OTHER)
        return tuple(part.text for part in parts if any(c.base_name in programs for c in part.commands))

    def obstacle(self, kept: frozenset[str]) -> str:
        """Return why the old file cannot be taken apart, empty where it can."""
        for part in self._parts(Role.UNKNOWN, Role.OTHER, Role.SETTING):
            if part.role is Role.OTHER and any(c.base_name in kept for c in part.commands):
                continue
            return f"what `{_short(part.text)}` leaves behind cannot be seen"
        workdir = (self.workdir or "/").rstrip("/") + "/"
        for step in self._steps(Copy):
            view = step.view
            if not isinstance(view, Copy) or view.target is None:
                continue
            if view.source_stage is not None:
                if any(program in view.source_stage.value for program in self.programs):
                    continue  # a build tool's own image
                return f"`COPY {_short(step.text)}` takes something of another image"
            target = normpath(join(step.scope.workdir or "/", view.target.value)) + "/"
            is_build = any(target.startswith((folder or "/").rstrip("/") + "/") for folder in self._folders())
            if not target.startswith(workdir) and not is_build:
                return f"`COPY {_short(step.text)}` puts something beside the app"
        return ""

    def package_step(self, packages: tuple[str, ...], comment: str, is_alpine: bool) -> RunStep | None:
        """Return the RUN that installs packages, None for none."""
        if not packages:
            return None
        comments: tuple[str, ...] = (comment,)
        rule = "DL3018" if is_alpine else "DL3008"
        if find(rule) is not None and not all("=" in name or "~" in name for name in packages):
            comments += (
                f"dockeropt: ignore={rule} old versions are removed, so that a pin breaks a later build",
            )
        names = " ".join(sorted(dict.fromkeys(packages)))
        if is_alpine:
            return RunStep(comments, (), (f"apk add --no-cache {names}",))
        mounts = tuple(cache_mount(path, is_locked=True) for path in ("/var/cache/apt", "/var/lib/apt"))
        commands = ("apt-get update", f"apt-get install --yes --no-install-recommends {names}")
        return RunStep(comments, mounts, commands)

    def json(self, words: tuple[str, ...]) -> str:
        """Return a command in the JSON form, empty for none."""
        return json.dumps(words, ensure_ascii=False) if words else ""

    def path_of(self, part: Part, path: str) -> str:
        """Return where a path of a build command is in the image."""
        return normpath(join(self.folder_of(part), path))

    def _steps(self, *kinds: type[View]) -> list[Step]:
        steps = () if self.recipe is None else self.recipe.steps
        return [step for step in steps if isinstance(step.view, kinds)]

    def _parts(self, *roles: Role) -> tuple[Part, ...]:
        return () if self.recipe is None else self.recipe.parts(*roles)

    def _folders(self) -> tuple[str, ...]:
        """Return the folders the build commands run in, the root left out."""
        folders = (self.folder_of(part) for part in self._parts(Role.INSTALL))
        return tuple(folder for folder in folders if folder != "/")

    def _is_used(self, name: str, view: View) -> bool:
        if self.recipe is None:
            return False
        kinds = (Env, Label, Expose, Volume, User)
        texts = [step.text for step in self.recipe.steps if isinstance(step.view, kinds)]
        return any(re.search(rf"\$\{{?{re.escape(name)}\b", text) for text in texts)


def classify_for(programs: frozenset[str]) -> "Classifier":
    """Return what tells the role of a command where ``programs`` build the project."""
    return Classifier(programs)


class Classifier:
    """Tells the role of a command."""

    def __init__(self, programs: frozenset[str]) -> None:
        self.programs = programs

    def __call__(self, command: Command) -> Role:
        """Return the role; the toolchain's own commands install."""
        name = command.base_name
        if name in self.programs:
            return Role.INSTALL
        if name in ("chmod", "ls", "go", "java", "ruby", "php", "corepack"):
            return Role.NOTHING
        return role_of(command)


def _quoted(raw: str, is_legacy: bool) -> str:
    is_loose = is_legacy and (re.search(r"\s", raw) or not raw) and raw[:1] not in "'\""
    return '"' + raw.replace('"', '\\"') + '"' if is_loose else raw


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) < 60 else text[:57] + "..."
