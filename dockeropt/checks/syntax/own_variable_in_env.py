"""DL3044: ENV that uses a variable it sets itself."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.syntax.references import reference_to
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build
from dockeropt.semantics.variables import names_used
from dockeropt.syntax.instructions import Env


def check(env: Env, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for a value with a variable of another pair of the same ENV."""
    if len(env.pairs) < 2 or "$" not in env.instruction.body.text:
        return
    known = build.scope_of(env)
    names = {pair.key.value for pair in env.pairs}
    for pair in env.pairs:
        if pair.value is None or "$" not in pair.value.raw:
            continue
        for name in names_used(pair.value.raw, build.dockerfile.escape):
            if name not in names or name == pair.key.value:
                continue
            if name in known.variables or name in known.arguments:
                continue
            yield Finding(
                reference_to(name, pair.value),
                f"`{name}` in `{pair.key.value}` is its value from before this ENV; "
                f"move `{pair.key.value}` to an ENV of its own below",
            )


RULE = Rule("DL3044", "own-variable-in-env", Severity.ERROR, Env, check)
