"""The stage ``assets`` with an app's static files alone, and how its build learns where they are served."""

import re
from collections.abc import Callable, Mapping
from posixpath import join, normpath

from dockeropt.errors import UsageError
from dockeropt.knowledge.static_files import ASSETS, CDN_ARGUMENT, StaticLayout, layout_of
from dockeropt.records import NamedTuple
from dockeropt.rewrite.decision import Decision
from dockeropt.rewrite.intent import Intent, Variable
from dockeropt.rewrite.node.output import Output, Static
from dockeropt.rewrite.node.project import Project
from dockeropt.rewrite.roles import Role, classify
from dockeropt.rewrite.steps import CopyStep
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.edits import Edit, insert, line_end, start_with_comments
from dockeropt.syntax.instructions import Run

COMMAND = "docker build --target assets --output type=local,dest=static ."
ENDINGS = ("ts", "js", "mjs", "mts", "cjs")
"""of a configuration in JavaScript or TypeScript"""
_VARIABLE = re.compile(r"\benv\s*(?:\.|\[\s*['\"])([A-Z][A-Z0-9_]*)")
_OF_THE_FRAMEWORK = ("NODE_ENV", "MODE")


class Assets(NamedTuple):
    """What the stage copies, and the build argument with the CDN's address."""

    copies: tuple[CopyStep, ...]
    argument: Variable | None
    """None where the framework is not known, or reads the address when it starts"""
    commands: tuple[str, ...]
    """what builds, with the address where an option takes it"""
    decisions: tuple[Decision, ...]


class Argument(NamedTuple):
    """The build argument with the CDN's address."""

    name: str
    setting: str
    """what to write where for the build to read it, empty where it does"""


def argument_of(layout: StaticLayout, read: Callable[[str], str]) -> Argument:
    """Return what the build reads the address from; ``read`` gives a file of the app, empty for none."""
    if layout.variable:
        return Argument(layout.variable, "")
    setting = layout.setting
    for config, name in ((each, f"{each}.{ending}") for each in layout.configs for ending in ENDINGS):
        text = read(name)
        for value in re.findall(rf"\b{layout.key}\s*[:=](?!=)([^,;}}]*)", text):
            found = next((each for each in _VARIABLE.findall(value) if each not in _OF_THE_FRAMEWORK), None)
            if found is not None:
                return Argument(found, "")
        if text:
            setting = layout.setting.replace(f" in {config}", f" in {name}")
    return Argument(CDN_ARGUMENT, setting)


def plan_assets(
    project: Project, output: Output, stage: str, folder: str, sources: str, commands: tuple[str, ...] = ()
) -> Assets:
    """Return the stage ``assets`` of an app that ``commands`` build in a ``stage``, below ``folder`` there.

    ``sources`` is the text of the app's sources. Raises UsageError for an app that has no static files.
    """
    result = output.result
    files = ((result.folder, "/"),) if isinstance(result, Static) else result.static
    if not files:
        raise UsageError("--cdn is for apps with static files of their own", "leave it out")
    prefix = f"{project.app.folder}/" if project.app.folder else ""
    copies = tuple(CopyStep((normpath(join(folder, prefix, path)),), target, stage) for path, target in files)
    reason = "the static files come out of the build itself, without a container to copy them from"
    decisions = [Decision("cdn", f"a stage {ASSETS}: {COMMAND}", reason)]
    layout = layout_of(project.app.manifest.all_dependencies)
    if layout is None:
        return Assets(copies, None, commands, tuple(decisions))
    argument = argument_of(layout, lambda name: project.read(prefix + name))
    why = f"{layout.framework} writes the CDN's address into its files when it builds"
    scripts = {**project.manifest.scripts, **project.app.manifest.scripts}
    extended = _with_option(commands, layout, argument.name, scripts)
    if extended is not None or not argument.setting:
        choice = f"docker build --build-arg {argument.name}=https://cdn.example.com"
        decisions.append(Decision("cdn", choice, why))
    else:
        reason = f"{why}, and nothing reads the build argument {argument.name} yet"
        decisions.append(Decision("cdn", f"write {argument.setting}", reason, is_notice=True))
    if layout.key == "base" and "BASE_URL" in sources:
        reason = "with `base` set to the CDN it is the CDN's address: a router there needs the app's own path"
        decisions.append(Decision("cdn", "the sources read import.meta.env.BASE_URL", reason, is_notice=True))
    address = Variable(argument.name, None, None, ())
    return Assets(copies, address, commands if extended is None else extended, tuple(decisions))


