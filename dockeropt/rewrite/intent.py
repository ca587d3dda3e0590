"""What the old Dockerfile wants: what has to survive a rewrite, apart from how it was done."""

import re
from collections.abc import Iterable, Mapping

from dockeropt.records import NamedTuple
from dockeropt.rewrite.roles import Classified, Role, classify, global_packages
from dockeropt.rewrite.start_command import Start, read_start
from dockeropt.semantics.build import Build, Stage
from dockeropt.semantics.images import ImageReference
from dockeropt.syntax.instructions import (
    Arg,
    Cmd,
    CommandLine,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Label,
    Maintainer,
    Pair,
    Run,
    Stopsignal,
    User,
    View,
    Volume,
)
from dockeropt.syntax.lines import Piece


class Variable(NamedTuple):
    """An ENV, ARG or LABEL: its value as the Dockerfile writes it, and as it is expanded."""

    name: str
    raw: str | None
    """quotes and all, ready to stand after ``=``; None for an ARG without a default"""
    value: str | None
    uses: tuple[str, ...]
    """names of the variables in it"""


class Probe(NamedTuple):
    """A HEALTHCHECK: its options as written, and the path it asks for, None where it asks for no page."""

    options: tuple[tuple[str, str], ...]
    path: str | None
    text: str
    is_off: bool = False


class FileCopy(NamedTuple):
    """A COPY into the last stage: ``stage`` is the stage or image it comes from, None for the context."""

    sources: tuple[str, ...]
    target: str
    stage: str | None
    is_stage: bool


class Segment(NamedTuple):
    """A part of a RUN between ``&&`` or ``;``: one command, a pipe, or a compound such as ``if … fi``."""

    text: str
    commands: tuple[Classified, ...]

    def has(self, *roles: Role) -> bool:
        """Tell whether some command has one of these roles."""
        return any(command.role in roles for command in self.commands)


class StageRun(NamedTuple):
    """A RUN: its parts, and its whole script."""

    text: str
    segments: tuple[Segment, ...]
    has_heredoc: bool
    mounts: tuple[str, ...]
    """the values of its secret, ssh and cache mounts, as written"""

    def has_role(self, *roles: Role) -> bool:
        """Tell whether some command has one of these roles."""
        return any(command.role in roles for command in self.commands)

    @property
    def commands(self) -> tuple[Classified, ...]:
        """All commands in order."""
        return tuple(command for segment in self.segments for command in segment.commands)


class StageIntent(NamedTuple):
    """What a chain of stages does, from the first FROM to its last instruction."""

    image: ImageReference | None
    base: str
    """what the first FROM names"""
    environment: tuple[Variable, ...]
    arguments: tuple[Variable, ...]
    runs: tuple[StageRun, ...]
    workdir: str | None
    user: str | None

    def has(self, *roles: Role) -> bool:
        """Tell whether some command has one of these roles."""
        return any(command.role in roles for run in self.runs for command in run.commands)

    def mounts(self, *roles: Role) -> tuple[str, ...]:
        """Return the secret, ssh and cache mounts of the RUNs that hold a command with one of these roles."""
        runs = [run for run in self.runs if any(command.role in roles for command in run.commands)]
        return tuple(dict.fromkeys(mount for run in runs for mount in run.mounts))

    def commands(self, *roles: Role) -> tuple[Classified, ...]:
        """Return the commands that have one of these roles, in order."""
        return tuple(command for run in self.runs for command in run.commands if command.role in roles)


class Intent(NamedTuple):
    """What an old Dockerfile wants of the image."""

    path: str
    build: StageIntent
    """the stage that builds the app, up to the end; the last stage where none does"""
    final: StageIntent
    is_multi_stage: bool
    """the app is built in another stage than the last"""
    base_argument: Variable | None
    """the ARG before FROM that names the Node version"""
    ports: tuple[int, ...]
    labels: tuple[Variable, ...]
    volumes: tuple[str, ...]
    stop_signal: str | None
    health: Probe | None
    start: Start | None
    copies: tuple[FileCopy, ...]
    """into the last stage"""
    build_copies: tuple[FileCopy, ...]
    """into the stage that builds"""
    user_ids: Mapping[str, str]
    """numbers of the users that RUN commands make, by name"""
    tools: tuple[str, ...]
    """npm packages installed globally, with versions as written"""


