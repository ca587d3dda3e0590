"""What BuildKit refuses of stages, references and variables; each kind was tried on an engine."""

from collections.abc import Iterator, Mapping, Sequence

from dockeropt.semantics.build import Scope, Stage, expand_word
from dockeropt.semantics.images import parse_image
from dockeropt.semantics.references import Reference, references
from dockeropt.syntax.instructions import (
    Arg,
    Copy,
    Env,
    Expose,
    Label,
    Stopsignal,
    Unknown,
    User,
    View,
    Volume,
    Workdir,
)
from dockeropt.syntax.quoting import fault
from dockeropt.syntax.source import Span
from dockeropt.syntax.tree import Dockerfile, Problem, Word


def find_problems(
    dockerfile: Dockerfile,
    stages: Sequence[Stage],
    global_scope: Scope,
    global_views: Sequence[View],
    names: Mapping[str, int],
) -> tuple[Problem, ...]:
    """Return why BuildKit would refuse the build, in the order of the text; empty for one that it takes.

    Stages that the build does not need are judged too, although BuildKit reads less of those.
    """
    escape = dockerfile.escape
    found = list(_outside_stages(stages, global_views))
    found.extend(_in_words(global_views, [global_scope] * len(global_views), escape))
    is_cyclic = any(parent >= stage.number for stage in stages for parent in stage.parents)
    cyclic = _in_cycles(stages) if is_cyclic else frozenset()
    for stage in stages:
        found.extend(_in_from(stage, global_scope, escape))
        for reference in references(stage.views, names, len(stages)):
            found.extend(_in_reference(reference, stage, stages, cyclic))
        found.extend(_in_words(stage.views, stage.scopes, escape))
    return tuple(sorted(found))


def _outside_stages(stages: Sequence[Stage], global_views: Sequence[View]) -> Iterator[Problem]:
    for view in global_views:
        if not isinstance(view, Arg | Unknown):
            yield Problem(
                view.instruction.keyword_span,
                f"{view.instruction.keyword} stands before the first FROM, where only ARG may stand",
                "DL3061",
            )
    if not stages and global_views:
        yield Problem(Span(0, 0), "there is no FROM, so there is nothing to build")


def _in_from(stage: Stage, scope: Scope, escape: str) -> Iterator[Problem]:
    start = stage.start
    if start.platform is not None:
        yield from _in_word(start.platform, stage.start, scope, escape)
    if start.image is None:
        return
    base = expand_word(start.image, start.instruction, scope, escape)
    unknown = [name for name in base.unset if name not in scope.arguments]
    if base.problem is not None:
        yield from _in_word(start.image, start, scope, escape)
    elif unknown:
        yield Problem(
            start.image.span,
            f"{unknown[0]} has no ARG before the first FROM, so FROM names no image",
            "UndefinedArgInFrom",
        )
    elif not base.text:
        message = f'"{start.image.raw}" is empty, so FROM names no image'
        yield Problem(start.image.span, message, "InvalidDefaultArgInFrom")
    elif stage.base_stage is None and not stage.is_scratch and stage.image is None and not base.unset:
        yield Problem(start.image.span, _not_an_image(base.text))


def _not_an_image(text: str) -> str:
    if parse_image(text.lower()) is None:
        return f'"{text}" is no image reference'
    return f'"{text}" is neither an image nor a stage: both are written in lower case in FROM'


def _in_reference(
    reference: Reference, stage: Stage, stages: Sequence[Stage], cyclic: frozenset[int]
) -> Iterator[Problem]:
    target, text = reference.stage, reference.text
    if target is None:
        if "$" in text:
            if not reference.is_mount:
                yield Problem(
                    reference.span,
                    f"from takes no variable: name the stage of FROM {text} AS NAME",
                    "DL3022",
                )
        elif reference.is_number:
            yield Problem(
                reference.span, f"there is no stage {text}; the last one is {len(stages) - 1}", "DL3022"
            )
        elif text != "scratch" and parse_image(text) is None:
            yield Problem(reference.span, f'"{text}" is neither a stage nor an image reference')
    elif target == stage.number:
        yield Problem(reference.span, f'stage "{text}" takes files from itself', "DL3023")
    elif target > stage.number and {target, stage.number} <= cyclic:
        yield Problem(reference.span, f'stage "{text}" is defined later and needs this one in turn')
    elif target > stage.number:
        yield Problem(reference.span, f'stage "{text}" is defined later; move it before this one', "DL3022")


def _in_cycles(stages: Sequence[Stage]) -> frozenset[int]:
    """Return the stages left when those that need none, then those that none needs, are taken away."""
    needs: dict[int, set[int]] = {stage.number: set(stage.parents) for stage in stages}
    needed: dict[int, set[int]] = {stage.number: set() for stage in stages}
    for number, parents in needs.items():
        for parent in parents:
            needed[parent].add(number)
    left = set(needs)
    for edges, opposite in ((needs, needed), (needed, needs)):
        pending = [number for number in left if not edges[number] & left]
        while pending:
            number = pending.pop()
            if number in left:
                left.remove(number)
                pending.extend(
                    other for other in opposite[number] if other in left and not edges[other] & left
                )
    return frozenset(left)


def _in_words(views: Sequence[View], scopes: Sequence[Scope], escape: str) -> Iterator[Problem]:
    for view, scope in zip(views, scopes, strict=True):
        instruction = view.instruction
        if not instruction.flags and "${" not in instruction.body.text:
            continue
        for word in expanded_words(view):
            yield from _in_word(word, view, scope, escape)


def _in_word(word: Word, view: View, scope: Scope, escape: str) -> Iterator[Problem]:
    """Yield what the values make wrong; what cannot be read with any values is syntax's to tell."""
    if "${" in word.raw:
        problem = expand_word(word, view.instruction, scope, escape).problem
        if problem is not None and fault(word.raw, escape) is None:
            yield Problem(word.span, f"{_shown(word.raw)} cannot be expanded: {problem}")


def _shown(raw: str) -> str:
    text = raw if len(raw) <= 40 else raw[:39] + "…"
    return text if text.startswith(('"', "'")) else f'"{text}"'


def expanded_words(view: View) -> Iterator[Word]:
    """Yield the words that BuildKit expands."""
    words: tuple[Word | None, ...] = ()
    if isinstance(view, Env | Label | Arg):
        for pair in view.pairs:
            yield pair.key
            if pair.value is not None:
                yield pair.value
    elif isinstance(view, Copy):
        words = (*view.sources, view.target, view.chown, view.chmod)
    elif isinstance(view, Expose):
        words = view.ports
    elif isinstance(view, Volume):
        words = view.paths
    elif isinstance(view, Workdir):
        words = (view.path,)
    elif isinstance(view, User):
        words = (view.name,)
    elif isinstance(view, Stopsignal):
        words = (view.signal,)
    for word in words:
        if word is not None:
            yield word
