"""The first-parent history of a git repository, newest commit first, read in one pass."""

import os
from collections.abc import Iterator

from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.replay.git import Git, broken

FILE, PROGRAM, LINK, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o160000
"""the modes git keeps"""


class Blob(NamedTuple):
    """A file as git has it: the id of its content, for a submodule that of its commit, and its mode."""

    id: str
    mode: int


class Change(NamedTuple):
    """What a commit did to a path; None where there was or is no file. A rename is two of them."""

    path: str
    before: Blob | None
    after: Blob | None


class Commit(NamedTuple):
    """A commit of the first-parent line."""

    id: str
    time: int
    """seconds since 1970, when it was committed"""
    parent: str | None
    """None for the first one, and where a shallow clone ends"""


class History(NamedTuple):
    """The last commits of a branch. Paths are relative to the root of the repository."""

    git: Git
    root: str | None
    """the folder of the work tree, links resolved; None for a bare repository"""
    folder: str
    """the context's path in the repository with a slash at its end, empty for the root"""
    branch: str
    """as the user calls it"""
    commits: tuple[Commit, ...]
    """newest first"""
    is_shallow: bool
    """whether it ends because the clone does"""

    def tree(self) -> dict[str, Blob]:
        """Return all files of the newest commit."""
        found: dict[str, Blob] = {}
        for field in self.git.fields("ls-tree", "-r", "-z", "--full-tree", self.commits[0].id):
            mode, _, rest = field.split(b" ", 2)
            blob, _, path = rest.partition(b"\t")
            found[_text(path)] = Blob(blob.decode(), int(mode, 8))
        return found

    def changes(self) -> Iterator[tuple[Commit, tuple[Change, ...]]]:
        """Yield each commit with what it did since its first parent, newest first, without the last one."""
        pairs = [(each.id, each.parent) for each in self.commits[:-1]]
        asked = "".join(f"{own} {parent}\n" for own, parent in pairs).encode()
        words = ("diff-tree", "--stdin", "--always", "-r", "-z", "--raw", "--no-abbrev", "--no-renames")
        fields = self.git.fields(*words, "--ignore-submodules=none", data=asked)
        head = next(fields, None)
        for commit in self.commits[:-1]:
            if head is None or head.decode("ascii", "replace") != commit.id:
                # git passes over a commit it does not have, and does not call that a failure
                raise broken("diff-tree", f"bad object {commit.id[:12]}")
            found: list[Change] = []
            head = None
            for field in fields:
                if not field.startswith(b":"):
                    head = field
                    break
                before, after, old, new, _ = field[1:].split(b" ")
                found.append(Change(_text(next(fields)), _blob(old, before), _blob(new, after)))
            yield commit, tuple(found)


def open_history(context: str, branch: str | None = None, commits: int = 200) -> History:
    """Return the last commits of a branch, what is checked out unless named, and the one before them.

    Raises UsageError where there is no repository, no such branch or no commit, MeasureError without git.
    """
    git = Git(context)
    told, complaint = git.try_run("rev-parse", "--is-inside-work-tree", "--is-shallow-repository")
    if told is None:
        raise _no_repository(context, complaint)
    is_tree, is_shallow = told.split()
    root, folder = None, ""
    if is_tree == b"true":
        root = os.path.realpath(_line(git.run("rev-parse", "--show-toplevel")))
        folder = _line(git.run("rev-parse", "--show-prefix"))
    name = branch or "HEAD"
    found, _ = git.try_run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found is None:
        raise _no_commit(git, branch)
    start = found.split()[0].decode()
    words = ("rev-list", "--first-parent", "--parents", "--timestamp", f"--max-count={commits + 1}", start)
    listed = tuple(_commit(line) for line in git.run(*words).splitlines())
    ends_early = is_shallow == b"true" and listed[-1].parent is None
    return History(git, root, folder, branch or _branch(git), listed, ends_early)


def _commit(line: bytes) -> Commit:
    time, own, *parents = line.decode().split()
    return Commit(own, int(time), parents[0] if parents else None)


def _branch(git: Git) -> str:
    found, _ = git.try_run("symbolic-ref", "--quiet", "--short", "HEAD")
    return "a detached head" if found is None else _line(found)


def _blob(found: bytes, mode: bytes) -> Blob | None:
    return None if mode == b"000000" else Blob(found.decode(), int(mode, 8))


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _line(output: bytes) -> str:
    """Return a path that git prints; it may hold newlines, only the last one is git's."""
    return os.fsdecode(output.removesuffix(b"\n"))


def _no_repository(context: str, complaint: str) -> UsageError:
    if "dubious ownership" in complaint or "safe.directory" in complaint:
        return UsageError(
            f"git does not trust the repository of {context}: another user owns it",
            "run `git config --global --add safe.directory FOLDER`, if you do",
        )
    if "not a git repository" in complaint or not complaint:
        return UsageError(f"{context} is in no git repository", "give a folder of one, such as a clone")
    return UsageError(f"git cannot read {context}: {complaint.removeprefix('fatal: ')}")


def _no_commit(git: Git, branch: str | None) -> UsageError:
    if branch is None:
        return UsageError("the repository has no commits yet", "commit at least twice")
    known = git.run("for-each-ref", "--count=3", "--format=%(refname:short)", "refs/heads", "refs/remotes")
    names = ", ".join(known.decode("utf-8", "replace").split())
    return UsageError(
        f"there is no branch or commit {branch}", f"there are {names}" if names else "it has no branches"
    )
