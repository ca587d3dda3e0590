"""What each instruction is keyed on besides its parent: a text in one form for one meaning, ARGs and files.

Read from BuildKit's converter and operations (dockerfile2llb/convert.go, solver/llbsolver/ops) and tried on
the engine. What does not count is left out of the text: the id of a cache mount, the folder a file is copied
from, the order of mounts, how an exec form is laid out.
"""

from dockeropt.cache.mounts import mount_input
from dockeropt.cache.origins import StageNumber, full_reference, is_remote, source_of
from dockeropt.cache.selection import normalized, split_at_pivot
from dockeropt.cache.state import NOTHING, State, arguments_of
from dockeropt.cache.steps import Origin, Source, Value
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Stage
from dockeropt.semantics.scripts import script_heredoc
from dockeropt.syntax.instructions import Copy, Form, Run
from dockeropt.syntax.tree import Dockerfile, Heredoc, Word

_READ_FLAGS = frozenset(("from", "chown", "chmod", "link", "parents", "exclude"))


class Input(NamedTuple):
    """What one instruction adds to its step's key."""

    text: str
    arguments: frozenset[str]
    sources: tuple[Source, ...]


def from_input(stage: Stage, outer: State) -> Input:
    """Return what a FROM an image is keyed on: its reference and platform."""
    view = stage.start
    image = outer.read(view.image, view.instruction)
    platform = outer.read(view.platform, view.instruction)
    reference = full_reference(stage.base)
    return Input(
        repr(("FROM", reference, platform.text)),
        image.arguments | platform.arguments,
        (Source(Origin.IMAGE, None, reference, (".",), (), False, False),),
    )


def workdir_input(state: State) -> Input:
    """Return what a WORKDIR is keyed on; ``state`` is the one after it."""
    text = repr(("WORKDIR", state.absolute(""), state.user.text))
    return Input(text, state.workdir.arguments | state.user.arguments, ())


def run_input(view: Run, state: State, dockerfile: Dockerfile, stage_number: StageNumber) -> Input:
    """Return what a RUN is keyed on besides the environment: command, shell, user, directory and mounts."""
    mounts = [mount_input(mount, state, stage_number) for mount in view.mounts]
    text = repr(
        (
            "RUN",
            _command(view, state, dockerfile),
            state.workdir.text,
            state.user.text,
            None if view.network in (None, "default") else view.network,
            None if view.security in (None, "sandbox") else view.security,
            sorted([mount.text for mount in mounts]),
        )
    )
    return Input(
        text,
        state.arguments.union(
            state.workdir.arguments, state.user.arguments, *[mount.arguments for mount in mounts]
        ),
        tuple([source for mount in mounts for source in mount.sources]),
    )


def copy_input(view: Copy, state: State, stage_number: StageNumber) -> Input:
    """Return what a COPY or ADD is keyed on: target, owner, mode, names and content of its files."""
    values: list[Value] = []

    def read(word: Word | None) -> str:
        value = state.read(word, view.instruction)
        values.append(value)
        return value.text or ""

    target, owner, mode = read(view.target), read(view.chown), read(view.chmod)
    exclude = tuple([read(word) for word in view.exclude])
    paths = tuple([read(word) for word in view.sources])
    documents = [_document(heredoc, state, values) for heredoc in view.instruction.heredocs]
    others = [
        (flag.name, flag.value.value if flag.value else None)
        for flag in view.instruction.flags
        if flag.name not in _READ_FLAGS
    ]
    remote = tuple([path for path in paths if view.is_add and is_remote(path)])
    local = tuple([path for path in paths if path not in remote])
    names = [_name(path, view.parents) for path in local]
    text = repr(
        (
            "ADD" if view.is_add else "COPY",
            [*remote, *names],
            documents,
            _target(state, target),
            owner,
            _mode(mode),
            exclude,
            view.parents,
            others,
        )
    )
    arguments = arguments_of(values) | (NOTHING if target.startswith("/") else state.workdir.arguments)
    sources: list[Source] = []
    if remote:
        sources.append(Source(Origin.REMOTE, None, None, remote, (), False, False))
    if local:
        name = view.source_stage.value if view.source_stage and not view.is_add else None
        origin, number, image = source_of(name, stage_number)
        patterns = local if view.parents else tuple([normalized(path) for path in local])
        sources.append(Source(origin, number, image, patterns, exclude, False, view.parents))
    return Input(text, arguments, tuple(sources))


def _command(view: Run, state: State, dockerfile: Dockerfile) -> tuple[object, ...]:
    """Return the arguments of the process; a here-document alone is the script, without its name."""
    if view.command.form is Form.EXEC:
        return tuple([word.value for word in view.command.arguments])
    script = view.command.script.text
    document = script_heredoc(view)
    if document is not None and document.body.text.startswith("#!"):
        return (state.shell, document.name, document.body.text)
    if document is not None:
        return (state.shell, document.body.text)
    for document in view.instruction.heredocs:
        script += "\n" + dockerfile.text_of(document.span)
    return (state.shell, script)


def _document(heredoc: Heredoc, state: State, values: list[Value]) -> tuple[str, str]:
    """Return name and text of a here-document that is copied."""
    text = heredoc.body.text
    if heredoc.expands:
        value = state.expand(text, reads_quotes=False)
        values.append(value)
        text = value.text or ""
    return heredoc.name, text


def _target(state: State, target: str) -> str:
    path = state.absolute(target)
    return path if not (target in ("", ".") or target.endswith("/")) else path.rstrip("/") + "/"


def _name(path: str, keeps_parents: bool) -> str:
    """Return what the text keeps of a copied path: its last part, since the rest counts by content."""
    if keeps_parents:
        above, below = split_at_pivot(path)
        return f"{_name(above, False)} {below}"
    return normalized(path).rpartition("/")[2]


def _mode(mode: str) -> str:
    """Return permission bits in one form: 755 and 0755 are the same."""
    try:
        return f"{int(mode, 8):o}" if mode else ""
    except ValueError:
        return mode
