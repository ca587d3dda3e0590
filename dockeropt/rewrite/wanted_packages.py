"""The system packages an old Dockerfile installs."""

import re

from dockeropt.knowledge.system_packages import Purpose, alpine_package, debian_package
from dockeropt.records import NamedTuple
from dockeropt.rewrite.intent import Intent, StageIntent
from dockeropt.rewrite.options import Base
from dockeropt.rewrite.roles import Role, system_manager, system_packages


class WantedPackage(NamedTuple):
    """A system package the old Dockerfile installs, in the words of its own distribution."""

    name: str
    pin: str
    """``=1.2.3`` where it is pinned"""
    is_debian: bool
    in_build: bool
    in_final: bool
    """which stages of a Dockerfile with several install it; neither where there is only one"""

    @property
    def purpose(self) -> Purpose | None:
        """What it is for, None where the tables do not know it."""
        known = debian_package(self.name) if self.is_debian else alpine_package(self.name)
        if known is not None:
            return known.purpose
        return Purpose.BUILD if self.name.endswith(("-dev", "-headers")) else None

    def name_for(self, base: Base) -> str | None:
        """Return its name in a distribution: empty where it is not needed there, None where unknown."""
        if self.is_debian is (base is Base.SLIM):
            return self.name
        known = debian_package(self.name) if self.is_debian else alpine_package(self.name)
        if known is None:
            return None
        return known.debian if base is Base.SLIM else known.alpine


_IN_THE_IMAGE = frozenset(("nodejs", "npm", "nodejs-npm", "nodejs-current", "yarn", "corepack"))


def wanted_packages(intent: Intent | None) -> tuple[WantedPackage, ...]:
    """Return the system packages the old Dockerfile installs, each once."""
    if intent is None:
        return ()
    found: dict[str, WantedPackage] = {}
    stages: tuple[StageIntent, ...] = (
        (intent.build, intent.final) if intent.is_multi_stage else (intent.final,)
    )
    for stage in stages:
        in_final = intent.is_multi_stage and stage is intent.final
        for each in stage.commands(Role.SYSTEM):
            manager = system_manager(each.command)
            is_debian = manager is not None and manager.name != "apk"
            for package in system_packages(each.command):
                name = re.split(r"[=~<>@]", package)[0]
                if not name or "$" in name or name.startswith(("/", "./")) or name in _IN_THE_IMAGE:
                    continue
                pin = package[len(name) :]
                old = found.get(name, WantedPackage(name, pin, is_debian, False, False))
                found[name] = old._replace(
                    in_build=old.in_build or (intent.is_multi_stage and not in_final),
                    in_final=old.in_final or in_final,
                )
    return tuple(found.values())
