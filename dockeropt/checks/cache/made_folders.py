"""What a stage's own instructions tell of its folders: whose they are, and which nobody knows.

As tried on the engine: COPY and WORKDIR make the folders that are missing with mode 755, COPY for the owner
it names and else for root, WORKDIR for the user in force.
"""

import re

from dockeropt.checks.cache.landings import resolved
from dockeropt.knowledge.image_users import may_leave_root
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Copy, Run, View, Workdir

Owner = tuple[int, int] | None
"""numbers of user and group; None where only the image knows them"""
ROOT: Owner = (0, 0)


class Target(NamedTuple):
    """Where a COPY writes: an absolute path, and whether it says that this is a folder."""

    path: str
    is_folder: bool

    @property
    def folders(self) -> list[str]:
        """The folders that are made where they are missing, outermost first, without ``/``."""
        return parents_of(self.path + "/" if self.is_folder else self.path)


class Folders:
    """The folders that instructions have made, one after the other; at first those of the base image."""

    def __init__(self, root: Stage, build: Build) -> None:
        self.owners: dict[str, Owner] = {}
        self.files: set[str] = set()
        self._unknown: set[str] = set() if root.is_scratch else {"/"}
        self._build = build

    def is_unknown(self, path: str) -> bool:
        """Tell whether more than this stage's plain copies may have written a path."""
        return not self._unknown.isdisjoint(("/", path, *parents_of(path)))

    def is_empty(self, path: str) -> bool:
        """Tell whether nothing is known to lie below a folder, or to be able to."""
        below = path.rstrip("/") + "/"
        return not any(each.startswith(below) for each in (*self.owners, *self.files, *self._unknown))

    def read(self, view: View) -> None:
        """Take in what an instruction makes."""
        if isinstance(view, Run):
            self._unknown.add("/")
        elif isinstance(view, Workdir):
            self._enter(view)
        elif isinstance(view, Copy):
            self._copy(view)

    def _enter(self, view: Workdir) -> None:
        text = "$" if view.path is None else self._build.expand(view.path, view).text.strip("\"'")
        path = resolved(text, self._build.scope_of(view).workdir)
        if "$" in text or "…" in path:
            self._unknown.add("/")
        else:
            self._make(parents_of(f"{path}/"), self._owner_in(view))

    def _owner_in(self, view: Workdir) -> Owner:
        user, image = self._build.scope_of(view).user, self._build.root_image(self._build.stage_of(view))
        if user is None:
            leaves = image is not None and may_leave_root(image.familiar_name, image.tag or "")
            return None if leaves else ROOT
        return owner_of(user)

    def _make(self, folders: list[str], owner: Owner) -> None:
        for each in folders:
            self.owners.setdefault(each, owner)

    def _copy(self, copy: Copy) -> None:
        target = target_of(copy, self._build)
        if target is None:
            self._unknown.add("/")
            return
        owner = owner_of_copy(copy)
        new = [each for each in target.folders if each not in self.owners]
        if copy.link:
            self.owners.update(dict.fromkeys(target.folders, owner))
        self._make(target.folders, owner)
        if copy.chmod is not None:
            self._unknown.update(new[:1])
        names = file_names(copy, self._build)
        if names is None:
            self.owners.setdefault(target.path, owner)
            self._unknown.add(target.path)
        else:
            self.files.update(f"{target.path}/{name}" if target.is_folder else target.path for name in names)


def parents_of(path: str) -> list[str]:
    """Return the folders above an absolute path, outermost first, without ``/``."""
    parts = path.strip("/").split("/")
    number = len(parts) if path.endswith("/") else len(parts) - 1
    return ["/" + "/".join(parts[: at + 1]) for at in range(number) if parts[0]]


def target_of(copy: Copy, build: Build) -> Target | None:
    """Return where a COPY writes, None where that is not known."""
    if copy.target is None:
        return None
    text = build.expand(copy.target, copy).text.strip("\"'")
    path = resolved(text, build.scope_of(copy).workdir)
    if "$" in text or "…" in path:
        return None
    return Target("/" + path.lstrip("/"), text.endswith(("/", "/.")) or text == "." or len(copy.sources) > 1)


def owner_of_copy(copy: Copy) -> Owner:
    """Return who owns what a COPY makes."""
    return ROOT if copy.chown is None else owner_of(copy.chown.value)


def owner_of(text: str) -> Owner:
    """Return the owner that USER or --chown names; the group is numbered as the user where it is left out."""
    user, _, group = ("0" if text in ("root", "root:root") else text).partition(":")
    if not re.fullmatch(r"[0-9]{1,9}", user) or not re.fullmatch(r"[0-9]{0,9}", group):
        return None
    return int(user), int(group or user)


def file_names(copy: Copy, build: Build) -> list[str] | None:
    """Return the names of the files that a COPY takes, None where folders may be among them."""
    context = build.context
    if copy.source_stage is not None or copy.parents or context is None or copy.instruction.heredocs:
        return None
    paths = [word.value.removeprefix("./").lstrip("/") for word in copy.sources]
    if copy.is_add or any(context.file(path) is None for path in paths):
        return None
    return [path.rpartition("/")[2] for path in paths]
