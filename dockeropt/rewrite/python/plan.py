"""Deciding what the rewritten Dockerfile of a Python project is, from the project and its old file."""

import re
from collections.abc import Iterable
from posixpath import join, normpath

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.python.environment import read_venv
from dockeropt.rewrite.python.health import plan_health, probe_program
from dockeropt.rewrite.python.image import PythonImage, choose_images
from dockeropt.rewrite.python.install import AnyStep, Installer
from dockeropt.rewrite.python.last_stage import Replay, kept_parts
from dockeropt.rewrite.python.lines import Line
from dockeropt.rewrite.python.pip_command import Environment
from dockeropt.rewrite.python.placing import Placed, context_path, place_copies
from dockeropt.rewrite.python.project import PythonProject
from dockeropt.rewrite.python.project_install import ProjectInstall, own_command, read_project_install
from dockeropt.rewrite.python.pyproject import name_of
from dockeropt.rewrite.python.recipe import Recipe, read_recipe
from dockeropt.rewrite.python.requirements import read_requirements
from dockeropt.rewrite.python.roles import Role, pip_arguments, read_pip
from dockeropt.rewrite.python.start import Start, needs_interrupt, read_start
from dockeropt.rewrite.python.system import plan_system, system_step
from dockeropt.rewrite.python.user import plan_user
from dockeropt.rewrite.steps import RunStep, cache_mount
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Arg, Shell, Stopsignal


class PythonPlan(NamedTuple):
    """Everything the template writes."""

    head: tuple[Line, ...]
    """ARG before FROM"""
    image: PythonImage
    build: tuple[AnyStep, ...]
    project: tuple[AnyStep, ...]
    """the stage that installs the project itself, empty for none"""
    run: tuple[AnyStep, ...]
    user: str
    """empty where the steps say it"""
    stop_signal: str
    health: str
    entrypoint: str
    command: str
    copied: tuple[str, ...]
    """files of the context the Dockerfile names"""
    kept_texts: tuple[str, ...]
    decisions: tuple[Decision, ...]


class NotSplit(NamedTuple):
    """Why the old file stays one of its kind: a sentence, and whether nothing is to be gained at all."""

    reason: str
    has_nothing_to_gain: bool = False


DEFAULT_FOLDER = "/app"


def plan_python(project: PythonProject, build: Build) -> PythonPlan | NotSplit:
    """Return the plan for two stages out of an old file with one, or why there is none."""
    recipe = read_recipe(build, lambda name: _named(project, name))
    if isinstance(recipe, str):
        return NotSplit(recipe, recipe.startswith("it has several stages"))
    image = choose_images(recipe.start, recipe.image)
    if image is None:
        return NotSplit(f"{recipe.image} is no Python image, so its lean form is not known")
    obstacle = _obstacle(recipe)
    if obstacle:
        return NotSplit(obstacle)
    try:
        return _plan(project, recipe, image)
    except ValueError as error:
        return NotSplit(str(error))


