"""LegacyKeyValueFormat: ENV and LABEL with a blank instead of ``=``."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Env, Label, Pair

_LONGEST = 60
_WANTS_QUOTES = frozenset(" \t'")


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every ``ENV name value`` and ``LABEL name value``."""
    for view in views_with_triggers(stage):
        if isinstance(view, Env | Label) and view.pairs and view.pairs[0].is_legacy:
            pair = view.pairs[0]
            keyword = view.instruction.keyword
            yield Finding(
                pair.span, f"`{keyword} name value` is the old form; write `{keyword} {_modern(pair)}`"
            )


def _modern(pair: Pair) -> str:
    """Return a pair in the form with ``=``."""
    if pair.value is None:
        return f"{pair.key.raw}="
    raw = " ".join(pair.value.raw.split())
    is_quoted = raw[:1] in ("'", '"') and raw.find(raw[0], 1) == len(raw) - 1
    value = raw if is_quoted or _WANTS_QUOTES.isdisjoint(raw) else '"' + raw.replace('"', '\\"') + '"'
    return f"{pair.key.raw}={value}" if len(value) <= _LONGEST else f'{pair.key.raw}="…"'


RULE = Rule("LegacyKeyValueFormat", "legacy-key-value", Severity.WARNING, Stage, check)
