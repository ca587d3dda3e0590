"""What BuildKit would refuse of a parsed Dockerfile: arguments and flags that are missing or wrong.

The rules are those of its ``instructions`` package. Whether stages fit together is semantics' part.
"""

import re
from collections.abc import Callable, Iterator

from dockeropt.syntax.characters import BLANK
from dockeropt.syntax.heredoc import operators
from dockeropt.syntax.instructions import Pair
from dockeropt.syntax.json_form import is_other_array, read_strings
from dockeropt.syntax.keywords import FLAGS, KEYWORDS, FlagKind
from dockeropt.syntax.mounts import mount_problems, read_mounts
from dockeropt.syntax.pairs import assigned_pairs, declared_pairs
from dockeropt.syntax.quoting import fault
from dockeropt.syntax.source import Span
from dockeropt.syntax.spelling import closest
from dockeropt.syntax.tree import Dockerfile, Flag, Instruction, Problem, Word
from dockeropt.syntax.views import trigger_of
from dockeropt.syntax.words import blank_separated, json_words, word_at

_STAGE_NAME = r"[a-z][a-z0-9_.-]*"
_DURATION = r"[+]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)"
_MAY_BE_JSON = ("ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL", "VOLUME")
_IGNORES_FLAGS = ("ARG", "STOPSIGNAL")
_NEEDS_ONE = {
    "ARG": "a name",
    "ENV": "a name and a value",
    "EXPOSE": "a port",
    "LABEL": "a name and a value",
    "MAINTAINER": "a name",
    "STOPSIGNAL": "a signal",
    "USER": "a user",
    "VOLUME": "a path",
    "WORKDIR": "a path",
}
_NETWORKS = ("default", "host", "none")
_SECURITIES = ("insecure", "sandbox")


def problems(dockerfile: Dockerfile) -> tuple[Problem, ...]:
    """Return everything that BuildKit would refuse, by position."""
    found = list(dockerfile.refusals)
    for instruction in dockerfile.instructions:
        found += _of_instruction(instruction, dockerfile)
    return tuple(sorted(found))


def _of_instruction(instruction: Instruction, dockerfile: Dockerfile) -> Iterator[Problem]:
    keyword = instruction.keyword
    if keyword not in KEYWORDS:
        yield _unknown(instruction, dockerfile)
        return
    if instruction.flags and keyword not in _IGNORES_FLAGS:
        yield from _of_flags(instruction)
    if keyword in _NEEDS_ONE and not instruction.body.text:
        yield Problem(instruction.keyword_span, f"{keyword} names nothing: give {_NEEDS_ONE[keyword]}")
    elif keyword in _MAY_BE_JSON and is_other_array(_command_text(instruction)):
        yield Problem(
            _body_span(instruction), f"an array of {keyword} may hold only strings: quote every element"
        )
    elif keyword == "ONBUILD":
        yield from _of_onbuild(instruction, dockerfile)
    elif check := _CHECKS.get(keyword):
        yield from check(instruction, dockerfile.escape)


def _unknown(instruction: Instruction, dockerfile: Dockerfile) -> Problem:
    spelling = dockerfile.text_of(instruction.keyword_span)
    meant = closest(instruction.keyword, sorted(KEYWORDS))
    advice = "is RUN missing before it, or a continuation on the line above?"
    if meant:
        advice = f"did you mean {meant}?"
    return Problem(instruction.keyword_span, f"unknown instruction {_short(spelling)}: {advice}")


def _of_flags(instruction: Instruction) -> Iterator[Problem]:
    keyword, known = instruction.keyword, FLAGS[instruction.keyword]
    seen: set[str] = set()
    for flag in instruction.flags:
        kind = known.get(flag.name)
        if kind is None:
            meant = closest(flag.name, sorted(known))
            advice = f"did you mean --{meant}?" if meant else "remove it"
            yield Problem(flag.span, f"{keyword} takes no flag --{_short(flag.name)}: {advice}")
            continue
        if flag.name in seen and kind is not FlagKind.VALUES:
            yield Problem(flag.span, f"--{flag.name} is given twice: keep one")
        seen.add(flag.name)
        if kind is FlagKind.SWITCH:
            if flag.value is not None and flag.value.value.lower() not in ("true", "false"):
                yield Problem(flag.span, f"--{flag.name} takes true or false, not {_quoted(flag.value)}")
        elif flag.value is None:
            yield Problem(flag.span, f"--{flag.name} has no value: write --{flag.name}=…")


