"""The last stage: what the old file does, in its order, with the environment in place of the installs."""

import re
from collections.abc import Iterable
from posixpath import join, normpath

from dockeropt.knowledge.words import words
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision, shortened
from dockeropt.rewrite.python.environment import label_line, plan_variables
from dockeropt.rewrite.python.image import PythonImage
from dockeropt.rewrite.python.install import AnyStep
from dockeropt.rewrite.python.lines import Line
from dockeropt.rewrite.python.placing import Placed
from dockeropt.rewrite.python.recipe import Part, Recipe, Step
from dockeropt.rewrite.python.roles import Role, is_python
from dockeropt.rewrite.python.user import NAME, UserPlan
from dockeropt.rewrite.steps import RunStep
from dockeropt.syntax.instructions import (
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Label,
    Maintainer,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
)

_INSTALL_FILES = re.compile(
    r"(?:^|/)(?:[\w.-]*requirements[\w.-]*\.(?:txt|in)|requirements|constraints\.txt|Pipfile(?:\.lock)?|poetry\.lock|uv\.lock"
    r"|poetry\.toml|pyproject\.toml|setup\.(?:py|cfg))/?$|Pipfile\*|requirements\*|poetry\.lock\*|pyproject\*|\*\.lock|uv\.lock\*"
)
_TO_HOME = re.compile(
    r"nltk|playwright|patchright|camoufox|hugging|transformers|sentence|whisper|torch|easyocr|tiktoken|download|\.cache"
)
_TOOLS_OF_BUILD = re.compile(r"(?:^|/)uv(?::|@|$)")


class LastStage(NamedTuple):
    """The steps after FROM, and the commands they run."""

    steps: tuple[AnyStep, ...]
    kept: tuple[str, ...]
    """texts that stand as the old Dockerfile has them"""
    decisions: tuple[Decision, ...]


def kept_parts(recipe: Recipe) -> tuple[Part, ...]:
    """Return the parts of the old RUNs that the last stage runs too."""
    return recipe.parts(Role.OTHER, Role.ACCOUNT, Role.OWNER, Role.FOLDER)