def _plan(project: PythonProject, recipe: Recipe, image: PythonImage) -> PythonPlan | NotSplit:
    decisions: list[Decision] = []
    workdir = recipe.end.workdir or "/"
    placed = place_copies(recipe, project.folder.files)
    project = with_installed(project, recipe, placed)
    old_venv = _old_venv(recipe)
    venv = old_venv or "/opt/venv"
    start = read_start(recipe, venv, old_venv, project.folder.files, decisions)
    run_text = _run_text(project, start)
    has_pip = not image.is_at_least(12) or _calls_pip(project, recipe, run_text)
    environment = Environment(venv, has_pip)
    own = read_project_install(project, recipe, placed, image, "/")
    kept = kept_parts(recipe)
    commands = [command for part in kept for command in part.commands]
    system = plan_system(project, recipe, image, commands, run_text, probe_program(recipe))
    is_early = _copies_sources_first(recipe, placed)
    if image.was_slim and not system.gains and not recipe.parts(Role.TOOL) and not is_early:
        return NotSplit(
            f"{image.run} has no compilers, nothing is installed for the build alone, and an edit of the "
            "sources installs nothing again, so that a second stage would gain nothing",
            has_nothing_to_gain=True,
        )
    keeps = _keeps_development(project, start)
    build_text = " ".join(part.text for part in recipe.parts(Role.INSTALL, Role.TOOL, Role.SETTING))
    build_text += " ".join(
        f"{f.value.raw}" for s in recipe.steps for f in s.view.instruction.flags if f.value is not None
    )
    install = Installer(project, recipe, image, placed, environment, own, keeps, "/").plan(build_text)
    kept_text = " ".join([part.text for part in kept] + _texts(recipe))
    user = plan_user(project, recipe, workdir, run_text)
    last = Replay(
        recipe, image, placed, user, venv, own.is_wanted and own.is_known, f"{kept_text} {start.text}"
    ).write()
    health = plan_health(project, recipe, start, decisions)
    mirrors = [p.text for p in recipe.parts(Role.SETTING) if "/etc/apt/" in p.text]
    build_packages = system_step(image, system.build, system.options, "For the install alone")
    run_packages = system_step(image, system.run, system.options, "For the app itself")
    decisions = [
        *_image_decisions(image, environment),
        *system.decisions,
        *install.decisions,
        *user.decisions,
        *decisions,
        *last.decisions,
    ]
    stop_signal = _stop_signal(recipe, start, project, decisions)
    steps = _joined((*_with(build_packages, mirrors, recipe), *install.steps))
    return PythonPlan(
        tuple(Line(_text_of(recipe, view)) for view in recipe.build.global_views if isinstance(view, Arg)),
        image,
        _tidied(steps),
        _project_stage(recipe, placed, own, environment, install.copied),
        _tidied((*_with(run_packages, mirrors, recipe), *last.steps)),
        "1000" if user.makes_user else "",
        stop_signal,
        health,
        start.entrypoint,
        start.command,
        install.copied,
        tuple(dict.fromkeys((*last.kept, *_kept_texts(recipe, start), *mirrors))),
        tuple(dict.fromkeys(decisions)),
    )


def with_installed(project: PythonProject, recipe: Recipe, placed: tuple[Placed, ...]) -> PythonProject:
    """Return the project with the distributions that the old file installs, named in it or in its files."""
    names: set[str] = set()
    for step in recipe.steps:
        for part in step.parts:
            for command in part.commands:
                pip = read_pip(pip_arguments(command) or [])
                names.update(name_of(name.strip("'\"")) for name in pip.names)
                for file in pip.files:
                    at = normpath(join(part.folder or step.scope.workdir or "/", file))
                    path = context_path(placed, at)
                    if path is not None:
                        names.update(read_requirements(project.reads, path).names)
    return project._replace(direct=project.direct | names, names=project.names | names)


def _copies_sources_first(recipe: Recipe, placed: tuple[Placed, ...]) -> bool:
    """Tell whether an edit of the sources installs everything again."""
    first = next(step for step in recipe.steps if any(part.role is Role.INSTALL for part in step.parts))
    return any(each.has_sources_before(first) for each in placed)


def _named(project: PythonProject, name: str) -> str:
    path = next((p for p in project.folder.files if p.rpartition("/")[2] == name), "")
    return project.folder.read(path) if path else ""


def _obstacle(recipe: Recipe) -> str:
    """Return why the old file cannot be taken apart, empty where it can."""
    for part in recipe.parts(Role.UNKNOWN):
        return f"what `{_short(part.text)}` leaves behind cannot be seen"
    if not recipe.parts(Role.INSTALL):
        return "it installs no Python packages that could be seen"
    for step in recipe.steps:
        for part in step.parts:
            if part.is_compound and {*part.roles} & {Role.SYSTEM, Role.TOOL, Role.INSTALL, Role.VENV}:
                return f"`{_short(part.text)}` decides while it is built what to install"
        if re.search(r"site-packages|/usr/local/lib/python", step.text):
            return "it names the folder of Python packages, which another stage has elsewhere"
        if any(
            c.has_flag("--target", "--prefix", "--root")
            for p in step.parts
            if p.role is Role.INSTALL
            for c in p.commands
        ):
            return "it installs Python packages into a folder of its own choice"
    return ""


