"""What the user asks of a lint run."""

from collections.abc import Mapping

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.records import NamedTuple


class Settings(NamedTuple):
    """Which rules run and with which options; names are codes, slugs or aliases in lower case."""

    select: frozenset[str] = frozenset()
    """only these; empty for every rule that is on by default"""
    ignore: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = {}
    """by code"""
    options: Mapping[str, Options] = {}
    """by code, laid over the rule's own"""
    takes_comments: bool = True
    """whether comments in the Dockerfile may hide findings"""

    def severity_of(self, rule: Rule) -> Severity:
        """Return the severity a rule's findings get."""
        return self.severities.get(rule.code, rule.severity)

    def wants(self, rule: Rule) -> bool:
        """Tell whether a rule runs."""
        if self.ignore or self.select:
            names = {name.lower() for name in (rule.code, rule.slug, *rule.aliases)}
            if not names.isdisjoint(self.ignore):
                return False
            if self.select:
                return not names.isdisjoint(self.select)
        return self.severity_of(rule) is not Severity.IGNORE