def _of_from(instruction: Instruction, escape: str) -> Iterator[Problem]:
    words = blank_separated(instruction.body, escape)
    if not words:
        yield Problem(instruction.keyword_span, "FROM names no image: give one, or scratch")
        return
    if len(words) == 3 and words[1].raw.lower() == "as":
        name = words[2]
        if re.fullmatch(_STAGE_NAME, name.raw.lower()) is None:
            yield Problem(
                name.span,
                f"{_quoted(name)} cannot name a stage: use a letter, then letters, digits, - _ and .",
            )
    elif len(words) > 1:
        yield Problem(
            Span(words[1].span.start, words[-1].span.end),
            "FROM takes an image, and AS with a name: remove the rest",
        )
    yield from _of_words(words[:1], escape)
    yield from _of_words([f.value for f in instruction.flags if f.value is not None], escape)


def _of_copy(instruction: Instruction, escape: str) -> Iterator[Problem]:
    words, keyword = json_words(instruction.body), instruction.keyword
    if words is None:
        words = blank_separated(instruction.body, escape)
        yield from _of_words(words, escape)
    if len(words) < 2:
        missing = "target" if words else "source and target"
        yield Problem(instruction.keyword_span, f"{keyword} has no {missing}: name what to copy and where to")
    elif instruction.heredocs and operators(words[-1].raw):
        yield Problem(words[-1].span, f"a heredoc cannot be the target of {keyword}: name the file to write")


def _of_pairs(instruction: Instruction, escape: str) -> Iterator[Problem]:
    keyword = instruction.keyword
    for pair in assigned_pairs(instruction.body, escape):
        if pair.value is None:
            yield Problem(pair.span, f"{_quoted(pair.key)} has no value: {keyword} wants name=value")
        yield from _of_pair(pair, keyword, escape)


def _of_arg(instruction: Instruction, escape: str) -> Iterator[Problem]:
    for pair in declared_pairs(instruction.body, escape):
        yield from _of_pair(pair, "ARG", escape)


def _of_pair(pair: Pair, keyword: str, escape: str) -> Iterator[Problem]:
    if not pair.key.raw:
        yield Problem(pair.span, f"{keyword} has a value without a name: write name=value")
    yield from _of_words([pair.key] if pair.value is None else [pair.key, pair.value], escape)


def _of_run(instruction: Instruction, escape: str) -> Iterator[Problem]:
    if read_strings(instruction.body.text) == ():
        yield Problem(_body_span(instruction), "an empty array is no command: name the program to run")
    if not instruction.flags:
        return
    for flag in instruction.flags:
        yield from _of_choice(flag, "network", _NETWORKS)
        yield from _of_choice(flag, "security", _SECURITIES)
    for mount in read_mounts(instruction):
        yield from mount_problems(mount)


def _of_choice(flag: Flag, name: str, choices: tuple[str, ...]) -> Iterator[Problem]:
    if flag.name == name and flag.value is not None and flag.value.value not in choices:
        yield Problem(flag.span, f"--{name} takes {', '.join(choices)}, not {_quoted(flag.value)}")


def _of_shell(instruction: Instruction, escape: str) -> Iterator[Problem]:
    if not read_strings(instruction.body.text):
        yield Problem(
            instruction.keyword_span,
            'SHELL wants a JSON array: write it as ["/bin/sh", "-c"], with double quotes',
        )