def _old_venv(recipe: Recipe) -> str:
    """Return the virtual environment of the old image, empty where it has none."""
    named = read_venv(recipe)
    if named:
        return named
    for step in recipe.steps:
        for part in step.parts:
            for command in part.commands:
                workdir = step.scope.workdir or "/"
                if part.role is Role.VENV:
                    path = command.operands()[-1].value if command.operands() else ""
                    if re.fullmatch(r"/[\w./-]+", path) and not path.endswith("activate"):
                        return path.rstrip("/")
                if (command.base_name, command.subcommand) == ("uv", "sync"):
                    return f"{workdir.rstrip('/')}/.venv"
    return ""


def _run_text(project: PythonProject, start: Start) -> str:
    """Return what runs when the container starts: the command, and the scripts and settings it names."""
    texts = [start.text]
    words = set(
        re.findall(
            r"[\w./-]+\.(?:sh|conf|ini|cfg|toml)\b|[\w./-]*(?:entrypoint|start|Procfile)[\w.-]*", start.text
        )
    )
    for word in words:
        name = word.rpartition("/")[2]
        texts += [
            project.folder.read(p) for p in project.folder.files if p.rpartition("/")[2] == name and name
        ]
    return "\n".join(texts)


def _calls_pip(project: PythonProject, recipe: Recipe, run_text: str) -> bool:
    pattern = re.compile(r"\bpip3? install\b|-m[\"', ]+pip\b|\bimport pip\b|pkg_resources")
    if "spacy" in project.names or any("spacy" in part.text for part in recipe.parts(Role.OTHER)):
        return True
    return pattern.search(run_text) is not None or any(
        pattern.search(text) for text in project.sources.values()
    )


def _keeps_development(project: PythonProject, start: Start) -> bool:
    """Tell whether what the app runs is only in a development group."""
    development = () if project.pyproject is None else project.pyproject.development
    modules = {name.replace("-", "_"): name for name in development}
    if start.words and start.words[0].rpartition("/")[2] in (*modules, *development):
        return True
    pattern = re.compile(
        r"^\s*(?:import|from)\s+(" + "|".join(map(re.escape, modules)) + r")\b", re.MULTILINE
    )
    if not modules:
        return False
    known = {"pytest", "mypy", "ruff", "black", "isort", "flake8", "coverage", "tox"}
    return any(set(pattern.findall(text)) - known for text in project.sources.values())


def _texts(recipe: Recipe) -> list[str]:
    """Return the texts of all instructions that the last stage keeps, for the variables they name."""
    return [step.text for step in recipe.steps if not step.parts]


def _text_of(recipe: Recipe, view: object) -> str:
    instruction = view.instruction  # type: ignore[attr-defined]
    return recipe.build.dockerfile.text_of(instruction.span).strip()


def _image_decisions(image: PythonImage, environment: Environment) -> Iterable[Decision]:
    if image.build != image.run:
        yield Decision(
            "image", f"{image.build} to build, {image.run} to run", "one Python, the compilers stay behind"
        )
    if image.was_pinned:
        reason = "the old digest is that of the image with compilers; pin the new one yourself"
        yield Decision("image", f"{image.run} has no digest", reason, is_notice=True)
    yield Decision(
        "environment", environment.path, "made in the build stage and copied; the same Python is in both"
    )


