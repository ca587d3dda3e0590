"""Reading and writing files: the one place below the commands that touches the disk."""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator

from dockeropt.errors import UsageError
from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Source

LARGEST_DOCKERFILE = 10_000_000
"""bytes; the largest real Dockerfile we have seen has some 200,000"""

_SKIPPED_FOLDERS = frozenset(
    (".git", ".hg", ".svn", "node_modules", ".venv", ".tox", ".nox", ".terraform", "__pycache__", ".direnv")
)
_DOCKERFILE = r"(?:docker|container)file(?:\.[^.].*)?|.+\.(?:docker|container)file"
_NOT_DOCKERFILE = (
    r".*(?:\.(?:dockerignore|containerignore|j2|jinja2?|tmpl|tpl|template|erb|in|m4|mustache|hbs|ejs|md|rst|bak"
    r"|orig|rej|sw[op])|~)"
)


class ListedFile(NamedTuple):
    """A file below a folder: path relative to it with ``/``, size in bytes, permission bits."""

    path: str
    size: int
    mode: int


def read_source(path: str) -> Source:
    """Return a Dockerfile's source; raises UsageError where the file cannot be one."""
    return source_of(read_bytes(path), path)


def source_of(data: bytes, path: str) -> Source:
    """Return the source of a Dockerfile's bytes; raises UsageError where they are too many or no text."""
    if len(data) > LARGEST_DOCKERFILE:
        raise _too_large(path, LARGEST_DOCKERFILE)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{path} is UTF-16 text, which BuildKit cannot read", "save it as UTF-8")
    if b"\0" in data:
        raise UsageError(f"{path} is binary data, not a Dockerfile", "name the Dockerfile itself")
    return Source.decode(data, path)


def read_text(path: str, limit: int = LARGEST_DOCKERFILE) -> str | None:
    """Return a file's text, bytes that are not UTF-8 as lone surrogates; None where there is no such file.

    Raises UsageError where it cannot be read or has more than ``limit`` bytes.
    """
    try:
        return read_bytes(path, limit).decode("utf-8", "surrogateescape")
    except _MissingError:
        return None


def read_bytes(path: str, limit: int = LARGEST_DOCKERFILE) -> bytes:
    """Return a file's bytes; raises UsageError where it cannot be read or has more than ``limit``."""
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > limit else file.read(limit + 1)
    except FileNotFoundError as error:
        raise _MissingError(f"there is no file {path}", "check the path") from error
    except IsADirectoryError as error:
        raise UsageError(
            f"{path} is a folder", f"name the file, such as {os.path.join(path, 'Dockerfile')}"
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot read {path}: {_reason(error)}", "check the path and who may read it"
        ) from error
    if size > limit or len(data) > limit:
        raise _too_large(path, limit)
    return data


def write_atomically(path: str, data: bytes, root: str | None = None) -> None:
    """Write a file as a whole or not at all; an existing file keeps its mode and owner.

    A symbolic link is followed where it stays inside ``root``, by default the folder of ``path``. Raises
    UsageError where nothing could be written; the file is then as it was.
    """
    target = os.path.realpath(path)
    if os.path.islink(path):
        inside = os.path.realpath(os.path.dirname(path) or "." if root is None else root)
        if os.path.commonpath((inside, target)) != inside:
            raise UsageError(
                f"{path} is a link to {target}, outside {inside}",
                "replace the link by a file, or write to its target",
            )
    try:
        _replace(target, data)
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {_reason(error)}", _WRITE_HINTS.get(error.errno or 0, "")
        ) from error


def list_files(root: str, prunes: Callable[[str], bool] | None = None) -> tuple[ListedFile, ...]:
    """Return every file below a folder, by path; links are not followed and listed with their own size.

    A folder for whose path ``prunes`` answers True is not walked, nor one that may not be read. Raises
    UsageError where ``root`` is no readable folder.
    """
    found: list[ListedFile] = []
    folders = [""]
    while folders:
        folder = folders.pop()
        for entry in _entries(os.path.join(root, folder), is_root=not folder):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if prunes is None or not prunes(path):
                    folders.append(path)
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            found.append(ListedFile(path, status.st_size, stat.S_IMODE(status.st_mode)))
    return tuple(sorted(found))


def find_dockerfiles(*roots: str, ignores: Callable[[str, bool], bool] | None = None) -> tuple[str, ...]:
    """Return the paths of the Dockerfiles in folders, by path; a root that is a file is returned as it is.

    Version control, installed packages and virtual environments are not searched, templates not returned,
    nor what ``ignores`` answers True for when it is given a path and whether it is a folder.
    Raises UsageError where a root is neither a file nor a readable folder.
    """
    found: list[str] = []
    for root in roots:
        if os.path.isdir(root):
            found.extend(sorted(_dockerfiles_in(root, ignores)))
        elif os.path.lexists(root):
            found.append(root)
        else:
            raise _MissingError(f"there is no file {root}", "check the path")
    return tuple(dict.fromkeys(found))


def is_dockerfile_name(name: str) -> bool:
    """Tell whether a file's name is that of a Dockerfile, in any spelling, and not of a template of one."""
    lowered = name.lower()
    return bool(re.fullmatch(_DOCKERFILE, lowered)) and not re.fullmatch(_NOT_DOCKERFILE, lowered)


class _MissingError(UsageError):
    """There is no such file."""


_WRITE_HINTS = {
    errno.ENOSPC: "free some space and run the command again; the file is as it was",
    errno.EDQUOT: "free some space and run the command again; the file is as it was",
    errno.EACCES: "check who owns the folder",
    errno.EPERM: "check who owns the folder",
    errno.EROFS: "write somewhere else with --output",
    errno.ENOENT: "make the folder first",
}


def _too_large(path: str, limit: int) -> UsageError:
    return UsageError(f"{path} has more than {limit // 1_000_000} MB", "name the Dockerfile itself")


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) else None
    return (text or str(error)).lower()


def _replace(target: str, data: bytes) -> None:
    """Write the data beside the target under another name, then rename it."""
    folder, name = os.path.split(target)
    try:
        old = os.stat(target)
    except FileNotFoundError:
        old = None
    if old is not None and not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, "it is not a file")
    temporary = os.path.join(folder, f".{name[:100]}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if old is not None:
                _take_over(file.fileno(), old)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _take_over(descriptor: int, old: os.stat_result) -> None:
    from contextlib import suppress

    new = os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):  # only root may give a file away; its content matters more
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _entries(folder: str, is_root: bool) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        if is_root:
            raise UsageError(
                f"cannot read the folder {folder}: {_reason(error)}", "check the path"
            ) from error
        return []


def _dockerfiles_in(root: str, ignores: Callable[[str, bool], bool] | None) -> Iterator[str]:
    folders = [root]
    while folders:
        folder = folders.pop()
        entries = _entries(folder, is_root=folder == root)
        if folder != root and any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED_FOLDERS and not (ignores and ignores(entry.path, True)):
                    folders.append(entry.path)
            elif is_dockerfile_name(entry.name) and entry.is_file():
                if ignores and ignores(entry.path, False):
                    continue
                yield entry.path.removeprefix("./")
