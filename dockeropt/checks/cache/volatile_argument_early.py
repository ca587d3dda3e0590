"""DO1002: a build argument that changes with every build is in scope of steps that do not use it."""

from collections.abc import Iterator

from dockeropt.checks.cache.idle_runs import StageRuns, Stretch
from dockeropt.checks.cache.made_variables import MadeVariables
from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Related
from dockeropt.knowledge.frameworks import SELF_CONTAINED
from dockeropt.knowledge.volatile_names import Volatility, volatility
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Arg, Pair

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
    made = MadeVariables(stage.views)
    runs = StageRuns(stage.views, build)
    for number, view in enumerate(stage.views):
        if not isinstance(view, Arg):
            continue
        for pair in view.pairs:
            finding = _finding(number, view, pair, stage, runs, made, build)
            if finding is not None:
                yield finding


def _finding(
    number: int, arg: Arg, pair: Pair, stage: Stage, runs: StageRuns, made: MadeVariables, build: Build
) -> Finding | None:
    name = pair.key.value
    runtime = _runtime_framework(name)
    if runtime is not None:
        below = runs.below(number)
        if below is None:
            return None
        return Finding(
            pair.span,
            f"every new `{name}` {_reruns(below)}; {runtime} reads it when it starts: set it there",
            related=(_first_of(below),),
        )
    names = made.of(name, arg.instruction.span.end)
    kind = _volatility(pair, names)
    if kind is None or not names:
        return None
    if kind is Volatility.CACHE_BUST and runs.is_next(number):
        return None
    idle = runs.idle(number, names)
    if idle is None:
        return None
    from dockeropt.checks.cache.volatile_argument_fix import moving_fix

    return Finding(
        pair.span,
        f"every new `{name}` {_reruns(idle)}, "
        f"{'which does not use it' if idle.size == 1 else 'none of which uses it'}; declare it after",
        moving_fix(arg, names, idle.last, stage.views, number + 1, build),
        related=(_first_of(idle),),
    )


def _first_of(stretch: Stretch) -> Related:
    return Related(stretch.first.instruction.keyword_span, "this is the first step to run again")


def _runtime_framework(name: str) -> str | None:
    """Return the framework whose server reads this variable when it starts."""
    for framework in SELF_CONTAINED:
        if name in framework.runtime_variables:
            return framework.name
    return None


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


def _reruns(runs: Stretch) -> str:
    first = " ".join(runs.first.command.script.text.split())
    text = first if len(first) <= 40 else first[:39].rstrip() + "…"
    if runs.size == 1:
        return f"runs `{text}` again"
    return f"runs `{text}` and {runs.size - 1} more step{'s' if runs.size > 2 else ''} again"


RULE = Rule("DO1002", "volatile-argument-early", Severity.WARNING, Stage, check, fixes=Applicability.UNSAFE)
