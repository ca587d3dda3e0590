"""Whether a RUN uses a variable: by its name, or unseen inside a program it starts."""

import re
from functools import lru_cache

from dockeropt.checks.packages.installs import read_install
from dockeropt.checks.shell.commands import commands_of
from dockeropt.knowledge.package_manager import Reads
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.syntax.instructions import Run

_NOT_READING = words(
    ": [ [[ add-apt-repository addgroup adduser apk apt apt-cache apt-get apt-key aptitude cat "
    "cd chgrp chmod chown  chsh corepack cp curl date dnf dpkg echo exit export find gem gpg "
    "grep groupadd id install ldconfig ln  locale-gen ls microdnf mkdir mv pip pip3 printf pwd "
    "rm rmdir sed set sha256sum sleep tar tee test touch true  unset unzip update-ca- "
    "certificates update-alternatives useradd usermod wget yum zypper "
)
"""programs that do not care for a project's own variables"""
_SET_UP = (
    ("npm", "config"),
    ("npm", "cache"),
    ("yarn", "config"),
    ("yarn", "cache"),
    ("pnpm", "config"),
    ("go", "env"),
)


@lru_cache(256)
def _reference(name: str) -> re.Pattern[str]:
    return re.compile(rf"\$\{{?{re.escape(name)}(?![A-Za-z0-9_])|(?<![A-Za-z0-9_]){re.escape(name)}=")


def mentions(text: str, name: str) -> bool:
    """Tell whether a text uses or sets a variable by its name."""
    return name in text and _reference(name).search(text) is not None


def may_read_environment(run: Run, build: Build) -> bool:
    """Tell whether a RUN starts a program that may look for variables on its own: a script, a build."""
    commands = commands_of(run, build)
    if not commands:
        return True
    for command in commands:
        if not command.name or command.base_name in _NOT_READING:
            continue
        if (command.base_name, command.subcommand) in _SET_UP:
            continue
        install = read_install(command)
        if install is None or install.reads is Reads.SOURCES:
            return True
    return False
