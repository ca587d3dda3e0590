"""DO3005, DO3006, DO7001: what needs files that a stage from scratch does not have."""

from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Cmd, Copy, Entrypoint, Form, Healthcheck, Run, User, View, Workdir

_SHELL_FOLDERS = ("/bin", "/usr")
_USER_FOLDERS = ("/etc",)
_ROOT_FOLDERS = ("", ".", "install", "out", "output", "rootfs", "sysroot", "target")
"""names of folders that may hold the files of a whole system"""


def check_user(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a USER by name in a stage from scratch that gets no file of users."""
    for view in _without(_USER_FOLDERS, stage, build):
        if not isinstance(view, User) or view.name is None:
            continue
        name = build.expand(view.name, view).text.partition(":")[0]
        if name and not name.isdecimal() and "$" not in name:
            yield Finding(
                view.name.span,
                f"a stage from scratch has no /etc/passwd that knows `{name}`, so no container of it starts; "
                "write a number, or copy an /etc/passwd",
            )


def check_shell(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for each line that a shell should run in a stage from scratch that gets none."""
    for view in _without(_SHELL_FOLDERS, stage, build):
        if isinstance(view, Run | Cmd | Entrypoint | Healthcheck):
            command = view.command
            if command is not None and command.form is Form.SHELL and command.script.text:
                keyword = view.instruction.keyword
                is_build = isinstance(view, Run)
                yield Finding(
                    view.instruction.keyword_span,
                    f"a stage from scratch has no shell, so this {keyword} cannot run; "
                    + ("do it in an earlier stage and copy the result" if is_build else "write it as a list"),
                )


def check_copy(copy: Copy, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a COPY from a stage that has no file."""
    word = copy.source_stage
    stage = None if word is None else build.stage_named(word.value)
    if word is None or stage is None or not build.root_stage(stage).is_scratch:
        return
    if all(_may_be_nothing(source.value) for source in copy.sources):
        return
    for each in build.lineage(stage):
        if each.triggers or any(isinstance(view, Copy | Run | Workdir) for view in each.views):
            return
    yield Finding(
        word.span, f"stage `{word.value}` starts from scratch and gets no file, so there is nothing to copy"
    )


def _may_be_nothing(source: str) -> bool:
    """Tell whether a source is a folder's content or a pattern, of which there may be none."""
    return source.strip("/.") == "" or "*" in source or "?" in source


def _without(folders: tuple[str, ...], stage: Stage, build: Build) -> tuple[View, ...]:
    """Return the instructions of a stage from scratch, none where one may bring files into these folders."""
    return stage.views if _lacking(folders, build)[stage.number] else ()


@lru_cache(2)
def _lacking(folders: tuple[str, ...], build: Build) -> tuple[bool, ...]:
    """Tell of each stage whether it is FROM scratch in the end and nothing may bring files into folders."""
    found: list[bool] = []
    for stage in build.stages:
        is_bare = stage.is_scratch if stage.base_stage is None else found[stage.base_stage]
        is_bare = is_bare and not stage.triggers
        found.append(is_bare and not any(_may_bring(view, folders) for view in stage.views))
    return tuple(found)


def _may_bring(view: View, folders: tuple[str, ...]) -> bool:
    if isinstance(view, Run):
        return view.command.form is Form.EXEC
    if not isinstance(view, Copy):
        return False
    target = "" if view.target is None else view.target.value
    sources = [source.value for source in view.sources]
    if view.is_add and any("." in source.rpartition("/")[2] for source in sources):
        return True
    if target.strip("/.") and "$" not in target:
        return target.startswith(folders)
    return any(_is_folder(source) for source in sources)


def _is_folder(source: str) -> bool:
    """Tell whether a source may be a folder, whose content is what is copied."""
    name = source.rstrip("/").rpartition("/")[2]
    return source.endswith(("/", "*")) or name in _ROOT_FOLDERS or "$" in name or "root" in name


RULES = (
    Rule(
        "DO3005",
        "user-unknown-to-scratch",
        Severity.ERROR,
        Stage,
        check_user,
        aliases=("named-identity-in-passwdless-stage",),
    ),
    Rule("DO3006", "shell-in-scratch", Severity.ERROR, Stage, check_shell, aliases=("shell-run-in-scratch",)),
    Rule(
        "DO7001",
        "copy-from-empty-stage",
        Severity.ERROR,
        Copy,
        check_copy,
        aliases=("copy-from-empty-scratch-stage",),
    ),
)
