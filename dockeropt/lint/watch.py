"""Which comment hid a finding, and which hid none."""

import re

from dockeropt.checks.registry import find, rules
from dockeropt.checks.rule import ForeignRule, Rule
from dockeropt.config.settings import Settings
from dockeropt.diagnostics.finding import Finding
from dockeropt.diagnostics.suppressions import ALL, Suppression, Suppressions, SuppressionUse
from dockeropt.semantics.build import Build

_CONTEXT_RULES = "dockeropt.checks.context."
_SHELLCHECK = re.compile("shellcheck|sc[0-9]{0,4}")
_HADOLINT = re.compile("dl[0-9]{4}")


class Watch:
    """The comments of a Dockerfile while its rules run.

    ``rules`` are the wanted ones about comments, to be run last. They judge a comment by what its rule
    finds, so ``names`` tells which rules must run although their findings are not wanted. One that names
    a rule of ShellCheck's is judged where ``judges_shellcheck`` says that it read every script.
    """

    def __init__(self, suppressions: Suppressions, settings: Settings, build: Build) -> None:
        self._suppressions = suppressions
        self.judges_shellcheck = False
        self._has_context = build.context is not None
        self._used: dict[Suppression, set[str]] = {entry: set() for entry in suppressions.entries}
        self.rules = [rule for rule in rules() if rule.subject is SuppressionUse and settings.wants(rule)]
        self._named: set[str] = set()
        if self.rules:
            self._named.update(*(entry.names for entry in suppressions.entries))

    def names(self, rule: Rule) -> bool:
        """Tell whether a comment names a rule, so that it has to run to judge the comment."""
        return ALL in self._named or not self._named.isdisjoint(_names(rule))

    def hides(self, rule: Rule | ForeignRule, finding: Finding) -> bool:
        """Tell whether a comment hides a finding, and remember which."""
        names = _names(rule)
        entry = self._suppressions.find(names, finding.span.start)
        if entry is None:
            return False
        self._used[entry].update(entry.names & {*names, ALL})
        return True

    def uses(self) -> list[SuppressionUse]:
        """Return what became of every comment, in order."""
        return [
            SuppressionUse(
                entry,
                frozenset(name for name in entry.names - used if self._is_judged(name)),
                frozenset(name for name in entry.names if entry.is_own and _is_unknown(name)),
            )
            for entry, used in self._used.items()
        ]

    def _is_judged(self, name: str) -> bool:
        """Tell whether a rule of this name ran; one about the build context is silent without any."""
        if name == ALL:
            return True
        if _SHELLCHECK.fullmatch(name):
            return self.judges_shellcheck
        rule = find(name)
        if rule is None or rule.subject is SuppressionUse:
            return False
        return self._has_context or not rule.check.__module__.startswith(_CONTEXT_RULES)


def _is_unknown(name: str) -> bool:
    """Tell whether no rule has a name, nor ShellCheck, which is not always there, nor any hadolint."""
    is_foreign = _SHELLCHECK.fullmatch(name) or _HADOLINT.fullmatch(name)
    return name != ALL and find(name) is None and not is_foreign


def _names(rule: Rule | ForeignRule) -> frozenset[str]:
    return frozenset(name.lower() for name in (rule.code, rule.slug, *rule.aliases))