def _stop_signal(recipe: Recipe, start: Start, project: PythonProject, decisions: list[Decision]) -> str:
    if any(isinstance(step.view, Stopsignal) for step in recipe.steps):
        return ""
    if not needs_interrupt(start, project.sources.values()):
        return ""
    reason = "Python as PID 1 ignores SIGTERM and ends in order on SIGINT; docker stop would wait ten seconds"
    decisions.append(Decision("stop signal", "SIGINT", reason))
    return "SIGINT"


def _with(packages: RunStep | None, mirrors: list[str], recipe: Recipe) -> tuple[AnyStep, ...]:
    """Return the step of the system packages, the mirrors of the old file set up before it."""
    if packages is None:
        return ()
    shell = [Line(f"SHELL {step.text}") for step in recipe.steps if isinstance(step.view, Shell)][:0]
    return (*shell, packages._replace(commands=(*mirrors, *packages.commands)))


def _joined(steps: Iterable[AnyStep]) -> tuple[AnyStep, ...]:
    """Return the steps with a RUN and the one after it in one, where both have the same mounts."""
    found: list[AnyStep] = []
    for step in steps:
        last = found[-1] if found else None
        if isinstance(last, RunStep) and isinstance(step, RunStep) and _is_one(last, step):
            found[-1] = last._replace(commands=(*last.commands, *step.commands))
        else:
            found.append(step)
    return tuple(found)


def _is_one(step: RunStep, following: RunStep) -> bool:
    return step.mounts == following.mounts and not following.comments


def _project_stage(
    recipe: Recipe,
    placed: tuple[Placed, ...],
    own: ProjectInstall,
    environment: Environment,
    copied: tuple[str, ...],
) -> tuple[AnyStep, ...]:
    if not own.is_wanted or not own.is_known or own.step is None:
        return ()
    end = own.step.view.instruction.span.start
    steps: list[AnyStep] = [
        Line(f"COPY {each.step.text}")
        for each in placed
        if each.step.view.instruction.span.start < end and not set(each.files.values()) <= set(copied)
    ]
    is_uv = any(c.base_name == "uv" for p in own.step.parts for c in p.commands)
    cache = "/root/.cache/uv" if is_uv else "/root/.cache/pip"
    steps.append(RunStep((), (cache_mount(cache),), (own_command(own, environment, is_uv),)))
    return tuple(steps)


def _tidied(steps: Iterable[AnyStep]) -> tuple[AnyStep, ...]:
    """Return the steps with neighbouring ENV lines as one, and neighbouring RUNs of one kind too."""
    found: list[AnyStep] = []
    for step in steps:
        previous = found[-1] if found else None
        if isinstance(step, Line) and isinstance(previous, Line) and not step.comments:
            for keyword in ("ENV", "LABEL"):
                is_same = step.text.startswith(f"{keyword} ") and previous.text.startswith(f"{keyword} ")
                if is_same and not _rests_on(step.text, previous.text):
                    pad = " \\\n" + " " * (len(keyword) + 1)
                    found[-1] = previous._replace(text=previous.text + pad + step.text[len(keyword) + 1 :])
                    break
            else:
                found.append(step)
            continue
        if (
            isinstance(step, RunStep)
            and isinstance(previous, RunStep)
            and not step.comments
            and not previous.comments
            and step.mounts == previous.mounts
        ):
            found[-1] = previous._replace(commands=(*previous.commands, *step.commands))
            continue
        found.append(step)
    return tuple(found)


def _rests_on(text: str, previous: str) -> bool:
    names = re.findall(r"(?:^ENV |^LABEL |\n\s+)([\w.-]+)=", previous)
    return any(re.search(rf"\$\{{?{re.escape(name)}\b", text) for name in names)


def _kept_texts(recipe: Recipe, start: Start) -> tuple[str, ...]:
    installs = [part.text for part in recipe.parts(Role.INSTALL, Role.TOOL)]
    words = [
        word for text in installs for word in text.split() if re.match(r"[A-Za-z]", word) and len(word) > 3
    ]
    return (*words, start.command, start.entrypoint)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) < 60 else text[:57] + "..."
