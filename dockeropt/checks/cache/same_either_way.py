"""Commands that do the same whether all sources lie there, or only what an install beside them reads."""

import re
from collections.abc import Collection
from posixpath import normpath

from dockeropt.checks.cache.needed_files import needed_files
from dockeropt.checks.packages.installs import read_install
from dockeropt.knowledge.package_manager import Reads
from dockeropt.semantics.context import Context
from dockeropt.shell.script import Command

_TESTS = ("[", "[[", "test")
_OF_FILES = r"-[b-hkprstuwxGLNOS]"
_OF_TWO_FILES = ("-nt", "-ot", "-ef")
_PLAIN = r"[\w./@+-]+"


def tests_alike(command: Command, workdir: str, first: Collection[str], later: Collection[str]) -> bool:
    """Tell whether a test comes out the same: of each file it asks for all is there first, or nothing ever.

    ``first`` and ``later`` are absolute paths in the image. So does ``exit``, which ends the RUN.
    """
    if command.base_name not in _TESTS:
        return command.base_name == "exit"
    words = [word.value for word in command.words]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word in _OF_TWO_FILES:
            return False
        if re.fullmatch(_OF_FILES, word):
            if not re.fullmatch(_PLAIN, following):
                return False
            path = normpath(f"{workdir}/{following}" if following[:1] != "/" else following)
            is_late = any(each == path or each.startswith(path + "/") for each in later)
            if path not in first and is_late:
                return False
    return True


def installs_alike(
    command: Command,
    family: tuple[str, ...],
    files: Collection[str],
    context: Context,
    folder: str,
    text: str,
) -> bool:
    """Tell whether a command is an install of the same manifests that reads no other files."""
    install = read_install(command)
    if install is None or install.reads is not Reads.MANIFESTS or install.manager.manifests != family:
        return False
    needed = needed_files(install, context, folder, "", text)
    return needed is not None and set(needed) <= set(files)
