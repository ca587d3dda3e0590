"""DO1001: more is copied than an install reads, before it runs."""

from collections.abc import Iterable, Iterator

from dockeropt.checks.packages.installs import Install, installs_of
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.commands import commands_of
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding
from dockeropt.knowledge.manifests import is_manifest
from dockeropt.knowledge.package_manager import Reads
from dockeropt.knowledge.words import words
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Copy, Run, View

_NEUTRAL = words(
    ": [ [[ add-apt-repository apt-cache apt-get apt apt-key apk aptitude cd curl dnf dnf5 "
    "dpkg-reconfigure echo exit export false find gem gpg locale-gen ln microdnf mkdir mv npm "
    "pip pip3 pnpm printf pwd rm set  tdnf tee test true update-ca-certificates uv wget yarn "
    "yum zypper "
)
"""commands beside an install that read nothing of the project either"""
_REMOVING = words("autoremove del erase purge remove uninstall")


def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each install that runs again when a file changes which it does not read."""
    candidates = [
        (run, install)
        for run, installs in _runs(build)
        if (install := _first(run, installs, build)) is not None
    ]
    if candidates:
        # the step graph is loaded only for a file that may be at fault
        from dockeropt.checks.cache.install_surface import findings

        yield from findings(candidates, build)


def _runs(build: Build) -> list[tuple[Run, tuple[Install, ...]]]:
    """Return each RUN that installs, with its installs; none where all take nothing but manifests."""
    found: list[tuple[Run, tuple[Install, ...]]] = []
    takes: list[bool] = []
    is_suspect = False
    for stage in build.stages:
        has_files = stage.base_stage is not None and takes[stage.base_stage]
        for view in stage.views:
            if _takes_more(view):
                has_files = True
            if isinstance(view, Run):
                installs = installs_of(view, build)
                if installs:
                    found.append((view, installs))
                    is_suspect = is_suspect or has_files
        takes.append(has_files)
    return found if is_suspect else []


def _takes_more(view: View) -> bool:
    """Tell whether an instruction may take files of the context that are no manifests."""
    if isinstance(view, Copy):
        return view.source_stage is None and not all(is_manifest(word.value) for word in view.sources)
    return isinstance(view, Run) and any(mount.type == "bind" for mount in view.mounts)


def is_neutral(commands: Iterable[Command]) -> bool:
    """Tell whether commands read nothing of the project but what their installs read."""
    for command in commands:
        if command.base_name not in _NEUTRAL or command.wrappers[-1:] == ("xargs",):
            return False
        for word in command.words:
            if word.value in _REMOVING or "$(" in word.value or "`" in word.value:
                return False
    return True


def _first(run: Run, installs: tuple[Install, ...], build: Build) -> Install | None:
    """Return the install to speak of: one of manifests before one that also builds, named packages last."""
    for reads in (Reads.MANIFESTS, Reads.SOURCES):
        for install in installs:
            if install.reads is reads:
                return install
    if not is_neutral(commands_of(run, build)):
        return None
    if any(word.value.startswith(("/", "./")) for install in installs for word in install.packages):
        return None
    return next((install for install in installs if install.packages), installs[0])


RULE = Rule("DO1001", "copy-before-install", Severity.WARNING, Build, check, fixes=Applicability.UNSAFE)
