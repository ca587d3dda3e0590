"""Where the files of the build context come to lie in the image."""

from posixpath import normpath

from dockeropt.semantics.build import Build
from dockeropt.semantics.context import Context
from dockeropt.syntax.instructions import Copy


def landings(copy: Copy, build: Build, context: Context) -> dict[str, str]:
    """Return the paths that a copy from the context writes in the image, each with that in the context.

    Several files go to a folder, and so does one whose target ends with ``/`` or is the working directory.
    """
    if copy.target is None:
        return {}
    workdir = build.scope_of(copy).workdir
    target = resolved(copy.target.value, workdir)
    is_folder = copy.target.value.endswith(("/", "/.")) or target == resolved(".", workdir)
    found: dict[str, str] = {}
    root = "" if target == "/" else target
    for word in copy.sources:
        selected = context.select([word.value])
        source = normpath("/" + word.value).strip("/")
        names_file = context.file(source) is not None
        depth = source.count("/") + 1 if any(mark in source for mark in "*?[") else 0
        goes_inside = is_folder or len(copy.sources) > 1 or len(selected) > 1
        for file in selected:
            if names_file or (depth and file.path.count("/") < depth):
                inner = file.path.rpartition("/")[2]
                found[f"{root}/{inner}" if goes_inside else target] = file.path
            elif depth:
                found[f"{root}/{file.path.split('/', depth)[depth]}"] = file.path
            else:
                found[f"{root}/{file.path[len(source) :].lstrip('/')}"] = file.path
    return found


def resolved(path: str, workdir: str | None) -> str:
    """Return an absolute path; below a made-up one where the base image's working directory is not known."""
    return normpath(path if path.startswith("/") else f"{workdir or '/…'}/{path}")