def read_intent(build: Build, scripts: Mapping[str, str] | None) -> Intent | None:
    """Return the intent of a Dockerfile, None where it has no stage; ``scripts`` are package.json's.

    None is for a project without one: see ``classify``.
    """
    final = build.final_stage
    if final is None:
        return None
    chains = {number: _read_chain(build, build.stages[number], scripts) for number in build.needed_stages()}
    builder = next((n for n in sorted(chains) if chains[n].has(Role.BUILD, Role.GENERATE)), None)
    if builder is None:
        builder = next((n for n in sorted(chains) if chains[n].has(Role.INSTALL)), final.number)
    # a later stage FROM the builder repeats its commands: what counts is where they stand first
    in_final = builder in {stage.number for stage in build.lineage(final)}
    builder = final.number if in_final else builder
    chain = _lineage_views(build, final)
    runs = [run for intent in chains.values() for run in intent.runs]
    return Intent(
        build.dockerfile.source.path,
        _read_chain(build, build.stages[builder], scripts, until_build=True),
        chains[final.number],
        not in_final,
        _base_argument(build, chains[builder].base),
        tuple(_ports(build, chain)),
        tuple(_labels(build, chain)),
        tuple(
            dict.fromkeys(
                _word(build, path, view) for view in chain if isinstance(view, Volume) for path in view.paths
            )
        ),
        next(
            (_word(build, v.signal, v) for v in reversed(chain) if isinstance(v, Stopsignal) and v.signal),
            None,
        ),
        _probe(chain),
        read_start(*_commands(chain), scripts or {}),
        tuple(_copies(build, chain)),
        tuple(_copies(build, _lineage_views(build, build.stages[builder]))),
        dict(_user_ids(runs, final)),
        tuple(package for run in runs for each in run.commands for package in global_packages(each.command)),
    )


def _lineage_views(build: Build, stage: Stage) -> tuple[View, ...]:
    return tuple(view for each in reversed(build.lineage(stage)) for view in each.views)


def _read_chain(
    build: Build, stage: Stage, scripts: Mapping[str, str] | None, until_build: bool = False
) -> StageIntent:
    """Return what a stage and those it is FROM do; ``until_build`` leaves out variables set later."""
    root = build.root_stage(stage)
    views = _lineage_views(build, stage)
    environment: dict[str, Variable] = {}
    arguments: dict[str, Variable] = {}
    runs = {at: _read_run(build, view, scripts) for at, view in enumerate(views) if isinstance(view, Run)}
    builds = [
        at for at, run in runs.items() if any(c.role in (Role.BUILD, Role.GENERATE) for c in run.commands)
    ]
    end = builds[-1] if until_build and builds else len(views)
    for view in views[:end]:
        if isinstance(view, Env):
            for pair in view.pairs:
                variable = _variable(build, pair, view)
                environment.pop(variable.name, None)
                environment[variable.name] = variable
        elif isinstance(view, Arg):
            for pair in view.pairs:
                arguments[pair.key.value] = _variable(build, pair, view)
    return StageIntent(
        root.image,
        root.base,
        tuple(environment.values()),
        tuple(arguments.values()),
        tuple(runs.values()),
        stage.end.workdir,
        next((_word(build, v.name, v) for v in reversed(views) if isinstance(v, User) and v.name), None),
    )


def _read_run(build: Build, run: Run, scripts: Mapping[str, str] | None) -> StageRun:
    script = build.script_of(run)
    text = run.command.script.text
    has_heredoc = bool(run.instruction.heredocs)
    values = [f.value.value for f in run.instruction.flags if f.name == "mount" and f.value is not None]
    mounts = tuple(value for value in values if re.search(r"type=(?:secret|ssh|cache)", value))
    if script is None:
        return StageRun(text, (), has_heredoc, mounts)
    source = build.dockerfile.source.text
    pieces = script.text.pieces
    ends = [each.span for each in script.operators if each.depth == 0 and each.text in ("&&", ";", "newline")]
    bounds = [pieces[0].source if pieces else 0, *(at for span in ends for at in span)]
    bounds.append(pieces[-1].source + pieces[-1].length if pieces else 0)
    segments: list[Segment] = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        commands = tuple(
            classify(command, scripts) for command in script.commands if start <= command.span.start < end
        )
        last = max([command.command.span.end for command in commands], default=start)
        rest = _slice(source, pieces, last, end)
        # a comment at the end would swallow what is joined to it
        written = _slice(source, pieces, start, last if rest.lstrip().startswith("#") else end).strip()
        written = f"{{ {written} }}" if written.endswith("&") else written
        is_alone = len(commands) == 1 and not rest.strip().startswith("&")
        is_simple = is_alone and commands[0].command.depth == 0 and not commands[0].command.wrappers
        segments.append(Segment(commands[0].text if is_simple else written, commands))
    return StageRun(text, tuple(segment for segment in segments if segment.text), has_heredoc, mounts)


def _slice(source: str, pieces: tuple[Piece, ...], start: int, end: int) -> str:
    """Return what of a joined text stands between two offsets of the source."""
    return "".join(source[max(start, at) : min(end, at + length)] for _, at, length in pieces)


def _word(build: Build, word: object, view: View) -> str:
    from dockeropt.syntax.tree import Word

    assert isinstance(word, Word)  # noqa: S101 - callers pass words of the view
    return build.expand(word, view).text


