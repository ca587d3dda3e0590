"""The copies of the last stage that could stand on their own, each with its fix."""

import re
from collections.abc import Iterator

from dockeropt.checks.cache.idle_commands import is_idle
from dockeropt.checks.cache.made_folders import ROOT, Folders, Target, file_names, owner_of_copy, target_of
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.finding import Applicability, Finding, Fix
from dockeropt.knowledge.folders import PLAIN, PLAIN_BELOW, SERVED, SYSTEM
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.dialect import is_windows
from dockeropt.syntax.edits import add_flags, insert
from dockeropt.syntax.instructions import Copy, From, Run
from dockeropt.syntax.tree import Directive

_MOST_INSTRUCTIONS = 200
"""a stage of more is left to people"""
_FRONTEND = r"(?:docker\.io/)?docker/dockerfile(?:-upstream)?(?::(?:1\.(\d+))?|@|$)"
_NEWEST_WITHOUT = 3
"""of Docker's frontends 1.x, the newest that does not know ``COPY --link``"""


def findings(build: Build) -> Iterator[Finding]:
    """Yield a finding at each COPY behind the last RUN of the image that may be linked."""
    stage = build.final_stage
    if stage is None or is_windows(build.root_stage(stage).base) or not _knows_link(build):
        return
    lineage = build.lineage(stage)
    views = [view for each in reversed(lineage) for view in (*each.triggers, *each.views)]
    if len(views) > _MOST_INSTRUCTIONS:
        return
    last = max(view.instruction.span.start for view in (stage.start, *views) if isinstance(view, From | Run))
    folders = Folders(lineage[-1], build)
    has_something_above = not lineage[-1].is_scratch
    for view in views:
        if isinstance(view, Copy):
            if (
                has_something_above
                and view.instruction.span.start > last
                and not (view.link or view.is_add)
                and (fix := _fix(view, folders, stage, build)) is not None
            ):
                yield Finding(
                    view.instruction.keyword_span,
                    "this layer is made anew with every change above it; write COPY --link, which keeps it",
                    fix,
                )
            has_something_above = True
        folders.read(view)


def _knows_link(build: Build) -> bool:
    """Tell whether the frontend that ``# syntax=`` names, if any, is Docker's and new enough."""
    for node in build.dockerfile.nodes:
        if not isinstance(node, Directive):
            break
        if node.name == "syntax":
            found = re.match(_FRONTEND, node.value)
            return found is not None and (found[1] is None or int(found[1]) > _NEWEST_WITHOUT)
    return True


def _fix(copy: Copy, folders: Folders, stage: Stage, build: Build) -> Fix | None:
    """Return the fix where the folders above the target stay what they are, safe where that is certain."""
    target, owner = target_of(copy, build), owner_of_copy(copy)
    if target is None or owner is None or copy.parents or copy.instruction.heredocs:
        return None
    if copy.target is None or not copy.sources or copy.exclude or copy.chmod is not None:
        return None  # BuildKit does as if --link were not there beside --chmod
    edits = [add_flags(copy.instruction, ["--link"], build.dockerfile)]
    if not target.is_folder and (target.path in folders.owners or target.path in _served(stage, build)):
        if copy.target.raw != copy.target.value or not copy.target.is_contiguous:
            return None
        edits.append(insert(copy.target.span.end, "/"))
        target = Target(target.path, is_folder=True)
    if any(folders.owners.get(each, owner) != owner or each in folders.files for each in target.folders):
        return None
    if _is_certain(copy, target, folders, build):
        return Fix("add `--link`", tuple(edits), Applicability.SAFE)
    if _is_likely(copy, target, build) and all(
        _is_plain(each, copy, stage, build) for each in target.folders
    ):
        return Fix("add `--link`", tuple(edits), Applicability.UNSAFE)
    return None


def _is_certain(copy: Copy, target: Target, folders: Folders, build: Build) -> bool:
    """Tell whether only this stage has made what the copy meets, and it meets no folder of its own."""
    if any(folders.is_unknown(each) for each in target.folders):
        return False
    if not target.is_folder and (target.path in folders.files or folders.is_unknown(target.path)):
        return False
    return file_names(copy, build) is not None or folders.is_empty(target.path)


def _is_likely(copy: Copy, target: Target, build: Build) -> bool:
    """Tell whether a target is what it looks like, and no folder of the image's own is copied over.

    A folder is told by its slash; a target without one is new where it has the name of what is copied.
    """
    sources = [build.expand(word, copy).text.strip("\"'") for word in copy.sources]
    names = [source.rpartition("/")[2] for source in sources]
    if target.path in (*SYSTEM, *PLAIN, *PLAIN_BELOW, "/"):
        are_files = file_names(copy, build) is not None or all("." in name.strip(".*") for name in names)
        return target.is_folder and (are_files or (target.path.endswith("/bin") and all(names)))
    return target.is_folder or sources[0].rstrip("/").rpartition("/")[2] == target.path.rpartition("/")[2]


def _is_plain(folder: str, copy: Copy, stage: Stage, build: Build) -> bool:
    """Tell whether a folder is, to all one can see, root's and of mode 755, and no link."""
    top = "/" + folder.split("/", 2)[1]
    below = next((each for each in PLAIN_BELOW if folder == each or folder.startswith(each + "/")), None)
    if folder in PLAIN or folder == below or folder in _served(stage, build):
        return owner_of_copy(copy) == ROOT
    if top in SYSTEM and below is None:
        return False
    own = top if below is None else f"{below}/{folder[len(below) + 1 :].partition('/')[0]}"
    mention = re.compile(re.escape(own) + r"(?![\w.-])")
    for each in build.lineage(stage):
        for view in (*each.triggers, *each.views):
            if isinstance(view, Run) and (
                mention.search(view.instruction.body.text) or _works_in(own, view, build)
            ):
                return False
    return True


def _works_in(folder: str, run: Run, build: Build) -> bool:
    workdir = build.scope_of(run).workdir or folder
    return f"{workdir}/".startswith(folder + "/") and not all(
        is_idle(each) and each.base_name != "mkdir" for each in commands_of(run, build)
    )


def _served(stage: Stage, build: Build) -> tuple[str, ...]:
    image = build.root_image(stage)
    return () if image is None else SERVED.get(image.last_name, ())
