"""Whether a folder's content is on a mount, or removed by a command."""

from fnmatch import fnmatchcase

from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Mount


def is_on_mount(mounts: tuple[Mount, ...], folder: str) -> bool:
    """Tell whether a folder lies on a cache or tmpfs mount, which is no part of the layer."""
    for mount in mounts:
        target = mount.options.get("target", "").rstrip("/")
        if mount.type in ("cache", "tmpfs") and target:
            if "$" in target or (_in_home(folder) + "/").startswith(_in_home(target) + "/"):
                return True
            if folder.startswith("~/") and target.endswith(folder[1:]):
                return True
    return False


def removes(command: Command, folder: str, working_directory: str) -> bool:
    """Tell whether ``rm`` or ``find -delete``, run within a directory, removes what is in a folder."""
    paths = command.arguments
    if command.base_name == "find":
        if not any(word.value in ("-delete", "-exec", "-execdir") for word in command.words):
            return False
        paths = paths[:1]
    elif command.base_name != "rm":
        return False
    return any(_covers(path.value, folder, working_directory) for path in paths)


def _covers(path: str, folder: str, working_directory: str) -> bool:
    """Tell whether removing a path removes a folder or all that lies in it."""
    if not path.startswith(("/", "~")) and "$" not in path:
        path = f"{working_directory}/{path}"
    folder = _in_home(folder)
    if "cache dir" in path:  # $(yarn cache dir)
        return True
    for each in _alternatives(path.replace("//", "/")):
        stem = each.rstrip("/")
        while stem.endswith(("/*", "/**", "/.")):
            stem = stem.rpartition("/")[0].rstrip("/")
        stem = _in_home(stem)
        if stem.endswith(folder) or (stem and (folder + "/").startswith(stem + "/")):
            return True
        parent, _, name = stem.rpartition("/")
        if parent.endswith(folder) and "*" in name:
            return True
        if "*" in stem and fnmatchcase(folder, stem):
            return True
    return False


def _in_home(path: str) -> str:
    """Return a path with the folder of any user as ``~``."""
    parts = path.rstrip("/").split("/")
    if parts[0] in ("$HOME", "${HOME}", "~"):
        return "/".join(["~", *parts[1:]])
    if parts[:2] == ["", "root"]:
        return "/".join(["~", *parts[2:]])
    if parts[:2] == ["", "home"] and len(parts) > 2:
        return "/".join(["~", *parts[3:]])
    return "/".join(parts)


def _alternatives(path: str) -> list[str]:
    """Return the paths a word with one pair of braces stands for."""
    head, brace, rest = path.partition("{")
    middle, closing, tail = rest.partition("}")
    if not brace or not closing or head.endswith("$"):
        return [path]
    return [head + each + tail for each in middle.split(",")]
