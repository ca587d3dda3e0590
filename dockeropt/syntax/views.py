"""What an instruction says, argument by argument."""

from collections.abc import Callable

from dockeropt.syntax.characters import BLANK
from dockeropt.syntax.heredoc import operators
from dockeropt.syntax.instructions import (
    Arg,
    Cmd,
    CommandLine,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Form,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    Unknown,
    User,
    View,
    Volume,
    Workdir,
)
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.mounts import read_mounts
from dockeropt.syntax.pairs import assigned_pairs, declared_pairs
from dockeropt.syntax.source import Span
from dockeropt.syntax.statement import split
from dockeropt.syntax.tree import Flag, Instruction, Word
from dockeropt.syntax.words import blank_separated, json_words, word_at


def view(instruction: Instruction, escape: str = "\\") -> View:
    """Return the typed view of an instruction; ``escape`` is the Dockerfile's. Never raises."""
    read = _READERS.get(instruction.keyword)
    return read(instruction, escape) if read else Unknown(instruction)


def trigger_of(instruction: Instruction, escape: str = "\\") -> Instruction | None:
    """Return the instruction that an ONBUILD holds, with its heredocs, or None when it holds none."""
    body = instruction.body
    inner = split(body, escape)
    if inner is None:
        return None
    start, end = body.to_source(Span(0, len(body.text)))
    if instruction.heredocs:
        end = instruction.heredocs[-1].span.end
    return Instruction(
        Span(start, end),
        inner.keyword_span,
        inner.keyword,
        inner.flags,
        inner.body,
        instruction.heredocs,
        (),
    )


def _from(instruction: Instruction, escape: str) -> From:
    words = blank_separated(instruction.body, escape)
    has_name = len(words) >= 3 and words[1].raw.lower() == "as"
    return From(
        instruction,
        words[0] if words else None,
        words[2] if has_name else None,
        _flag(instruction, "platform"),
    )


def _arg(instruction: Instruction, escape: str) -> Arg:
    return Arg(instruction, declared_pairs(instruction.body, escape))


def _env(instruction: Instruction, escape: str) -> Env:
    return Env(instruction, assigned_pairs(instruction.body, escape))


def _label(instruction: Instruction, escape: str) -> Label:
    return Label(instruction, assigned_pairs(instruction.body, escape))


def _run(instruction: Instruction, escape: str) -> Run:
    network, security = _flag(instruction, "network"), _flag(instruction, "security")
    return Run(
        instruction,
        _command(instruction.body),
        tuple(read_mounts(instruction)),
        network.value if network else None,
        security.value if security else None,
    )


def _add(instruction: Instruction, escape: str) -> Copy:
    return _transfer(instruction, escape, True)


def _copy(instruction: Instruction, escape: str) -> Copy:
    return _transfer(instruction, escape, False)


def _transfer(instruction: Instruction, escape: str, is_add: bool) -> Copy:
    words = json_words(instruction.body)
    if words is None:
        words = blank_separated(instruction.body, escape)
        if instruction.heredocs:
            words = tuple([w for w in words[:-1] if not operators(w.raw)]) + words[-1:]
    return Copy(
        instruction,
        is_add,
        words[:-1],
        words[-1] if words else None,
        _flag(instruction, "from"),
        _flag(instruction, "chown"),
        _flag(instruction, "chmod"),
        _is_set(instruction, "link"),
        _is_set(instruction, "parents"),
        tuple([f.value for f in instruction.flags if f.name == "exclude" and f.value is not None]),
    )


def _cmd(instruction: Instruction, escape: str) -> Cmd:
    return Cmd(instruction, _command(instruction.body))


def _entrypoint(instruction: Instruction, escape: str) -> Entrypoint:
    return Entrypoint(instruction, _command(instruction.body))


def _healthcheck(instruction: Instruction, escape: str) -> Healthcheck:
    text = instruction.body.text
    end = next((at for at, character in enumerate(text) if character in BLANK), len(text))
    if text[:end].upper() != "CMD":
        return Healthcheck(instruction, None)
    start = len(text) - len(text[end:].lstrip(BLANK))
    return Healthcheck(instruction, _command(instruction.body.slice(Span(start, len(text)))))


def _command(body: LogicalText) -> CommandLine:
    words = json_words(body)
    if words is None:
        return CommandLine(Form.SHELL, body, ())
    return CommandLine(Form.EXEC, body, words)


def _shell(instruction: Instruction, escape: str) -> Shell:
    return Shell(instruction, json_words(instruction.body) or ())


def _workdir(instruction: Instruction, escape: str) -> Workdir:
    return Workdir(instruction, _whole(instruction, escape))


def _user(instruction: Instruction, escape: str) -> User:
    return User(instruction, _whole(instruction, escape))


def _stopsignal(instruction: Instruction, escape: str) -> Stopsignal:
    return Stopsignal(instruction, _whole(instruction, escape))


def _expose(instruction: Instruction, escape: str) -> Expose:
    return Expose(instruction, blank_separated(instruction.body, escape))


def _volume(instruction: Instruction, escape: str) -> Volume:
    paths = json_words(instruction.body)
    return Volume(instruction, blank_separated(instruction.body, escape) if paths is None else paths)


def _maintainer(instruction: Instruction, escape: str) -> Maintainer:
    return Maintainer(instruction, instruction.body)


def _onbuild(instruction: Instruction, escape: str) -> Onbuild:
    trigger = trigger_of(instruction, escape)
    if trigger is None:
        return Onbuild(instruction, None)
    # BuildKit refuses ONBUILD ONBUILD; stopping here keeps a long chain of them from nesting views.
    is_chain = trigger.keyword == "ONBUILD"
    return Onbuild(instruction, Onbuild(trigger, None) if is_chain else view(trigger, escape))


def _whole(instruction: Instruction, escape: str) -> Word | None:
    size = len(instruction.body.text)
    return word_at(instruction.body, 0, size, escape) if size else None


def _flag(instruction: Instruction, name: str) -> Word | None:
    found: Flag | None = next((f for f in instruction.flags if f.name == name), None)
    return found.value if found else None


def _is_set(instruction: Instruction, name: str) -> bool:
    for flag in instruction.flags:
        if flag.name == name:
            return flag.value is None or flag.value.value.lower() == "true"
    return False


_READERS: dict[str, Callable[[Instruction, str], View]] = {
    "ADD": _add,
    "ARG": _arg,
    "CMD": _cmd,
    "COPY": _copy,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "FROM": _from,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "MAINTAINER": _maintainer,
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _stopsignal,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _workdir,
}
