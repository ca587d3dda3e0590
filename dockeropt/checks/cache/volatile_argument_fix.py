"""The fix of DO1002: the declaration moved below the steps that do not use it."""

from collections.abc import Sequence

from dockeropt.checks.cache.environment_readers import mentions
from dockeropt.diagnostics.finding import Applicability, Fix
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import Edit, insert, line_end, start_with_comments
from dockeropt.syntax.instructions import Arg, Env, Label, Run, View
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Instruction

_MOST_INSTRUCTIONS = 200
"""behind an ARG; where there are more, it is left to people"""


def moving_fix(
    arg: Arg, names: frozenset[str], idle: Run, views: Sequence[View], number: int, build: Build
) -> Fix | None:
    """Return the fix that moves an ARG, and what is made of it, below the last idle step.

    ``names`` are the argument's and those of the variables made of it, ``number`` is that of the view behind
    it. None where something between them uses a value and cannot be moved along.
    """
    if len(arg.pairs) != 1 or len(views) - number > _MOST_INSTRUCTIONS:
        return None
    following = views[number:]
    moved: list[Instruction] = [arg.instruction]
    last = idle.instruction.span.start
    target: View | None = None
    for view in following:
        is_below = view.instruction.span.start > last
        if isinstance(view, Arg | Env) and not is_below and _sets_for(view, moved):
            return None
        if not _uses(view, names):
            continue
        if is_below:
            target = view
            break
        if not isinstance(view, Arg | Env | Label) or not _is_only_of(view, names):
            return None
        moved.append(view.instruction)
    stop = _reading(following, last) if target is None else target
    return _moved(moved, stop, following, build)


def _uses(view: View, names: frozenset[str]) -> bool:
    instruction = view.instruction
    texts = [
        instruction.body.text,
        *(flag.value.value for flag in instruction.flags if flag.value is not None),
        *(heredoc.body.text for heredoc in instruction.heredocs),
    ]
    return any(mentions(text, name) for text in texts for name in names)


def _is_only_of(view: Arg | Env | Label, names: frozenset[str]) -> bool:
    """Tell whether each pair is made of the value, so that nothing else moves along; labels are no steps."""
    return isinstance(view, Label) or all(
        pair.value is not None and any(mentions(pair.value.value, name) for name in names)
        for pair in view.pairs
    )


def _sets_for(view: Arg | Env, moved: list[Instruction]) -> bool:
    """Tell whether a declaration changes what something to be moved below it says."""
    return any(mentions(each.body.text, pair.key.value) for pair in view.pairs for each in moved)


def _reading(following: Sequence[View], last: int) -> View | None:
    """Return the first step after the idle ones, which may read the value unseen."""
    runs = [view for view in following if isinstance(view, Run) and view.instruction.span.start > last]
    return runs[0] if runs else None


def _moved(
    moved: list[Instruction], stop: View | None, following: Sequence[View], build: Build
) -> Fix | None:
    dockerfile = build.dockerfile
    text = dockerfile.source.text
    if any(instruction.comments for instruction in moved):
        return None
    lines = ""
    edits: list[Edit] = []
    for instruction in moved:
        start, end = start_with_comments(instruction, dockerfile), instruction.span.end
        line = text[start:end]
        lines += line if line.endswith("\n") else line + line_end(text, start)
        edits.append(Edit(Span(start, end), ""))
    if stop is not None:
        edits.append(insert(start_with_comments(stop.instruction, dockerfile), lines))
    else:
        end = following[-1].instruction.span.end
        if text[end - 1] != "\n":
            lines = line_end(text, moved[0].span.start) + lines.rstrip("\r\n")
        edits.append(insert(end, lines))
    name = moved[0].body.text.partition("=")[0].strip()
    return Fix(f"declare `{name}` below", tuple(edits), Applicability.UNSAFE)
