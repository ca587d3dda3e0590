"""``RUN --mount``: its fields, and what BuildKit would refuse of them."""

from collections.abc import Iterator

from dockeropt.syntax.instructions import Mount
from dockeropt.syntax.source import Span
from dockeropt.syntax.spelling import closest
from dockeropt.syntax.tree import Instruction, Problem

_TYPES = ("bind", "cache", "secret", "ssh", "tmpfs")
_SHARINGS = ("locked", "private", "shared")
_ALIASES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}
_OPTIONS = (
    "env",
    "from",
    "gid",
    "id",
    "mode",
    "readonly",
    "readwrite",
    "required",
    "sharing",
    "size",
    "source",
    "target",
    "type",
    "uid",
)
_SWITCHES = ("readonly", "readwrite", "required")
_ONLY_FOR = {
    "gid": ("cache", "secret", "ssh"),
    "mode": ("cache", "secret", "ssh"),
    "required": ("secret", "ssh"),
    "sharing": ("cache",),
    "size": ("tmpfs",),
    "uid": ("cache", "secret", "ssh"),
}
_DIGITS = {"gid": "0123456789", "mode": "01234567", "uid": "0123456789"}
_TRUTHS = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")
"""what Go's ``strconv.ParseBool`` takes"""


def read_mounts(instruction: Instruction) -> list[Mount]:
    """Return the mounts of a RUN, in order."""
    return [
        _read_mount(flag.span, flag.value.value)
        for flag in instruction.flags
        if flag.name == "mount" and flag.value is not None
    ]


def mount_problems(mount: Mount) -> Iterator[Problem]:
    """Yield what BuildKit would refuse; values with variables are left to the build."""
    for message in _messages(mount):
        yield Problem(mount.span, message)


def _messages(mount: Mount) -> Iterator[str]:
    kind, options = mount.type, mount.options
    if "$" not in kind and kind not in _TYPES:
        meant = closest(kind, _TYPES)
        advice = f"did you mean {meant}?" if meant else f"use {', '.join(_TYPES)}"
        yield f"unknown type {kind} of --mount: {advice}"
        return
    for name, value in options.items():
        if name not in _OPTIONS:
            meant = closest(name, _OPTIONS)
            yield f"unknown option {name} of --mount: {f'did you mean {meant}?' if meant else 'remove it'}"
        elif "$" in value[:-1]:
            if name == "from":
                yield "--mount=from takes no variable: give the image a stage of its own and name that"
        elif "$" not in kind and kind not in _ONLY_FOR.get(name, _TYPES):
            yield f"{name} is not for a mount of type {kind}: remove it"
        elif name in _SWITCHES and value not in _TRUTHS:
            yield f"{name} takes true or false, not {value}"
        elif name in _DIGITS and (not value or value.strip(_DIGITS[name])):
            yield f"{name} takes a number, not {value}"
        elif name == "sharing" and value.lower() not in _SHARINGS:
            yield f"sharing takes {', '.join(_SHARINGS)}, not {value}"
    if kind == "secret":
        if not any(options.get(name) for name in ("id", "source", "target")):
            yield "a secret mount without a name: add id=NAME"
        if options.get("id") and options.get("source"):
            yield "a secret mount with both id and source: keep id"
        if options.get("from"):
            yield "a secret mount takes no from: remove it"


def _read_mount(span: Span, value: str) -> Mount:
    options: dict[str, str] = {}
    for field in value.split(","):
        name, equals, setting = field.partition("=")
        name = name.lower()
        options[_ALIASES.get(name, name)] = setting if equals else "true"
    return Mount(span, options.get("type", "bind").lower(), options)
