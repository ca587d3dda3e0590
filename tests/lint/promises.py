"""What a fixed file must have kept, told by BuildKit's own parser and by the edits themselves."""

from collections import Counter

import dockerfile

from dockeropt.config.settings import Settings
from dockeropt.diagnostics.diagnostic import Diagnostic
from dockeropt.diagnostics.finding import Applicability
from dockeropt.lint.fixer import Fixed, fix_source
from dockeropt.lint.linter import DEFAULTS
from dockeropt.semantics.context import Context
from dockeropt.syntax.edits import Edit, apply
from dockeropt.syntax.keywords import KEYWORDS
from dockeropt.syntax.source import Source

Reading = tuple[int, int, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""first and last line, keyword, flags, values and the bodies of heredocs"""


def faults(
    source: Source,
    done: Fixed,
    least: Applicability,
    settings: Settings = DEFAULTS,
    context: Context | None = None,
) -> list[tuple[str, str]]:
    """Return what is wrong with a fixed file, each as a kind and a sentence."""
    found: list[tuple[str, str]] = []
    broken = breakage(source.text, done.source.text)
    if broken:
        found.append(("broken", broken))
    for before, after, edits in rounds(source, done):
        what = unnamed_change(before, after, edits)
        if what:
            found.append(("changed without being named", what))
    if fix_source(done.source, settings, context, least).source.text != done.source.text:
        found.append(("changed by a second pass", ""))
    return found


def breakage(before: str, after: str) -> str:
    """Return what BuildKit's parser cannot make of a text that it could make something of before."""
    old = read(before)
    if old is None:
        return ""
    new = read(after)
    if new is None:
        return "it is not read any more"
    strange = unknown(new) - unknown(old)
    return f"unknown instructions {', '.join(strange)}" if strange else ""


def unknown(instructions: list[Reading]) -> Counter[str]:
    return Counter(keyword for _, _, keyword, *_ in instructions if keyword.upper() not in KEYWORDS)


def read(text: str) -> list[Reading] | None:
    """Return BuildKit's instructions, None where it refuses the text or cannot be given it."""
    if "\0" in text or (not text.isprintable() and any("\ud800" <= each <= "\udfff" for each in text)):
        return None
    try:
        commands = dockerfile.parse_string(text)
    except (dockerfile.GoParseError, UnicodeDecodeError):
        return None
    return [
        (
            each.start_line,
            each.end_line,
            each.cmd or "",
            each.flags,
            each.value,
            tuple(heredoc.content for heredoc in each.heredocs),
        )
        for each in commands
    ]


def rounds(source: Source, done: Fixed) -> list[tuple[str, str, list[Edit]]]:
    """Return text before, text after and edits of every round."""
    found: list[tuple[str, str, list[Edit]]] = []
    groups: dict[int, list[Diagnostic]] = {}
    for each in done.fixed:
        groups.setdefault(id(each.source), []).append(each)
    text = source.text
    for group in groups.values():
        assert group[0].source.text == text
        edits = [edit for each in group if each.finding.fix is not None for edit in each.finding.fix.edits]
        after = apply(text, edits)
        found.append((text, after, edits))
        text = after
    assert text == done.source.text
    return found


def unnamed_change(before: str, after: str, edits: list[Edit]) -> str:
    """Return an instruction in whose lines no edit stands and that is not there any more, in its order."""
    old, new = read(before), read(after)
    if old is None or new is None:
        return ""
    source = Source(before)
    touched: set[int] = set()
    for span, _ in edits:
        first, last = source.position(span.start), source.position(max(span.start, span.end - 1))
        if span.start == span.end and first.column == 1:
            continue
        touched.update(range(first.line, last.line + 1))
    following = iter(new)
    for start, end, *instruction in old:
        if touched.isdisjoint(range(start, end + 1)) and all(
            each[2:] != tuple(instruction) for each in following
        ):
            return f"line {start}: {' '.join(map(str, instruction))[:80]}"
    return ""
