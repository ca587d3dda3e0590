"""What a package manager downloads and leaves in the layer: one fault under seven of them."""

from collections.abc import Iterator

from dockeropt.checks.packages.configuration import configured_from, is_set
from dockeropt.checks.packages.invocations import (
    Invocation,
    invocations_of,
    is_one_of,
    program_of,
    subcommand_words,
)
from dockeropt.checks.packages.removal import is_on_mount, removes
from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.shell.assignments import values_in
from dockeropt.checks.shell.commands import commands_of
from dockeropt.checks.stages.shipped import shipped_stages
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding
from dockeropt.knowledge.kept_downloads import (
    APK_INDEX,
    APT_LISTS,
    DNF_DOWNLOADS,
    PIP_DOWNLOADS,
    UV_DOWNLOADS,
    YARN_DOWNLOADS,
    YUM_DOWNLOADS,
    ZYPPER_DOWNLOADS,
    KeptDownload,
)
from dockeropt.semantics.build import Build
from dockeropt.shell.script import Command
from dockeropt.syntax.instructions import Run

_SAFE = Applicability.SAFE


def _rule(code: str, slug: str, severity: Severity, fixes: Applicability, *kinds: KeptDownload) -> Rule:
    """Return the rule for one manager: a finding at each command of the image whose downloads stay."""

    def check(build: Build, _: Build, options: Options) -> Iterator[Finding]:
        for kind in kinds:
            yield from _check(kind, build)

    programs = tuple(program for kind in kinds for program in kind.programs)
    return Rule(code, slug, severity, Build, check, fixes=fixes, programs=programs)


def _check(kind: KeptDownload, build: Build) -> Iterator[Finding]:
    shipped = {stage.number for stage in shipped_stages(build)}
    last: dict[int, Finding] = {}
    cleanings: dict[tuple[int, tuple[str, ...]], int] = {}
    for invocation in invocations_of(kind.programs, build):
        command = invocation.command
        if invocation.stage.number not in shipped or command.has_flag("--help", "--version", *kind.options):
            continue
        operands = command.operands(kind.valued_options)
        if not is_one_of(operands, kind.subcommands) or _is_off(kind, invocation, build):
            continue
        folders = _folders(kind, invocation, build)
        if any(is_on_mount(invocation.run.mounts, folder) for folder in folders):
            continue
        start = invocation.run.instruction.span.start
        where = start, tuple(folders)
        if where not in cleanings:
            cleanings[where] = _last_cleaning(kind, invocation.run, folders, build)
        is_removed = cleanings[where] > command.span.start
        if is_removed and not kind.removed:
            continue
        message = _message(kind, command, is_removed)
        from dockeropt.checks.packages.cleanups import cleaning_fix, option_fix

        if kind.options:
            subcommand = subcommand_words(operands, kind.subcommands)
            yield Finding(command.span, message, option_fix(kind, invocation, subcommand, is_removed, build))
        else:
            last[start] = Finding(command.span, message, cleaning_fix(kind, invocation, build))
    yield from last.values()


def _is_off(kind: KeptDownload, invocation: Invocation, build: Build) -> bool:
    """Tell whether a variable or the configuration says that nothing is to be kept."""
    if kind.variable:
        given = f"{kind.variable}="
        own = [word.value for word in invocation.command.assignments if word.value.startswith(given)]
        if own[-1] != given if own else values_in(invocation.run, build).get(kind.variable):
            return True
    setting = kind.setting
    return setting is not None and is_set(invocation, setting, configured_from(setting, build))


def _folders(kind: KeptDownload, invocation: Invocation, build: Build) -> list[str]:
    """Return where the downloads are: where an option or a variable says, else where they usually are."""
    given = invocation.command.option_value(*kind.folder_options) if kind.folder_options else None
    if given:
        return [given]
    values = values_in(invocation.run, build)
    moved = [
        values[cache.variable] for cache in kind.folders if cache.variable and values.get(cache.variable)
    ]
    return moved or [cache.target for cache in kind.folders]


def _last_cleaning(kind: KeptDownload, run: Run, folders: list[str], build: Build) -> int:
    """Return where a RUN last removes the downloads, -1 where it does not."""
    last = -1
    working_directory = ""
    for command in commands_of(run, build):
        if command.base_name == "cd" and command.words:
            working_directory = command.words[0].value
        elif any(removes(command, folder, working_directory) for folder in folders):
            last = command.span.start
        else:
            name, words = program_of(command)
            if name in kind.cleaners:
                operands = command._replace(words=words).operands(kind.valued_options)
                if is_one_of(operands, kind.cleaning):
                    last = command.span.start
    return last


def _message(kind: KeptDownload, command: Command, is_removed: bool) -> str:
    words = subcommand_words(command.operands(kind.valued_options), kind.subcommands)
    program = command.base_name if command.base_name in kind.programs else kind.programs[0]
    text = kind.removed if is_removed else f"{kind.message}; {kind.remedy}"
    return text.format(line=" ".join((program, *(word.value for word in words))), program=program)


RULES = (
    _rule("DL3009", "apt-lists-kept", Severity.INFO, _SAFE, APT_LISTS),
    _rule("DL3019", "apk-index-kept", Severity.INFO, _SAFE, APK_INDEX),
    _rule("DL3032", "yum-downloads-kept", Severity.WARNING, _SAFE, YUM_DOWNLOADS),
    _rule("DL3036", "zypper-downloads-kept", Severity.WARNING, _SAFE, ZYPPER_DOWNLOADS),
    _rule("DL3040", "dnf-downloads-kept", Severity.WARNING, _SAFE, DNF_DOWNLOADS),
    _rule("DL3042", "pip-downloads-kept", Severity.WARNING, _SAFE, PIP_DOWNLOADS, UV_DOWNLOADS),
    _rule("DL3060", "yarn-downloads-kept", Severity.INFO, Applicability.UNSAFE, YARN_DOWNLOADS),
)