class Replay:
    """Walks the old file and writes the last stage."""

    def __init__(
        self,
        recipe: Recipe,
        image: PythonImage,
        placed: tuple[Placed, ...],
        user: UserPlan,
        venv: str,
        has_own_project: bool,
        run_text: str,
    ) -> None:
        self.recipe = recipe
        self.image = image
        self.placed = placed
        self.user = user
        self.venv = venv
        self.has_own_project = has_own_project
        self.run_text = run_text
        self.owners = _owners(recipe)
        self.steps: list[AnyStep] = []
        self.kept: list[str] = []
        self.decisions: list[Decision] = []
        self.has_environment = False
        self.declared: set[int] = set()

    def write(self) -> LastStage:
        """Return the steps in order."""
        accounts = [part.text for part in self.recipe.parts(Role.ACCOUNT)]
        self.kept += accounts
        self._declare(" ".join(accounts))
        # the copies give the files to the user; the folder itself is made before them
        folders = {folder: owner for folder, owner in self.owners if _covers(folder, self.placed)}
        accounts += [text for f, o in folders.items() for text in (f"mkdir -p {f}", f"chown {o} {f}")]
        if accounts:
            self.steps.append(RunStep((), (), tuple(accounts)))
        elif self.user.makes_user:
            self.steps.append(self._make_user())
        for step in self.recipe.steps:
            self._step(step)
        self._environment()
        return LastStage(tuple(self.steps), tuple(self.kept), tuple(self.decisions))

    def _declare(self, accounts: str) -> None:
        """Write the variables that making the users needs before it."""
        for step in self.recipe.steps:
            if isinstance(step.view, Env | Arg) and accounts:
                names = [re.escape(pair.key.value) for pair in step.view.pairs]
                if any(re.search(rf"\$\{{?{name}\b", accounts) for name in names):
                    self._line(plan_variables(step, self.recipe, "", self.run_text).run)
                    self.declared.add(step.view.instruction.span.start)

    def _make_user(self) -> RunStep:
        folders = " ".join(self.user.folders)
        if self.image.is_alpine:
            make = f"adduser -D -u 1000 {NAME}"
        else:
            make = f"useradd --uid 1000 --create-home {NAME}"
        return RunStep(
            ("Not root; what the app writes to is that user's own",),
            (),
            (make, f"install -d -o {NAME} -g {NAME} {folders}"),
        )

    def _step(self, step: Step) -> None:
        view = step.view
        if view.instruction.span.start in self.declared:
            return
        if isinstance(view, Env | Arg):
            self._line(plan_variables(step, self.recipe, "", self.run_text).run)
        elif isinstance(view, Workdir):
            previous = self.steps[-1] if self.steps else None
            if (
                isinstance(previous, Line)
                and previous.text.startswith("WORKDIR /")
                and step.text.startswith("/")
            ):
                self.steps.pop()
            if normpath(step.text) != step.scope.workdir or not self._has_workdir():
                self._line(f"WORKDIR {step.text}")
        elif isinstance(view, Copy):
            self._copy(step)
        elif isinstance(view, Run):
            self._run(step)
        elif isinstance(view, User) and not self.user.makes_user and not _is_root(step):
            self._environment()
            self._line(f"USER {step.text}")
        elif isinstance(view, User) and not self.user.makes_user and self._is_later_user(step):
            self._line(f"USER {step.text}")
        elif isinstance(view, Label):
            self._line(label_line(view), is_kept=True)
        elif isinstance(view, Maintainer):
            text = step.text.strip().strip('"').replace('"', "'")
            self._line(f'LABEL org.opencontainers.image.authors="{text}"')
        elif isinstance(view, Shell):
            self._line(f"SHELL {step.text}")
        elif isinstance(view, Expose | Volume | Stopsignal):
            self._line(f"{view.instruction.keyword} {step.text}", is_kept=True)
        elif not isinstance(view, Cmd | Entrypoint | Healthcheck | User):
            raise ValueError(f"{view.instruction.keyword} has no place in it")

    def _has_workdir(self) -> bool:
        return any(isinstance(each, Line) and each.text.startswith("WORKDIR ") for each in self.steps)

    def _is_later_user(self, step: Step) -> bool:
        """Tell whether ``USER root`` takes something back, and is not only the beginning."""
        return any(isinstance(each, Line) and each.text.startswith("USER ") for each in self.steps)

    def _line(self, text: str, is_kept: bool = False) -> None:
        if text:
            self.steps.append(Line(text))
            if is_kept or text.startswith(("ENV", "ARG", "WORKDIR", "SHELL", "USER", "COPY", "ADD")):
                self.kept.append(text)

    def _environment(self) -> None:
        """Copy the environment, before anything that changes more often."""
        if self.has_environment:
            return
        self.has_environment = True
        self.steps.append(Line(f"COPY --from=build {self.venv} {self.venv}"))
        if self.has_own_project:
            self.steps.append(Line(f"COPY --from=project /project {self.venv}"))
        self.steps.append(Line(f"ENV PATH={self.venv}/bin:$PATH"))

    def _copy(self, step: Step) -> None:
        view = step.view
        assert isinstance(view, Copy)  # noqa: S101 - the caller has looked
        flags = [_flag_text(flag) for flag in view.instruction.flags]
        if view.source_stage is not None:
            if _TOOLS_OF_BUILD.search(self.recipe.expand(view.source_stage, view)):
                return
            self._line(" ".join(["COPY", *flags, step.text]))
            return
        sources = [word.value for word in view.sources]
        if sources and all(_INSTALL_FILES.search(source) for source in sources) and not self._is_read(step):
            return
        self._environment()
        place = next((each for each in self.placed if each.step is step), None)
        if view.chown is None and place is not None:
            owner = self._owner(place)
            if owner:
                flags.append(f"--chown={owner}")
        is_remote = any("://" in s or s.startswith("git@") for s in sources)
        is_archive = any(re.search(r"\.(?:tar|tgz|tar\.\w+|txz|tbz2?)$", s) for s in sources)
        keyword = "ADD" if view.is_add and (is_remote or is_archive) else "COPY"
        if step.view.instruction.heredocs:
            text = self.recipe.build.dockerfile.text_of(view.instruction.span).rstrip("\n")
            self._line(text, is_kept=True)
            return
        self._line(" ".join([keyword, *flags, step.text]), is_kept=True)

    def _is_read(self, step: Step) -> bool:
        """Tell whether manifests are wanted in the image: no later COPY brings what the app may read."""
        view = step.view
        assert isinstance(view, Copy)  # noqa: S101 - the caller has looked
        later = [e for e in self.placed if e.step.view.instruction.span.start > view.instruction.span.start]
        own = next((each for each in self.placed if each.step is step), None)
        if own is None:
            return True
        fresh = {at for at in own.files if not any(at in each.files for each in later)}
        return any(at.endswith(("pyproject.toml", "setup.cfg")) for at in fresh)

    def _owner(self, place: Placed) -> str:
        target = place.target.rstrip("/") or "/"
        for folder, owner in self.owners:
            if target == folder or target.startswith(folder.rstrip("/") + "/"):
                return owner
        inside = any(target == f or target.startswith(f.rstrip("/") + "/") for f in self.user.folders)
        return f"{NAME}:{NAME}" if self.user.makes_user and self.user.owns_files and inside else ""

    def _run(self, step: Step) -> None:
        commands: list[str] = []
        needs_environment = False
        for part in step.parts:
            if part.role in (Role.OTHER, Role.FOLDER):
                if part.role is Role.FOLDER and self._is_made(part, step):
                    continue
                text, is_of_app = self._own_text(part)
                commands.append(text)
                self.kept.append(part.text)
                needs_environment = needs_environment or is_of_app
            elif part.role is Role.OWNER and not self._is_owned(part, step):
                commands.append(part.text)
                self.kept.append(part.text)
        if not commands:
            return
        commands = [*(part.text for part in step.parts if part.role is Role.STATE), *commands]
        self.decisions += [
            Decision("commands", f"kept: {shortened(text)}", "the last stage does what the old one did")
            for text in commands
        ]
        if needs_environment:
            self._environment()
        if self.user.makes_user and self.user.owns_files and needs_environment:
            home = f"/home/{NAME}" if any(_TO_HOME.search(text) for text in commands) else ""
            folders = " ".join(dict.fromkeys([*self.user.folders, *([home] if home else [])]))
            commands.append(f"find {folders} -user root -exec chown {NAME}:{NAME} {{}} +")
        mounts = [
            flag.value.raw for flag in step.view.instruction.flags if flag.name == "mount" and flag.value
        ]
        previous = self.steps[-1] if self.steps else None
        if isinstance(previous, RunStep) and not mounts and not previous.mounts:
            self.steps[-1] = previous._replace(commands=(*previous.commands, *commands))
            return
        self.steps.append(RunStep((), tuple(mounts), tuple(commands)))

    def _own_text(self, part: Part) -> tuple[str, bool]:
        """Return a kept command, and whether it runs something of the environment or of the app."""
        programs = [command for command in part.commands if command.name]
        is_of_app = any(
            is_python(each.base_name)
            or each.base_name.endswith(".py")
            or each.base_name not in _SYSTEM_PROGRAMS
            for each in programs
        )
        text = part.text
        if part.role is Role.FOLDER and not part.is_compound:
            text = re.sub(r"^mkdir (?!.*-p)", "mkdir -p ", text)
        if is_of_app and self.user.makes_user and _TO_HOME.search(text):
            text = f"HOME=/home/{NAME} {text}"
        return (f"cd {part.folder} && {text}" if part.folder else text), is_of_app

    def _is_made(self, part: Part, step: Step) -> bool:
        """Tell whether the folders a mkdir makes are there already: those of the user, or the WORKDIR."""
        if not self.user.makes_user or part.is_compound:
            return False
        workdir = step.scope.workdir or "/"
        paths = {normpath(join(workdir, w.value)) for c in part.commands for w in c.operands(("-m",))}
        return bool(paths) and paths <= set(self.user.folders)

    def _is_owned(self, part: Part, step: Step) -> bool:
        """Tell whether a chown only repeats what the copies now do."""
        owned = {folder for folder, _ in self.owners}
        workdir = step.scope.workdir or "/"
        for command in part.commands:
            paths = {normpath(join(workdir, word.value)) for word in command.operands()[1:]}
            if not paths or not paths <= owned or not command.has_flag("-R", "--recursive"):
                return False
            if not any(_covers(path, self.placed) for path in paths):
                return False
        return True


