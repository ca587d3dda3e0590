"""Which files of the context an install reads, and where they have to be."""

from posixpath import dirname, join, normpath, relpath

from dockeropt.records import NamedTuple
from dockeropt.rewrite.python.placing import Placed, context_path
from dockeropt.rewrite.python.project import PythonProject
from dockeropt.rewrite.python.recipe import Part, Recipe, Step
from dockeropt.rewrite.python.requirements import read_requirements
from dockeropt.rewrite.python.roles import pip_arguments, read_pip


class Manifests(NamedTuple):
    """Files by their path in the image, folders of the project with where they go, and why those."""

    files: dict[str, str]
    folders: dict[str, str]
    reason: str
    """why sources have to be there before the install; empty where none have"""


_OF_TOOLS = {
    "uv": ("pyproject.toml", "uv.lock", "uv.toml", ".python-version"),
    "poetry": ("pyproject.toml", "poetry.lock", "poetry.toml"),
    "pipenv": ("Pipfile", "Pipfile.lock"),
}


def needed_manifests(
    project: PythonProject,
    recipe: Recipe,
    step: Step,
    parts: list[Part],
    placed: tuple[Placed, ...],
    default_folder: str,
) -> Manifests:
    """Return what the install commands of a RUN read; raises ValueError for what is not in the context."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    reasons: list[str] = []
    before = tuple(each for each in placed if _is_before(each.step, step))
    bound = _bound(step)
    for part in parts:
        workdir = part.folder or step.scope.workdir or default_folder
        for command in part.commands:
            arguments = pip_arguments(command)
            if arguments is not None or command.base_name == "pip-sync" or _is_uv_pip_sync(command.words):
                named = [word.value for word in command.operands()] if arguments is None else []
                pip = read_pip(arguments or [])
                for name in (*pip.files, *(n for n in named if n not in ("pip", "sync"))):
                    if normpath(name) not in bound:
                        files.update(_requirements(project, before, _place(name, workdir, recipe, step)))
                for name in pip.local:
                    _local(
                        project, before, _place(name.partition("[")[0], workdir, recipe, step), folders, files
                    )
            elif command.base_name in _OF_TOOLS:
                names = [n for n in _OF_TOOLS[command.base_name] if project.folder.has(n) and n not in bound]
                for name in names:
                    at = _where(before, name)
                    if at:
                        files[at] = name
                pyproject = project.pyproject
                for path in () if pyproject is None or command.base_name == "pipenv" else pyproject.local:
                    _copy_local(project, path, workdir, folders, reasons)
    for path in list(files.values()):
        if path.endswith((".txt", ".in")):
            for local in read_requirements(project.reads, path).local:
                if local != ".":
                    _copy_local(project, local, step.scope.workdir or default_folder, folders, reasons)
    return Manifests(files, folders, reasons[0] if reasons else "")


def _is_before(one: Step, other: Step) -> bool:
    return one.view.instruction.span.start < other.view.instruction.span.start


def _is_uv_pip_sync(words: tuple[object, ...]) -> bool:
    values = [getattr(word, "value", "") for word in words]
    return values[:2] == ["pip", "sync"]


def _bound(step: Step) -> frozenset[str]:
    """Return the files of the context that the RUN mounts itself."""
    mounts = getattr(step.view, "mounts", ())
    return frozenset(
        normpath(mount.options.get("target", ""))
        for mount in mounts
        if mount.type == "bind" and "from" not in mount.options
    )


def _place(name: str, workdir: str, recipe: Recipe, step: Step) -> str:
    for variable, value in step.scope.variables.items():
        name = name.replace(f"${{{variable}}}", value).replace(f"${variable}", value)
    return normpath(join(workdir, name))


def _requirements(project: PythonProject, placed: tuple[Placed, ...], at: str) -> dict[str, str]:
    path = context_path(placed, at)
    if path is None:
        raise ValueError(f"{at}, from which it installs, is not copied out of the project")
    found = {at: path}
    for other in read_requirements(project.reads, path).files[1:]:
        found[normpath(join(dirname(at), relpath(other, dirname(path) or ".")))] = other
    return found


def _where(placed: tuple[Placed, ...], path: str) -> str:
    """Return where a file of the context is in the image, empty where it is not."""
    for each in reversed(placed):
        for at, source in each.files.items():
            if source == path:
                return at
    return ""


def _local(
    project: PythonProject,
    placed: tuple[Placed, ...],
    at: str,
    folders: dict[str, str],
    files: dict[str, str],
) -> None:
    """Add an archive, or a folder beside the project's own, that pip installs."""
    path = context_path(placed, at)
    if path is not None:
        files[at] = path
        return
    start = at.rstrip("/") + "/"
    inside = [pair for each in placed for pair in each.files.items() if pair[0].startswith(start)]
    if not inside:
        raise ValueError(f"{at}, which it installs, is not copied out of the project")
    name, source = inside[0]
    folder = source.removesuffix(name[len(start) :]).rstrip("/")
    if folder:
        folders[folder] = at
    else:
        files.update({join(at, n): n for n in ("pyproject.toml",) if project.folder.has(n)})


def _copy_local(
    project: PythonProject, path: str, workdir: str, folders: dict[str, str], reasons: list[str]
) -> None:
    path = path.rstrip("/")
    if any(file.startswith(path + "/") for file in project.folder.files) or project.folder.has(path):
        folders[path] = join(workdir, path)
        reasons.append(f"{path} is installed from the project")