def insert_assets(build: Build, intent: Intent, assets: Assets, scripts: dict[str, str]) -> tuple[Edit, ...]:
    """Return the edits that give a Dockerfile the stage ``assets``, none where it has one.

    Raises UsageError, with the lines to add, where it is not sure that the files are where they should be,
    or which command builds them.
    """
    final = build.stages[-1]
    if build.stage_named(ASSETS) is not None:
        return ()
    made = _stage_with(build, intent, assets)
    at = None if made is None else _before_build(build, made, scripts)
    if made is None or (at is None and assets.argument is not None):
        raise UsageError(
            f"{build.dockerfile.source.path} does not say surely where the static files are built",
            lines_to_add(build, assets.copies, assets.argument),
        )
    name = made.name or str(made.number)
    lines = ["# The static files alone, for a CDN:", f"# {COMMAND}", f"FROM scratch AS {ASSETS}"]
    lines += [f"COPY --from={name} {' '.join(each.sources)} {each.target}" for each in assets.copies]
    start = start_with_comments(final.start.instruction, build.dockerfile)
    end = line_end(build.dockerfile.source.text, start)
    edits = [insert(start, "".join(line + end for line in (*lines, "")))]
    known = {*made.end.arguments, *made.end.environment}
    if assets.argument is not None and at is not None and assets.argument.name not in known:
        edits.append(insert(at, f"ARG {assets.argument.name}{end}"))
    return tuple(edits)


def lines_to_add(build: Build, copies: tuple[CopyStep, ...], argument: Variable | None = None) -> str:
    """Return the hint for who writes the stage by hand; a copy without a stage is of the last but one."""
    before = "" if argument is None else f", and before the command that builds: ARG {argument.name}"
    if len(build.stages) == 1:
        return f"build in a stage of its own, and copy what it makes into another: FROM scratch AS {ASSETS}"
    made = build.stages[-2]
    name, folder = made.name or str(made.number), (made.end.workdir or "/app").rstrip("/")
    lines = [f"FROM scratch AS {ASSETS}"]
    for each in copies:
        sources = [source if source.startswith("/") else f"{folder}/{source}" for source in each.sources]
        lines.append(f"COPY --from={each.stage or name} {' '.join(sources)} {each.target}")
    return "add before the last FROM: " + "; ".join(lines) + before


def _with_option(
    commands: tuple[str, ...], layout: StaticLayout, argument: str, scripts: Mapping[str, str]
) -> tuple[str, ...] | None:
    """Return the commands, one of them with the option, None where it is not sure which one takes it."""
    if not layout.option:
        return None
    alone = re.compile(rf"(?:npx |pnpm (?:exec )?|yarn )?{layout.command}(?: [\w./=:-]+)*")
    address = f'${{{argument}:+{layout.option} "${argument}/"}}'
    found: list[str] = []
    for command in commands:
        called = re.fullmatch(r"(npm run|pnpm|pnpm run|yarn|yarn run) ([\w:-]+)", command)
        if called is not None and alone.fullmatch(scripts.get(called[2], "")):
            found.append(f"{command} -- {address}" if called[1] == "npm run" else f"{command} {address}")
        elif alone.fullmatch(command):
            found.append(f"{command} {address}")
        else:
            found.append(command)
    changed = [each for each, before in zip(found, commands, strict=True) if each != before]
    return tuple(found) if len(changed) == 1 else None


def _stage_with(build: Build, intent: Intent, assets: Assets) -> Stage | None:
    """Return the stage out of which the last one copies all of the files, or a folder they are in."""
    for copy in intent.copies:
        stage = build.stage_named(copy.stage) if copy.is_stage and copy.stage is not None else None
        if stage is None:
            continue
        folders = [normpath(join("/", source)) for source in copy.sources]
        if all(
            any(each == folder or each.startswith(folder.rstrip("/") + "/") for folder in folders)
            for step in assets.copies
            for each in step.sources
        ):
            return stage
    return None


def _before_build(build: Build, made: Stage, scripts: dict[str, str]) -> int | None:
    """Return where the RUN starts that builds the app in a stage or in those it is FROM."""
    for stage in build.lineage(made):
        for view in stage.views:
            script = build.script_of(view) if isinstance(view, Run) else None
            for command in () if script is None else script.commands:
                if classify(command, scripts).role in (Role.BUILD, Role.GENERATE):
                    return view.instruction.span.start
    return None
