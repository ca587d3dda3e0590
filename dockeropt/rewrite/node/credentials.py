"""Credentials of private registries: mounted as secrets while something is installed, never in a layer."""

import re

from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.roles import Role
from dockeropt.rewrite.steps import Secret, secret_mount

_TARGETS = {
    ".npmrc": "/root/.npmrc",
    ".yarnrc.yml": "/root/.yarnrc.yml",
    ".yarnrc": "/root/.yarnrc",
    "bunfig.toml": "/root/.bunfig.toml",
}
_WRITES_TOKEN = re.compile(r"_auth(?:Token)?\b|npm login|npmAuthToken|_password")


class Credentials(NamedTuple):
    """Mounts and variables for the install, and the files that may not get into the context."""

    mounts: tuple[str, ...]
    prefix: str
    """``NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)" `` in front of the command"""
    secrets: tuple[Secret, ...]
    hidden: tuple[str, ...]
    variables: tuple[str, ...]
    decisions: tuple[Decision, ...]


def plan_credentials(project: Project, intent: Intent | None, names: tuple[str, ...]) -> Credentials:
    """Return how the registry credentials of the settings files ``names`` reach the install."""
    mounts: list[str] = []
    secrets: list[Secret] = []
    variables: list[str] = []
    hidden: list[str] = []
    decisions: list[Decision] = []
    for name in names:
        settings = project.settings_of(name)
        was_copied = settings is None and name == ".npmrc" and _copies_npmrc(intent)
        if was_copied or (settings is not None and settings.holds_secret):
            identifier = name.strip(".").replace(".", "-").removesuffix("-yml").removesuffix("-toml")
            mounts.append(secret_mount(identifier, _TARGETS[name]))
            secrets.append(Secret(identifier, f"id={identifier},src={name}"))
            hidden.append(name)
            reason = f"{name} holds a credential that would stay in a layer"
            if was_copied:
                reason = f"the old Dockerfile takes a registry credential from {name}, which is not here"
            decisions.append(_decision(identifier, f"id={identifier},src={name}", reason))
        elif settings is not None:
            for variable in settings.secret_variables:
                if variable not in variables:
                    variables.append(variable)
                    mounts.append(secret_mount(variable))
                    secrets.append(Secret(variable, f"id={variable},env={variable}"))
                    reason = f"{name} takes it from the environment; as an ARG it would stay in the history"
                    decisions.append(_decision(variable, f"id={variable},env={variable}", reason))
    for mount in () if intent is None else intent.build.mounts(Role.INSTALL):
        if "type=cache" not in mount and not _is_mounted(mount, mounts):
            mounts.append(mount)
            reason = "the old Dockerfile installs with it"
            decisions.append(Decision("credentials", f"keeps --mount={mount}", reason))
    prefix = "".join(f'{name}="$(cat /run/secrets/{name})" ' for name in variables)
    prefix += "".join(f"{text} " for text in _assignments(intent, variables))
    return Credentials(
        tuple(mounts), prefix, tuple(secrets), tuple(hidden), tuple(variables), tuple(decisions)
    )


def _decision(identifier: str, argument: str, reason: str) -> Decision:
    return Decision(
        "credentials", f"secret {identifier}: docker build --secret {argument}", reason, is_notice=True
    )


def _copies_npmrc(intent: Intent | None) -> bool:
    """Tell whether the old Dockerfile copies an .npmrc that is not in the project, or writes one."""
    if intent is None:
        return False
    if any(_WRITES_TOKEN.search(run.text) for run in intent.build.runs):
        return True
    return any(
        source.rpartition("/")[2] == ".npmrc" for copy in intent.build_copies for source in copy.sources
    )


def _is_mounted(mount: str, mounts: list[str]) -> bool:
    identifier = re.search(r"(?:^|,)id=([^,]+)", mount)
    return mount in mounts or (
        identifier is not None and any(f"id={identifier[1]}," in f"{other}," for other in mounts)
    )


def _assignments(intent: Intent | None, known: list[str]) -> tuple[str, ...]:
    """Return the variables that the old install command sets for itself, as written."""
    commands = () if intent is None else intent.build.commands(Role.INSTALL)
    words = [word for each in commands for word in each.command.assignments]
    skipped = {*known, "CI", "CYPRESS_INSTALL_BINARY", "PUPPETEER_SKIP_DOWNLOAD", "NODE_ENV"}
    return tuple(dict.fromkeys(word.raw for word in words if word.value.partition("=")[0] not in skipped))
