"""A toolchain as a stack: one draft for all."""

from collections.abc import Callable

from dockeropt.errors import UsageError
from dockeropt.rewrite.folder import Folder
from dockeropt.rewrite.old_files import OldFiles
from dockeropt.rewrite.options import Options
from dockeropt.rewrite.python.ignore import kept_ignore, plan_ignore
from dockeropt.rewrite.python.recipe import Recipe, read_recipe
from dockeropt.rewrite.stacks import Draft, Evidence, InPlace, Stack, Strength
from dockeropt.rewrite.toolchains.old_file import OldFile, classify_for
from dockeropt.rewrite.toolchains.shape import Toolchain, assemble


def stack_of(toolchain: Toolchain) -> Stack:
    """Return a toolchain as a stack."""
    return Stack(toolchain.name, toolchain.title, toolchain.images, _detect(toolchain), _draft(toolchain))


def _detect(toolchain: Toolchain) -> Callable[[Folder], Evidence | None]:
    def detect(folder: Folder) -> Evidence | None:
        name = toolchain.evidence(folder)
        return Evidence(name, "is there", Strength.TOOLCHAIN) if name else None

    return detect


def _draft(toolchain: Toolchain) -> Callable[[Folder, OldFiles, Options], Draft | InPlace]:
    def draft(folder: Folder, old: OldFiles, options: Options) -> Draft | InPlace:
        if options.cdn:
            raise UsageError("--cdn is for apps with static files of their own", "leave it out")
        recipe = _recipe(folder, old, toolchain)
        if isinstance(recipe, str):
            return _in_place(recipe, folder, old, toolchain)
        known = OldFile(recipe, folder, toolchain.programs)
        obstacle = known.obstacle(toolchain.kept)
        if obstacle:
            return _in_place(obstacle, folder, old, toolchain)
        try:
            shape = toolchain.plan(folder, known)
            plan = assemble(shape, known)
        except ValueError as error:
            return _in_place(str(error), folder, old, toolchain)
        copied = [name for step in shape.manifests for name in step.sources]
        ignore = plan_ignore(folder, old, toolchain.made, [*copied, *shape.data], ())
        return Draft(
            "toolchain.j2", plan._asdict(), ignore, plan.kept_texts, (*plan.decisions, *ignore.decisions)
        )

    return draft


def _recipe(folder: Folder, old: OldFiles, toolchain: Toolchain) -> Recipe | str | None:
    if old.build is None:
        return None

    def read_file(name: str) -> str:
        path = next((path for path in folder.files if path.rpartition("/")[2] == name), "")
        return folder.read(path) if path else ""

    return read_recipe(old.build, read_file, classify_for(toolchain.programs))


def _in_place(reason: str, folder: Folder, old: OldFiles, toolchain: Toolchain) -> InPlace:
    text = old.dockerfile_text
    named = [path for path in folder.files if path.rpartition("/")[2] in text and "ockerfile" not in path]
    ignore = kept_ignore(old) or plan_ignore(folder, old, toolchain.made, named, ())
    return InPlace(reason, ignore, ignore.decisions)
