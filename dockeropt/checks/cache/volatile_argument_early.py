"""DO1002: a build argument that changes with every build is in scope of steps that do not use it."""

from collections.abc import Iterator

from dockeropt.checks.cache.environment_readers import may_read_environment, mentions
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Related
from dockeropt.knowledge.frameworks import SELF_CONTAINED
from dockeropt.knowledge.volatile_names import Volatility, volatility
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Arg, Env, Pair, Run, View

_PLACEHOLDERS = frozenset(
    (
        "",
        "0",
        "0.0",
        "0.0.0",
        "1",
        "dev",
        "develop",
        "latest",
        "local",
        "main",
        "master",
        "none",
        "snapshot",
        "unknown",
    )
)
"""defaults that stand for a value the build gives"""


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding at each declaration that makes steps run again for a value they do not read."""
    made = _made_of_others(stage)
    for number, view in enumerate(stage.views):
        if not isinstance(view, Arg):
            continue
        for pair in view.pairs:
            yield from _check_pair(view, pair, stage.views[number + 1 :], made, build)


def _check_pair(
    arg: Arg, pair: Pair, following: tuple[View, ...], made: list[Pair], build: Build
) -> Iterator[Finding]:
    name = pair.key.value
    runtime = _runtime_framework(name)
    if runtime is not None:
        runs = [view for view in following if isinstance(view, Run)]
        if runs:
            yield Finding(
                pair.span,
                f"every new `{name}` {_reruns(runs)}; {runtime} reads it when it starts: set it there",
                related=(Related(runs[0].instruction.keyword_span, "this is the first step to run again"),),
            )
        return
    names = _aliases(pair, arg, made)
    kind = _volatility(pair, names)
    if kind is None:
        return
    if kind is Volatility.CACHE_BUST and _is_just_before_run(following):
        return
    idle = _idle_runs(names, following, build)
    if idle:
        from dockeropt.checks.cache.volatile_argument_fix import moving_fix

        yield Finding(
            pair.span,
            f"every new `{name}` {_reruns(idle)}, "
            f"{'which does not use it' if len(idle) == 1 else 'none of which uses it'}; declare it after",
            moving_fix(arg, names, idle, following, build),
            related=(Related(idle[0].instruction.keyword_span, "this is the first step to run again"),),
        )


def _runtime_framework(name: str) -> str | None:
    """Return the framework whose server reads this variable when it starts."""
    for framework in SELF_CONTAINED:
        if name in framework.runtime_variables:
            return framework.name
    return None


def _made_of_others(stage: Stage) -> list[Pair]:
    """Return the variables of a stage that may be made of others, in order: a few of them, or none."""
    return [
        pair
        for view in stage.views
        if isinstance(view, (Env, Arg))
        for pair in view.pairs
        if pair.value is not None and ("$" in pair.value.value or "=" in pair.value.value)
    ]


def _aliases(argument: Pair, arg: Arg, made: list[Pair]) -> frozenset[str]:
    """Return the argument's name and those of the variables that later instructions make of it."""
    names = {argument.key.value}
    for pair in made:
        text = pair.value.value if pair.value is not None else ""
        is_later = pair.span.start >= arg.instruction.span.end
        if is_later and any(mentions(text, each) for each in names):
            names.add(pair.key.value)
    return frozenset(names)


def _volatility(pair: Pair, names: frozenset[str]) -> Volatility | None:
    """Return how a value changes; one that the file itself fixes does not."""
    default = "" if pair.value is None else pair.value.value
    for name in (pair.key.value, *sorted(names)):
        kind = volatility(name)
        if kind is None:
            continue
        if kind is Volatility.CACHE_BUST or default.lower() in _PLACEHOLDERS or "$" in default:
            return kind
        if kind is Volatility.BUILD and not default.replace(".", "").isalnum():
            return kind
    return None


def _is_just_before_run(following: tuple[View, ...]) -> bool:
    """Tell whether the next step is a RUN, which the argument is then meant for."""
    for view in following:
        if not isinstance(view, (Arg, Env)):
            return isinstance(view, Run)
    return False


def _idle_runs(names: frozenset[str], following: tuple[View, ...], build: Build) -> list[Run]:
    """Return the RUN steps before the first that uses the value, if there is one that surely does not."""
    idle: list[Run] = []
    sure = 0
    for view in following:
        if not isinstance(view, Run):
            continue
        if any(mentions(view.command.script.text, name) for name in names) or any(
            mentions(heredoc.body.text, name) for heredoc in view.instruction.heredocs for name in names
        ):
            break
        if may_read_environment(view, build):
            if not sure:
                return []
            break
        sure += 1
        idle.append(view)
    return idle


def _reruns(runs: list[Run]) -> str:
    first = " ".join(runs[0].command.script.text.split())
    text = first if len(first) <= 40 else first[:39].rstrip() + "…"
    if len(runs) == 1:
        return f"runs `{text}` again"
    return f"runs `{text}` and {len(runs) - 1} more step{'s' if len(runs) > 2 else ''} again"


RULE = Rule("DO1002", "volatile-argument-early", Severity.WARNING, Stage, check, fixes=Applicability.UNSAFE)
