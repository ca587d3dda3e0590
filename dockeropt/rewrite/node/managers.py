"""The package managers a Nuxt project can have, and how a Dockerfile gets and calls each."""

from enum import Enum

from dockeropt.knowledge import package_managers
from dockeropt.knowledge.package_manager import PackageManager


class Manager(Enum):
    """A package manager; Yarn 1 and Yarn from 2 on ("berry") are two, since they share only the name."""

    NPM = "npm"
    YARN = "yarn 1"
    BERRY = "yarn berry"
    PNPM = "pnpm"
    BUN = "bun"

    @property
    def program(self) -> str:
        """The command it is called by."""
        return "yarn" if self in (Manager.YARN, Manager.BERRY) else self.value

    @property
    def knowledge(self) -> PackageManager:
        """The rules' table entry: manifests and cache folders."""
        return _KNOWLEDGE[self]

    @property
    def cache_target(self) -> str:
        """Where it keeps downloads when root runs it: the target of a cache mount."""
        caches = self.knowledge.caches
        target = caches[1].target if self is Manager.BERRY else caches[0].target
        return target.replace("~", "/root", 1)

    @property
    def npm_package(self) -> str:
        """The package on the npm registry that installs it."""
        return "@yarnpkg/cli-dist" if self is Manager.BERRY else self.program


_KNOWLEDGE = {
    Manager.NPM: package_managers.NPM,
    Manager.YARN: package_managers.YARN,
    Manager.BERRY: package_managers.YARN,
    Manager.PNPM: package_managers.PNPM,
    Manager.BUN: package_managers.BUN,
}

PNPM_BY_LOCK = {"5.0": 5, "5.1": 5, "5.2": 5, "5.3": 6, "5.4": 7, "6.0": 8, "6.1": 8, "7.0": 9, "9.0": 9}
"""lockfileVersion to the oldest pnpm major that writes it; pnpm 10 and 11 write 9.0 as 9 does"""


def manager_named(text: str, major: int | None = None) -> Manager | None:
    """Return the manager of a command or package name; Yarn is berry from major 2 on."""
    if text in ("yarn", "yarnpkg"):
        return Manager.BERRY if major is not None and major > 1 else Manager.YARN
    return {"npm": Manager.NPM, "pnpm": Manager.PNPM, "bun": Manager.BUN}.get(text)
