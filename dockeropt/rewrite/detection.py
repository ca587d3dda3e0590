"""Which stack a folder is: by what its files say, and by the old Dockerfile where they say several."""

from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.old_files import OldFiles, read_old_files
from dockeropt.rewrite.stacks import BY_NAME, STACKS, Evidence, Stack


class Chosen(NamedTuple):
    """The stack, the old files it is drafted from, and why it is this one."""

    stack: Stack
    old: OldFiles
    decision: Decision


def choose_stack(folder: Folder, name: str | None, dockerfile: str | None, app: str | None) -> Chosen:
    """Return the stack that ``name`` says, or the one that the folder's files tell.

    Raises UsageError where they tell none or several.
    """
    if name is not None:
        stack = BY_NAME[name].load()
        evidence = stack.detect(folder)
        place = app if app is not None else "" if evidence is None else evidence.app
        old = read_old_files(folder, dockerfile, place)
        return Chosen(stack, old, Decision("stack", stack.title, f"--{name} says so"))
    stacks = [entry.load() for entry in STACKS]
    found = [(stack, evidence) for stack in stacks if (evidence := stack.detect(folder)) is not None]
    if not found:
        _refuse_unknown(folder)
    place = app if app is not None else next((e.app for _, e in found if e.app), "")
    old = read_old_files(folder, dockerfile, place)
    stack, evidence, why = _strongest(folder, found, old)
    return Chosen(stack, old, Decision("stack", stack.title, f"{evidence.file} {evidence.says}{why}"))


def _strongest(
    folder: Folder, found: list[tuple[Stack, Evidence]], old: OldFiles
) -> tuple[Stack, Evidence, str]:
    """Return the stack that the old Dockerfile's images are of, and of those the one with most evidence."""
    last, any_of = _images(old)
    spoken = [each for each in found if not last.isdisjoint(each[0].images)]
    spoken = spoken or [each for each in found if not any_of.isdisjoint(each[0].images)]
    candidates = spoken or found
    most = max(evidence.strength for _, evidence in candidates)
    strongest = [each for each in candidates if each[1].strength == most]
    if len(strongest) > 1:
        said = " and ".join(f"{stack.title} ({e.file} {e.says})" for stack, e in strongest)
        raise UsageError(
            f"{folder.shown} is {said}", f"say which is to be built, for instance --{strongest[0][0].name}"
        )
    stack, evidence = strongest[0]
    others = [other.title for other, _ in found if other is not stack]
    why = (
        f", and the old Dockerfile builds on it; {' and '.join(others)} it is not"
        if spoken and others
        else ""
    )
    return stack, evidence, why


def _images(old: OldFiles) -> tuple[set[str], set[str]]:
    """Return the last names of the images the old last stage is from, and of all stages."""
    build = old.build
    if build is None or build.final_stage is None:
        return set(), set()
    final = build.root_image(build.final_stage)
    names = {stage.image.last_name for stage in build.stages if stage.image is not None}
    return set() if final is None else {final.last_name}, names


def _refuse_unknown(folder: Folder) -> None:
    names = ", ".join(f"--{entry.name}" for entry in STACKS)
    below = next(
        (file for file in sorted(folder.files, key=_depth) if file.rpartition("/")[2] in _MANIFESTS), None
    )
    hint = f"say what it is with one of {names}"
    if below is not None and "/" in below:
        inner = f"{folder.root.rstrip('/')}/{below.rpartition('/')[0]}".removeprefix("./")
        hint = f"there is {below}: dockeropt rewrite {inner}"
    raise UsageError(f"nothing in {folder.shown} tells what it is built with", hint)


_MANIFESTS = (
    "package.json", "pyproject.toml", "requirements.txt", "go.mod", "Cargo.toml", "pom.xml", "build.gradle",
    "build.gradle.kts", "Gemfile", "composer.json",
)  # fmt: skip


def _depth(path: str) -> tuple[int, str]:
    return path.count("/"), path
