"""Installing the project itself, apart from its dependencies: an edit then installs only that."""

from dockeropt.records import NamedTuple
from dockeropt.rewrite.python.image import PythonImage
from dockeropt.rewrite.python.pip_command import Environment
from dockeropt.rewrite.python.placing import Placed
from dockeropt.rewrite.python.project import PythonProject
from dockeropt.rewrite.python.recipe import Part, Recipe, Step
from dockeropt.rewrite.python.requirements import read_requirements
from dockeropt.rewrite.python.roles import Role, pip_arguments, read_pip
from dockeropt.shell.script import Command


class ProjectInstall(NamedTuple):
    """How the old file installs the project itself, if it does."""

    is_wanted: bool
    part: Part | None
    """the ``pip install .``, where that is the command"""
    extras: tuple[str, ...]
    is_editable: bool
    is_known: bool
    """its dependencies can be installed without the sources"""
    requirement_file: str
    """the requirement file with ``-e .`` in it"""
    reason: str
    """why its dependencies cannot be told apart, empty where they can"""
    step: Step | None

    def without_line(self, command: Command) -> tuple[str, ...]:
        """Return the command that takes the project's own line out of a requirement file, if it is read."""
        if self.requirement_file and any(w.value.endswith(self.requirement_file) for w in command.words):
            name = next(w.raw for w in command.words if w.value.endswith(self.requirement_file))
            name = name.removeprefix("-r")
            return (f"sed -i -E '/^(-e )?\\.(\\[.*\\])?$/d' {name}",)
        return ()


_NONE = ProjectInstall(False, None, (), False, True, "", "", None)


def read_project_install(
    project: PythonProject, recipe: Recipe, placed: tuple[Placed, ...], image: PythonImage, folder: str
) -> ProjectInstall:
    """Return how the old file installs the project itself."""
    pyproject = project.pyproject
    for step in recipe.steps:
        for part in step.parts:
            if part.role is not Role.INSTALL:
                continue
            for command in part.commands:
                name, verb = command.base_name, command.subcommand
                is_package = pyproject is not None and pyproject.is_package
                is_partial = command.has_flag("--no-install-project", "--no-root")
                has_sources = any(each.has_sources_before(step) for each in placed)
                if not has_sources and name in ("uv", "poetry"):
                    continue
                if (name, verb) == ("uv", "sync") and is_package and (not is_partial or _again(recipe, step)):
                    is_editable = not command.has_flag("--no-editable")
                    return _NONE._replace(is_wanted=True, is_editable=is_editable, step=_last(recipe, "uv"))
                if (name, verb) == ("poetry", "install") and is_package and not is_partial:
                    return _NONE._replace(is_wanted=True, is_editable=True, step=step)
                arguments = pip_arguments(command)
                pip = read_pip(arguments or [])
                own = [
                    path
                    for path in pip.local
                    if _is_root(path.partition("[")[0], placed, part.folder or step.scope.workdir or folder)
                ]
                if arguments is not None and own:
                    return _of_pip(project, part, step, own[0], pip.is_editable, image)
                for file in pip.files:
                    base = file.rpartition("/")[2]
                    path = next((p for p in project.folder.files if p.rpartition("/")[2] == base), "")
                    if path and read_requirements(project.reads, path).has_project:
                        return _NONE._replace(
                            is_wanted=True, is_editable=True, requirement_file=base, step=step
                        )
    return _NONE


def dependencies_command(own: ProjectInstall, environment: Environment, is_uv: bool) -> list[str]:
    """Return the commands that install what the project's pyproject.toml names."""
    if not own.is_known:
        return []
    lists = ['project["dependencies"]']
    lists += [f'project["optional-dependencies"]["{extra}"]' for extra in own.extras]
    names = ", ".join(f"*{each}" for each in lists)
    program = f"uv pip install --python={environment.path}" if is_uv else f"{environment.pip} install"
    script = 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; '
    script += f'print({names}, sep="\\n")'
    return [f"python -c '{script}' > /tmp/requirements.txt", f"{program} -r /tmp/requirements.txt"]


def own_command(own: ProjectInstall, environment: Environment, is_uv: bool) -> str:
    """Return the command that installs the project alone, into a folder of its own."""
    what = "." + (f"[{','.join(own.extras)}]" if own.extras else "")
    editable = "-e " if own.is_editable else ""
    program = f"uv pip install --python={environment.path}" if is_uv else f"{environment.pip} install"
    dependencies = "" if own.requirement_file else "--no-deps "
    return f"{program} {dependencies}--prefix=/project {editable}{what}"


def _of_pip(
    project: PythonProject, part: Part, step: Step, path: str, is_editable: bool, image: PythonImage
) -> ProjectInstall:
    extras = tuple(each.strip() for each in path.partition("[")[2].rstrip("]'\"").split(",") if each.strip())
    pyproject = project.pyproject
    reason = ""
    if pyproject is None or not pyproject.has_project or pyproject.is_dynamic:
        reason = "what the project depends on is told only when it is built"
    elif not image.is_at_least(11):
        reason = "this Python has no reader of TOML to tell the dependencies with"
    elif len(part.commands) > 1 or part.is_compound:
        reason = "the install is part of a longer command"
    return ProjectInstall(True, part, extras, is_editable, not reason, "", reason, step)


def _is_root(path: str, placed: tuple[Placed, ...], folder: str) -> bool:
    from posixpath import join, normpath

    at = normpath(join(folder, path))
    return any(
        source == name and where == normpath(join(at, name))
        for each in placed
        for where, source in each.files.items()
        for name in (source,)
        if "/" not in source
    )


def _again(recipe: Recipe, step: Step) -> bool:
    """Tell whether a later ``uv sync`` installs the project too."""
    later = [s for s in recipe.steps if s.view.instruction.span.start > step.view.instruction.span.start]
    return any(
        (c.base_name, c.subcommand) == ("uv", "sync") and not c.has_flag("--no-install-project")
        for s in later
        for p in s.parts
        for c in p.commands
    )


def _last(recipe: Recipe, program: str) -> Step:
    return [s for s in recipe.steps if any(c.base_name == program for p in s.parts for c in p.commands)][-1]
