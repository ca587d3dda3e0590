"""What a ``RUN --mount`` adds to the key of its step (solver/llbsolver/ops/exec.go).

The files of a bind mount count by content, its source path does not. A cache mount counts by its target;
of its id and sharing only whether both are the default ones.
"""

from dockeropt.cache.origins import StageNumber, source_of
from dockeropt.cache.selection import normalized
from dockeropt.cache.state import State, arguments_of
from dockeropt.cache.steps import Source
from dockeropt.records import NamedTuple
from dockeropt.syntax.instructions import Mount

_FALSE = frozenset(("0", "f", "F", "false", "False", "FALSE"))


class MountInput(NamedTuple):
    """What one mount is keyed on."""

    text: str
    arguments: frozenset[str]
    sources: tuple[Source, ...]


def mount_input(mount: Mount, state: State, stage_number: StageNumber) -> MountInput:
    """Return what a mount adds to the key of its RUN."""
    values = {name: state.expand(value) for name, value in mount.options.items()}
    arguments = arguments_of(values.values())
    options = {name: value.text or "" for name, value in values.items()}
    get = options.get
    target = get("target", "")
    owner = (get("uid"), get("gid"), get("mode"))
    if mount.type in ("secret", "ssh"):
        named = (
            mount.type,
            target,
            get("id"),
            get("source"),
            get("env"),
            *owner,
            _is_true(options, "required"),
        )
        return MountInput(repr(named), arguments, ())
    at = state.absolute(target)
    if mount.type == "tmpfs":
        return MountInput(repr((at, mount.type, get("size"))), arguments, ())
    if mount.type == "cache":
        is_shared = get("sharing", "shared").lower() == "shared"
        has_default_id = get("id") in (None, "", at) and target.startswith("/")
        text = repr((at, mount.type, is_shared and has_default_id, _is_read_only(options, False), *owner))
        if not get("from"):
            return MountInput(text, arguments, ())
    else:
        text = repr((at, mount.type, _is_read_only(options, True)))
    origin, number, image = source_of(get("from"), stage_number)
    path = normalized(get("source", "."))
    return MountInput(text, arguments, (Source(origin, number, image, (path,), (), True, False),))


def _is_true(options: dict[str, str], name: str) -> bool:
    return name in options and options[name] not in _FALSE


def _is_read_only(options: dict[str, str], default: bool) -> bool:
    if "readonly" in options:
        return _is_true(options, "readonly")
    if "readwrite" in options:
        return not _is_true(options, "readwrite")
    return default
