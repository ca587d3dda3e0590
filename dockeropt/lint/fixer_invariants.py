"""What a fixed file must have kept: the promise of every fix, held in the program and not only in tests."""

from collections import Counter
from collections.abc import Sequence

from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.keywords import KEYWORDS
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Dockerfile, Instruction


def violation(before: Build, after: Build, edits: Sequence[Edit]) -> str | None:
    """Return what the edits broke, None where they changed nothing but what they stand in."""
    old, new = before.dockerfile, after.dockerfile
    return (
        _gap(old, edits)
        or _changed_instruction(old, new, edits)
        or _lost_comment(old, new)
        or _refusal(before, after)
    )


def _gap(old: Dockerfile, edits: Sequence[Edit]) -> str | None:
    """Tell of an edit that replaces what does not stand in one piece: a continuation, a comment.

    What is taken out may reach over continuations; whether a comment went with it is seen elsewhere.
    """
    text = old.source.text
    whole: set[int] | None = None
    for span, replacement in edits:
        replaced = text[span.start : span.end]
        if "\n" not in replaced or replaced.isspace() or not replacement:
            continue
        if whole is None:
            whole = {end for node in old.nodes for end in node.span}
        if span.start not in whole or span.end not in whole:
            line = old.source.position(span.start).line
            return f"it replaces lines {line} and following as if they were one"
    return None


def _changed_instruction(old: Dockerfile, new: Dockerfile, edits: Sequence[Edit]) -> str | None:
    """Tell of an instruction no edit stands in that is gone, moved or read otherwise, and of unknown ones."""
    if old.escape != new.escape:
        return "it changes the escape character"
    text = old.source.text
    ordered = sorted(set(edits))
    found = {instruction.span.start: instruction for instruction in new.instructions}
    kept: set[int] = set()
    at = shift = 0
    for instruction in old.instructions:
        start = instruction.span.start
        while at < len(ordered) and _is_before(ordered[at], start):
            shift += len(ordered[at].replacement) - (ordered[at].span.end - ordered[at].span.start)
            at += 1
        if at < len(ordered) and _touches(ordered[at], instruction.span, text):
            continue
        same = found.get(start + shift)
        if same is None or _reading(same, new) != _reading(instruction, old):
            line = old.source.position(start).line
            return f"{instruction.keyword} in line {line} is not what it was"
        kept.add(start + shift)
    for place, instruction in found.items():
        if place not in kept and instruction.keyword not in KEYWORDS:
            return f"it leaves an instruction {instruction.keyword[:20]}"
    return None


def _is_before(edit: Edit, start: int) -> bool:
    return edit.span.end <= start


def _touches(edit: Edit, span: Span, text: str) -> bool:
    """Tell whether an edit changes an instruction; one between two lines belongs to neither."""
    start, end = edit.span
    if start == end == span.end:
        return text[end - 1] != "\n" and not edit.replacement.startswith(("\n", "\r\n"))
    return start < span.end and end > span.start


def _reading(instruction: Instruction, dockerfile: Dockerfile) -> tuple[object, ...]:
    flags = [dockerfile.text_of(flag.span) for flag in instruction.flags]
    heredocs = [(each.name, each.body.text, each.expands) for each in instruction.heredocs]
    return instruction.keyword, instruction.body.text, flags, heredocs


def _lost_comment(old: Dockerfile, new: Dockerfile) -> str | None:
    if "#" not in old.source.text:
        return None
    lost = Counter(each.text for each in old.comments()) - Counter(each.text for each in new.comments())
    return f"it loses the comment # {next(iter(lost))}" if lost else None


def _refusal(before: Build, after: Build) -> str | None:
    """Tell of what BuildKit would refuse that it did not refuse before."""
    old = [problem.message for problem in (*before.dockerfile.problems, *before.problems)]
    new = [problem.message for problem in (*after.dockerfile.problems, *after.problems)]
    if len(new) <= len(old):
        return None
    return f"BuildKit would refuse it: {next(iter(Counter(new) - Counter(old)))}"