def _of_healthcheck(instruction: Instruction, escape: str) -> Iterator[Problem]:
    words = blank_separated(instruction.body, escape)
    kind = words[0].raw.upper() if words else ""
    if kind == "NONE":
        if len(words) > 1:
            yield Problem(words[1].span, "HEALTHCHECK NONE takes nothing more: remove the rest")
        return
    if kind != "CMD":
        where = words[0].span if words else instruction.keyword_span
        yield Problem(where, "HEALTHCHECK wants CMD and a command, or NONE")
        return
    if len(words) == 1 or read_strings(_command_text(instruction)) == ():
        yield Problem(words[0].span, "HEALTHCHECK CMD has no command: say how to tell that it works")
    for flag in instruction.flags:
        if flag.value is None or not flag.value.value:
            continue
        if flag.name == "retries":
            if re.fullmatch(r"\+?[0-9]+", flag.value.value) is None:
                yield Problem(flag.span, f"--retries takes a number, not {_quoted(flag.value)}")
        elif re.fullmatch(_DURATION, flag.value.value) is None:
            yield Problem(flag.span, f"--{flag.name} takes a time such as 30s, not {_quoted(flag.value)}")


def _of_volume(instruction: Instruction, escape: str) -> Iterator[Problem]:
    words = json_words(instruction.body)
    if words is None:
        yield from _of_words(blank_separated(instruction.body, escape), escape)
    elif not words or any(not w.value.strip() for w in words):
        yield Problem(_body_span(instruction), "VOLUME names an empty path: give one")


def _of_expanded(instruction: Instruction, escape: str) -> Iterator[Problem]:
    if instruction.keyword == "EXPOSE":
        yield from _of_words(blank_separated(instruction.body, escape), escape)
    else:
        yield from _of_words([word_at(instruction.body, 0, len(instruction.body.text), escape)], escape)


def _of_onbuild(instruction: Instruction, dockerfile: Dockerfile) -> Iterator[Problem]:
    trigger = trigger_of(instruction, dockerfile.escape)
    if trigger is None:
        yield Problem(instruction.keyword_span, "ONBUILD names no instruction: write one behind it")
        return
    if trigger.keyword in ("FROM", "MAINTAINER", "ONBUILD"):
        message = f"{trigger.keyword} is not allowed behind ONBUILD: remove it"
        yield Problem(trigger.keyword_span, message, "DL3043")
        return
    yield from _of_instruction(trigger, dockerfile)


def _of_words(words: tuple[Word, ...] | list[Word], escape: str) -> Iterator[Problem]:
    """Yield what BuildKit's word processor could not read in words whose variables it replaces."""
    for word in words:
        unread = fault(word.raw, escape)
        if unread is None:
            continue
        if unread in ("'", '"'):
            yield Problem(word.span, f"the quote {unread} is never closed: {_short(word.raw)}")
        else:
            yield Problem(word.span, f"no variable that BuildKit can read: {_short(unread)}")


def _command_text(instruction: Instruction) -> str:
    """Return the text that may be in JSON form: of HEALTHCHECK what follows its first word."""
    text = instruction.body.text
    if instruction.keyword != "HEALTHCHECK":
        return text
    end = next((at for at, character in enumerate(text) if character in BLANK), len(text))
    return text[end:].lstrip(BLANK)


def _body_span(instruction: Instruction) -> Span:
    return instruction.body.to_source(Span(0, len(instruction.body.text)))


def _quoted(word: Word) -> str:
    return _short(word.value or word.raw or '""')


def _short(text: str) -> str:
    """Return a text that fits a message."""
    return text if len(text) <= 40 else text[:39] + "…"


_CHECKS: dict[str, Callable[[Instruction, str], Iterator[Problem]]] = {
    "ADD": _of_copy,
    "ARG": _of_arg,
    "COPY": _of_copy,
    "ENV": _of_pairs,
    "EXPOSE": _of_expanded,
    "FROM": _of_from,
    "HEALTHCHECK": _of_healthcheck,
    "LABEL": _of_pairs,
    "RUN": _of_run,
    "SHELL": _of_shell,
    "STOPSIGNAL": _of_expanded,
    "USER": _of_expanded,
    "VOLUME": _of_volume,
    "WORKDIR": _of_expanded,
}
