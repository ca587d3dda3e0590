"""What BuildKit's own parser reads out of a text, and what ours reads, in the same shape."""

import json
import re
from typing import NamedTuple

import dockerfile

from dockeropt.syntax.characters import BLANK
from dockeropt.syntax.instructions import Arg, Env, Label, Onbuild
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Dockerfile, Flag, Heredoc, Instruction, Unreadable, Word
from dockeropt.syntax.views import view
from dockeropt.syntax.words import blank_separated, json_words


class Reading(NamedTuple):
    """One instruction, as PyPI ``dockerfile`` tells it (BuildKit 0.12.5)."""

    lines: tuple[int, int]
    keyword: str
    trigger: str | None
    is_json: bool
    flags: tuple[str, ...]
    values: tuple[str, ...]
    heredocs: tuple[tuple[str, int, str], ...]


def read_by_buildkit(text: str) -> tuple[Reading, ...] | None:
    """Return BuildKit's instructions, or None when it refuses the text.

    Lone surrogates abort the process, and the binding cuts every string at a NUL: hand it neither.
    """
    try:
        commands = dockerfile.parse_string(text)
    except (dockerfile.GoParseError, UnicodeDecodeError):
        # HEALTHCHECK cuts its first word within a character; the rest of it is no text.
        return None
    return tuple(
        Reading(
            (command.start_line, command.end_line),
            _spelling(command.cmd or ""),
            None if command.sub_cmd is None else _spelling(command.sub_cmd),
            command.json,
            command.flags,
            command.value,
            tuple((h.name, h.file_descriptor, h.content) for h in command.heredocs),
        )
        for command in commands
    )


def is_read_differently(parsed: Dockerfile) -> bool:
    """Tell whether BuildKit accepts this text and reads other instructions out of it.

    The oracle is 0.12.5. Where BuildKit itself has changed since, today's counts: a file with a
    ``<< NAME`` heredoc (1.16), whose lines were unknown instructions before, is not compared.
    """
    if any(
        parsed.text_of(heredoc.operator).split("<<")[1].lstrip("-")[:1] in (" ", "\t")
        for instruction in parsed.instructions
        for heredoc in instruction.heredocs
    ):
        return False
    theirs = read_by_buildkit(parsed.source.text)
    return theirs is not None and theirs != read_by_us(parsed)


def read_by_us(parsed: Dockerfile) -> tuple[Reading, ...]:
    """Return our instructions in the oracle's shape."""
    return tuple(
        _reading(parsed, node) for node in parsed.nodes if isinstance(node, Instruction | Unreadable)
    )


def _reading(parsed: Dockerfile, node: Instruction | Unreadable) -> Reading:
    if isinstance(node, Unreadable):
        return Reading(_lines(parsed, node.span), "", None, False, (), ("",), ())
    inner, trigger = node, None
    if node.keyword == "ONBUILD" and node.body.text:
        seen = view(node, parsed.escape)
        assert isinstance(seen, Onbuild)
        assert seen.trigger is not None
        inner = seen.trigger.instruction
        trigger = _spelling(inner.keyword)
    is_json, values = _values(parsed, inner)
    # The binding shows the heredocs of ONBUILD nowhere.
    exposed = () if trigger else node.heredocs
    return Reading(
        _lines(parsed, node.span),
        _spelling(node.keyword),
        trigger,
        is_json,
        tuple(_as_bytes_read(parsed, f) for f in node.flags),
        values,
        tuple((h.name, h.file_descriptor or 0, _content(parsed, h)) for h in exposed),
    )


def _spelling(keyword: str) -> str:
    """Return a keyword in the case Go gives it."""
    return keyword.replace("\u0130", "i").lower()


def _as_bytes_read(parsed: Dockerfile, flag: Flag) -> str:
    """Return a flag as BuildKit spells it, which takes every byte of it for a character.

    A byte that looks like white space ended it, within the character that is its last one here.
    """
    text = "--" + flag.name + ("" if flag.value is None else "=" + flag.value.value)
    spelling = [character.encode("utf-8").decode("latin-1") for character in text]
    if not parsed.text_of(flag.span).endswith(("'", '"')):
        spelling[-1] = re.split("[\x85\xa0]", spelling[-1])[0]
    return "".join(spelling)


def _content(parsed: Dockerfile, heredoc: Heredoc) -> str:
    """Return a heredoc's lines as they stand, tabs included."""
    text = parsed.text_of(heredoc.span)
    if not heredoc.is_terminated:
        return text
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return "".join(line + "\n" for line in lines[:-1])


def _lines(parsed: Dockerfile, span: Span) -> tuple[int, int]:
    position = parsed.source.position
    return position(span.start).line, position(max(span.start, span.end - 1)).line


def _values(parsed: Dockerfile, instruction: Instruction) -> tuple[bool, tuple[str, ...]]:
    body, keyword = instruction.body, instruction.keyword
    if keyword in ("FROM", "EXPOSE"):
        return False, tuple(w.raw for w in blank_separated(body, parsed.escape))
    if keyword in ("ADD", "COPY", "VOLUME"):
        is_json, values = _command(body.text, json_words(body))
        if is_json:
            return True, values
        return False, tuple(w.raw for w in blank_separated(body, parsed.escape))
    if keyword in ("RUN", "CMD", "ENTRYPOINT", "SHELL"):
        return _command(instruction.body.text, json_words(body))
    if keyword == "HEALTHCHECK":
        return _healthcheck(instruction)
    if keyword in ("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"):
        return False, (body.text,) if body.text else ()
    seen = view(instruction, parsed.escape)
    if isinstance(seen, Env | Label):
        return False, tuple(
            part for p in seen.pairs for part in (p.key.raw, p.value.raw if p.value is not None else "")
        )
    if isinstance(seen, Arg):
        return False, tuple(p.key.raw + ("" if p.value is None else "=" + p.value.raw) for p in seen.pairs)
    return False, () if keyword == "ONBUILD" and not body.text else ("",)


def _command(text: str, words: tuple[Word, ...] | None) -> tuple[bool, tuple[str, ...]]:
    strings = tuple(w.value for w in words) if words is not None else _strings_before_text(text)
    if strings is not None:
        return True, strings
    return False, (text,) if text else ()


def _strings_before_text(text: str) -> tuple[str, ...] | None:
    """Return the array at the start of a text: until 1.10 BuildKit took ``["a"] b`` for one."""
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    if isinstance(found, list) and all(isinstance(item, str) for item in found):
        return tuple(found)
    return None


def _healthcheck(instruction: Instruction) -> tuple[bool, tuple[str, ...]]:
    text = instruction.body.text
    if not text:
        return False, ()
    kind = re.split(f"[{BLANK}]", text, maxsplit=1)[0]
    rest = instruction.body.slice(Span(len(text) - len(text[len(kind) :].lstrip(BLANK)), len(text)))
    is_json, values = _command(rest.text, json_words(rest))
    return is_json, (kind, *values)
