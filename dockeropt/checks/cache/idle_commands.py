"""Commands that read nothing of the project, so they may as well run before it is copied."""

from dockeropt.checks.packages.installs import read_install
from dockeropt.knowledge.package_manager import Reads
from dockeropt.knowledge.words import words
from dockeropt.shell.script import Command

_IDLE = words(
    ": adduser addgroup apk apt apt-get curl dnf dpkg echo export gpg groupadd locale-gen microdnf mkdir "
    "printf set tdnf true update-ca-certificates useradd wget yum zypper"
)
"""programs that read nothing of the project"""
_CONFIGURED = frozenset(
    ("bundle", "composer", "corepack", "mix", "npm", "pip", "pip3", "pnpm", "poetry", "yarn")
)
_CONFIGURING = ("cache", "config", "enable", "local.hex", "local.rebar", "prepare", "set", "use")
_SYSTEM_FOLDERS = ("/root/", "/tmp/", "/var/", "~")  # noqa: S108 - in the image


def is_idle(command: Command) -> bool:
    """Tell whether a command reads nothing of the project, wherever it is run."""
    install = read_install(command)
    if install is not None:
        return install.reads is Reads.NOTHING
    if command.base_name == "rm":
        return all(word.value.startswith(_SYSTEM_FOLDERS) for word in command.arguments)
    if command.base_name in _CONFIGURED:
        return command.subcommand in _CONFIGURING
    return command.base_name in _IDLE
