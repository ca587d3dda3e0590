"""From a parsed Dockerfile to its stages, as BuildKit's dockerfile2llb resolves them."""

from collections.abc import Mapping
from functools import lru_cache

from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build, Scope, Stage, expand_word
from dockeropt.semantics.context import Context
from dockeropt.semantics.images import parse_image
from dockeropt.semantics.platforms import platform_arguments
from dockeropt.semantics.problems import find_problems
from dockeropt.semantics.references import references
from dockeropt.semantics.scopes import EMPTY, after, declare_globally, inherited, of_scratch
from dockeropt.semantics.versions import Versions
from dockeropt.syntax.instructions import From, Onbuild, View
from dockeropt.syntax.tree import Dockerfile
from dockeropt.syntax.views import view

_NO_ARGUMENTS: Mapping[str, str] = {}


def resolve(
    dockerfile: Dockerfile, arguments: Mapping[str, str] = _NO_ARGUMENTS, context: Context | None = None
) -> Build:
    """Return the build a Dockerfile describes with these build arguments. Never raises.

    What BuildKit would refuse is in ``Build.problems``; all the rest is resolved as if it were not there.
    """
    escape = dockerfile.escape
    views = tuple([view(instruction, escape) for instruction in dockerfile.instructions])
    starts = [number for number, each in enumerate(views) if isinstance(each, From)]
    names = [_name(views[start]) for start in starts]
    global_views = views[: starts[0]] if starts else views
    scope = _global_scope(global_views, arguments, names[-1] if names else None, escape)
    known = _Known(arguments, scope, escape, {name: at for at, name in enumerate(names) if name}, len(starts))
    stages: list[Stage] = []
    nearest: dict[str, Stage] = {}
    for start, end in zip(starts, [*starts[1:], len(views)], strict=False):
        stage = _stage(views[start:end], len(stages), nearest, known)
        stages.append(stage)
        if stage.name is not None:
            nearest[stage.name] = stage
    problems = find_problems(dockerfile, stages, scope, global_views, known.names)
    return Build(dockerfile, tuple(stages), arguments, context, scope, global_views, problems)


class _Known(NamedTuple):
    """What all stages share."""

    arguments: Mapping[str, str]
    scope: Scope
    """what FROM sees"""
    escape: str
    names: Mapping[str, int]
    """the last stage of each name"""
    stage_count: int


def _name(start: View) -> str | None:
    return start.name.raw.lower() if isinstance(start, From) and start.name is not None else None


def _global_scope(
    views: tuple[View, ...], arguments: Mapping[str, str], final: str | None, escape: str
) -> Scope:
    scope = _platform_scope(final) if not arguments else _with_platforms(arguments, final)
    for each in views:
        scope = declare_globally(each, scope, arguments, escape)
    return scope


@lru_cache
def _platform_scope(final: str | None) -> Scope:
    return _with_platforms(_NO_ARGUMENTS, final)


def _with_platforms(arguments: Mapping[str, str], final: str | None) -> Scope:
    return EMPTY._replace(variables=Versions.of(platform_arguments(arguments, final)))


def _stage(views: tuple[View, ...], number: int, nearest: Mapping[str, Stage], known: _Known) -> Stage:
    start, views = views[0], views[1:]
    assert isinstance(start, From)  # noqa: S101 - stages are cut at FROM
    base, is_open = _expanded_base(start, known)
    parent = nearest.get(base)
    begin, triggers = _inherited(parent, base)
    scope = begin
    for trigger in triggers:
        scope = _after(trigger, scope, known)
    scopes: list[Scope] = []
    for each in views:
        scopes.append(scope)
        scope = _after(each, scope, known)
    parents = [] if parent is None else [parent.number]
    parents.extend(
        reference.stage
        for reference in references((*triggers, *views), known.names, known.stage_count)
        if reference.stage is not None
    )
    platform = start.platform and expand_word(start.platform, start.instruction, known.scope, known.escape)
    return Stage(
        number=number,
        name=_name(start),
        start=start,
        base=base,
        base_stage=None if parent is None else parent.number,
        image=None if parent is not None or base == "scratch" or is_open else parse_image(base),
        platform=platform.text if platform else None,
        views=views,
        scopes=tuple(scopes),
        begin=begin,
        end=scope,
        parents=tuple(dict.fromkeys(parents)),
        triggers=triggers,
    )


def _expanded_base(start: From, known: _Known) -> tuple[str, bool]:
    """Return what FROM names, and whether a variable in it has no value."""
    if start.image is None:
        return "", True
    base = expand_word(start.image, start.instruction, known.scope, known.escape)
    return base.text, bool(base.unset) or base.problem is not None


def _inherited(parent: Stage | None, base: str) -> tuple[Scope, tuple[View, ...]]:
    """Return what holds after FROM, and the ONBUILD triggers of the stage it names, which run next."""
    if parent is None:
        return (of_scratch() if base == "scratch" else EMPTY), ()
    triggers = tuple([v.trigger for v in parent.views if isinstance(v, Onbuild) and v.trigger is not None])
    return inherited(parent.end, (*parent.triggers, *parent.views), parent.begin), triggers


def _after(each: View, scope: Scope, known: _Known) -> Scope:
    return after(each, scope, known.scope.variables, known.arguments, known.escape)