_SYSTEM_PROGRAMS = words(
    "[ addgroup adduser apt-mark awk cat chmod chown cp crontab curl dos2unix dpkg-reconfigure echo find "
    "git gpg grep groupadd gunzip head install ldconfig ln locale-gen localedef md5sum mkdir mv printf rm "
    "sed sha256sum tar tee test touch unzip update-ca-certificates update-locale useradd usermod wget xz"
)


def _flag_text(flag: object) -> str:
    name, value = getattr(flag, "name", ""), getattr(flag, "value", None)
    return f"--{name}" if value is None else f"--{name}={value.raw}"


def _is_root(step: Step) -> bool:
    return step.text.partition(":")[0] in ("root", "0")


def _covers(path: str, placed: Iterable[Placed]) -> bool:
    return any(
        each.target.rstrip("/") == path or each.target.startswith(path.rstrip("/") + "/") for each in placed
    )


def _owners(recipe: Recipe) -> tuple[tuple[str, str], ...]:
    """Return folders that a ``chown -R`` gives to a user."""
    found: list[tuple[str, str]] = []
    for step in recipe.steps:
        for part in step.parts:
            for command in part.commands:
                words = command.operands()
                if (
                    command.base_name != "chown"
                    or not command.has_flag("-R", "--recursive")
                    or len(words) < 2
                ):
                    continue
                owner = words[0].raw
                workdir = step.scope.workdir or "/"
                paths = [word.value for word in words[1:] if not set(word.value) & set("$*?~")]
                found += [(normpath(join(workdir, path)), owner) for path in paths]
    return tuple(found)