def _variable(build: Build, pair: Pair, view: View) -> Variable:
    if pair.value is None:
        return Variable(pair.key.value, None, build.arguments.get(pair.key.value), ())
    expansion = build.expand(pair.value, view)
    raw = pair.value.raw
    if pair.is_legacy:
        raw = '"' + raw.replace('"', '\\"') + '"' if re.search(r"\s", raw) and raw[:1] not in "'\"" else raw
    return Variable(build.expand(pair.key, view).text, raw, expansion.text, expansion.used)


def _base_argument(build: Build, base: str) -> Variable | None:
    """Return the global ARG that the first FROM of the build stage takes its tag from."""
    for stage in build.stages:
        word = stage.start.image
        if stage.base != base or word is None:
            continue
        found = re.findall(r"\$\{?([A-Za-z_]\w*)", word.raw)
        for view in build.global_views:
            if isinstance(view, Arg):
                for pair in view.pairs:
                    if pair.key.value in found and pair.value is not None:
                        value = build.global_scope.variables.get(pair.key.value)
                        return Variable(pair.key.value, pair.value.raw, value, ())
    return None


def _ports(build: Build, chain: Iterable[View]) -> Iterable[int]:
    seen: set[int] = set()
    for view in chain:
        if isinstance(view, Expose):
            for word in view.ports:
                text = _word(build, word, view).partition("/")[0]
                if text.isdecimal() and int(text) not in seen and 0 < int(text) < 65536:
                    seen.add(int(text))
                    yield int(text)


def _labels(build: Build, chain: Iterable[View]) -> Iterable[Variable]:
    found: dict[str, Variable] = {}
    for view in chain:
        if isinstance(view, Label):
            for pair in view.pairs:
                variable = _variable(build, pair, view)
                found[variable.name] = variable._replace(name=pair.key.raw)  # quotes and all
        elif isinstance(view, Maintainer):
            name = view.name.text.strip().strip('"')
            key = "org.opencontainers.image.authors"
            found.setdefault(key, Variable(key, '"' + name.replace('"', "'") + '"', name, ()))
    return found.values()


def _probe(chain: tuple[View, ...]) -> Probe | None:
    for view in reversed(chain):
        if isinstance(view, Healthcheck):
            options = tuple(
                (flag.name, flag.value.value) for flag in view.instruction.flags if flag.value is not None
            )
            if view.command is None:
                return Probe((), None, "NONE", is_off=True)
            text = view.command.script.text
            url = re.search(r"https?://[^/\s'\"|;)]+(/[^\s'\"|;)\],\\]*)?", text)
            bare = re.search(r"\b(?:localhost|127\.0\.0\.1)(?::\S+?)?(/[^\s'\"|;)\],\\]*)", text)
            part = re.search(r"['\"`](/[^'\"`\s]*)['\"`]", text)  # 'http://127.0.0.1:' + port + '/health'
            path = (
                url[1] if url and url[1] else bare[1] if bare else part[1] if part else "/" if url else None
            )
            return Probe(options, path, text)
    return None


def last_command(build: Build) -> tuple[CommandLine | None, CommandLine | None]:
    """Return the ENTRYPOINT and CMD the last stage runs with, None where it has none of its own."""
    return (None, None) if build.final_stage is None else _commands(_lineage_views(build, build.final_stage))


def _commands(chain: Iterable[View]) -> tuple[CommandLine | None, CommandLine | None]:
    entrypoint: CommandLine | None = None
    command: CommandLine | None = None
    for view in chain:
        if isinstance(view, Entrypoint):
            entrypoint, command = view.command, None
        elif isinstance(view, Cmd):
            command = view.command
    return entrypoint, command


def _copies(build: Build, chain: Iterable[View]) -> Iterable[FileCopy]:
    for view in chain:
        if isinstance(view, Copy) and view.target is not None and view.sources:
            name = None if view.source_stage is None else _word(build, view.source_stage, view)
            yield FileCopy(
                tuple(_word(build, source, view) for source in view.sources),
                _word(build, view.target, view),
                name,
                name is not None and build.stage_named(name) is not None,
            )


def _user_ids(runs: Iterable[StageRun], final: Stage) -> Iterable[tuple[str, str]]:
    variables = final.end.variables
    for run in runs:
        for each in run.commands:
            if each.command.name in ("adduser", "useradd", "usermod"):
                values = [word.value for word in each.command.words]
                for at, value in enumerate(values):
                    number = re.fullmatch(r"(?:-u|--uid)(?:=(.+))?", value)
                    if number is not None:
                        found = number[1] or (values[at + 1] if at + 1 < len(values) else "")
                        found = variables.get(found.strip('${}"'), found)
                        if found.isdecimal():
                            yield values[-1], found
