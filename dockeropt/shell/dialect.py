"""Which language the script of a RUN is in: only what a POSIX shell runs is read as one."""

import re

from dockeropt.shell.script import Dialect

_PROGRAMS = {
    **dict.fromkeys(("ash", "bash", "dash", "ksh", "mksh", "rbash", "sh", "zsh"), Dialect.POSIX),
    **dict.fromkeys(("powershell", "pwsh", "pwsh-preview"), Dialect.POWERSHELL),
    "cmd": Dialect.CMD,
}
# Programs that run the one named after them: SHELL ["/usr/bin/env", "bash", "-c"].
_CARRIERS = frozenset(
    {"busybox", "chroot", "conda", "dumb-init", "env", "mamba", "micromamba", "scl", "sudo", "tini"}
)

# Repositories whose images run on Windows: Microsoft's own, and the names they had before mcr.microsoft.com.
_WINDOWS_IMAGE = (
    r"(?:^|/)(?:windows/|windows$|windowsservercore|nanoserver|servercore)"
    r"|dotnet/framework/|-windowsservercore|-nanoserver"
)
_WINDOWS_TAG = r"windowsservercore|nanoserver|servercore|(?:^|[-_.])(?:windows|win)(?:[-_.]|$)|ltsc20\d\d"
# What one of the two needs: most images have none of it, and then neither is compiled.
_OF_WINDOWS = ("win", "server", "dotnet/framework", "ltsc20")
_SHEBANG = r"#![ \t]*(\S+)(?:[ \t]+(.*))?"


def dialect_of(
    shell: tuple[str, ...] | None, image: str | None = None, script: str = "", tag: str | None = None
) -> Dialect:
    """Return the language of a RUN script.

    ``shell`` is SHELL's arguments, None for the image's own shell; ``image`` the repository of the stage's
    base image, with or without its tag, ``tag`` the tag when it is known apart. ``script`` is the text of a
    heredoc that is run as a whole: its ``#!`` line decides, as BuildKit then runs it as a file.
    """
    if script.startswith("#!"):
        return _of_shebang(script)
    if shell is not None:
        return _of_arguments(shell)
    return Dialect.CMD if is_windows(image, tag) else Dialect.POSIX


def is_windows(image: str | None, tag: str | None = None) -> bool:
    """Tell whether an image runs on Windows, as far as its name says."""
    if not image:
        return False
    repository = image.lower().partition("@")[0]
    tag = None if tag is None else tag.lower()
    if not any(part in repository or (tag is not None and part in tag) for part in _OF_WINDOWS):
        return False
    if tag is None:
        head, colon, last = repository.rpartition(":")
        if colon and "/" not in last:
            repository, tag = head, last
    if re.search(_WINDOWS_IMAGE, repository):
        return True
    return tag is not None and re.search(_WINDOWS_TAG, tag) is not None


def _of_shebang(script: str) -> Dialect:
    line = re.match(_SHEBANG, script)
    if line is None:
        return Dialect.POSIX
    return _of_arguments((line[1], *(line[2] or "").split()))


def _of_arguments(arguments: tuple[str, ...]) -> Dialect:
    if not arguments:
        return Dialect.POSIX
    program = _program(arguments[0])
    if program in _CARRIERS:
        named = [_PROGRAMS[name] for name in map(_program, arguments[1:]) if name in _PROGRAMS]
        return named[0] if named else Dialect.OTHER
    return _PROGRAMS.get(program, Dialect.OTHER)


def _program(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    return name.removesuffix(".exe")
