"""On which flavour of the image to build and run: Alpine with musl, or slim Debian with glibc."""

import re
from collections.abc import Iterable

from dockeropt.knowledge.native_packages import NATIVE_PACKAGES, NativePackage
from dockeropt.knowledge.system_packages import Purpose
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.node.managers import Manager
from dockeropt.rewrite.node.node_choice import NodeChoice
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.node.versions import major_of
from dockeropt.rewrite.options import Base
from dockeropt.rewrite.wanted_packages import WantedPackage
from dockeropt.semantics.images import ImageReference

NODE_BASES = (Base.ALPINE, Base.SLIM)
"""of --base: a last stage without a shell could make no user and no folder, nor be looked into"""


def native_packages(project: Project, manager: Manager) -> tuple[NativePackage, ...]:
    """Return the npm packages of the project, transitive ones included, that need more than Node."""
    locked = next((lock.packages for lock in project.locks if lock.manager is manager and lock.packages), {})
    stated = {**project.manifest.all_dependencies, **project.app.manifest.all_dependencies}
    found: list[NativePackage] = []
    for native in NATIVE_PACKAGES:
        versions = locked.get(native.name) or ((stated[native.name],) if native.name in stated else ())
        majors = [major_of(version) for version in versions]
        if versions and (native.before is None or any(m is None or m < native.before for m in majors)):
            found.append(native)
    return tuple(found)


def without_musl(project: Project, manager: Manager) -> tuple[str, ...]:
    """Return packages whose binaries the lock file names for glibc and not, in every version, for musl.

    Either there are none, or npm left them out (https://github.com/npm/cli/issues/4828): on Alpine the
    install succeeds and the build fails.
    """
    locked = next((lock.packages for lock in project.locks if lock.manager is manager and lock.packages), {})
    return tuple(
        name
        for name, versions in locked.items()
        if (found := _GLIBC.search(name)) is not None
        and not set(versions) <= set(locked.get(name[: found.start()] + "-linux-x64-musl", ()))
    )


_GLIBC = re.compile(r"-linux-x64-(?:gnu|glibc)$")


def choose_base(
    asked: Base | None,
    packages: Iterable[WantedPackage],
    native: Iterable[NativePackage],
    incomplete: tuple[str, ...],
) -> tuple[Base, Decision]:
    """Return the flavour: what was asked for, else Alpine unless something of the app is not made for it.

    ``incomplete`` are packages that the lock file has no binaries for musl of.
    """
    if asked is not None:
        reason = f"--base {asked.value} asks for it"
        if asked is Base.ALPINE and incomplete:
            reason += f", although the lock file has {', '.join(incomplete)} and nothing like it for musl"
        return asked, Decision(
            "base", asked.value, reason, is_notice=asked is Base.ALPINE and bool(incomplete)
        )
    if incomplete:
        reason = f"the lock file has {', '.join(incomplete)} and nothing like it for Alpine's musl"
        return Base.SLIM, Decision("base", "slim", reason, is_notice=True)
    glibc = [package.name for package in native if package.needs_glibc]
    if glibc:
        return Base.SLIM, Decision(
            "base", "slim", f"{', '.join(glibc)} publishes no binaries for Alpine's musl"
        )
    unknown = [p.name for p in packages if p.name_for(Base.ALPINE) is None and p.purpose not in _LEFT_OUT]
    if unknown:
        return Base.SLIM, Decision(
            "base",
            "slim",
            f"the old Dockerfile installs {', '.join(unknown)} with apt, whose Alpine name is not known",
        )
    return Base.ALPINE, Decision(
        "base", "alpine", "nothing in the app needs glibc, and it is the smaller one"
    )


_LEFT_OUT = (Purpose.PROBE, Purpose.INIT, Purpose.TOOL)


def image_name(node: NodeChoice, base: Base) -> str:
    """Return the image to build on; a tag that already has the flavour stays, its digest too."""
    return f"{node.repository}:{image_tag(node, base)}{_digest(node.image, base)}"


def image_tag(node: NodeChoice, base: Base) -> str:
    """Return the tag: ``22-alpine``, ``22-bookworm-slim``, ``22-alpine3.22`` as the old one has it."""
    old = "" if node.image is None or node.image.tag is None else node.image.tag
    version, _, flavour = old.partition("-")
    if not version[:1].isdigit():
        flavour = ""
    if base is Base.ALPINE:
        return f"{node.version}-{flavour if flavour.startswith('alpine') else 'alpine'}"
    release = flavour.removesuffix("-slim")
    return (
        f"{node.version}-{release}-slim"
        if release and release not in ("slim", "alpine") and "alpine" not in release
        else f"{node.version}-slim"
    )


def _digest(image: ImageReference | None, base: Base) -> str:
    if image is None or image.digest is None or image.tag is None:
        return ""
    return f"@{image.digest}" if base.value in image.tag else ""
