"""What the user asks of a lint run."""

from collections.abc import Mapping

from dockeropt.checks.rule import ForeignRule, Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.records import NamedTuple


class Settings(NamedTuple):
    """Which rules run and with which options; names are codes, slugs or aliases in lower case."""

    select: frozenset[str] = frozenset()
    """only these; empty for every rule that is on by default"""
    ignore: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = {}
    """by code, for ShellCheck's rules also by the beginning of codes"""
    options: Mapping[str, Options] = {}
    """by code, laid over the rule's own"""
    takes_comments: bool = True
    """whether comments in the Dockerfile may hide findings"""

    def severity_of(self, rule: Rule | ForeignRule) -> Severity:
        """Return the severity a rule's findings get."""
        severities = self.severities
        if not severities:
            return rule.severity
        named = next((name for name in (rule.code, *rule.aliases) if name in severities), "")
        return severities[named] if named else rule.severity

    def wants(self, rule: Rule | ForeignRule) -> bool:
        """Tell whether a rule runs."""
        if self.ignore or self.select:
            names = {name.lower() for name in (rule.code, rule.slug, *rule.aliases)}
            if not names.isdisjoint(self.ignore):
                return False
            if self.select:
                return not names.isdisjoint(self.select) or self._switches_on(rule)
        return self.severity_of(rule) is not Severity.IGNORE

    def wants_shellcheck(self) -> bool:
        """Tell whether any of ShellCheck's rules may be wanted, so that it has to run."""
        if not self.ignore.isdisjoint(("sc", "shellcheck", "all")):
            return False
        return not self.select or any(name.startswith(("sc", "shellcheck", "all")) for name in self.select)

    def names_shellcheck(self) -> bool:
        """Tell whether one of ShellCheck's rules is asked for by name or has a severity of its own."""
        return any(name.startswith(("sc", "shellcheck")) for name in self.select) or any(
            code.startswith("SC") for code in self.severities
        )

    def _switches_on(self, rule: Rule | ForeignRule) -> bool:
        """Tell whether a rule that is off by default, so that its family leaves it out, has a severity."""
        code = rule.code.lower()
        has_severity = self.severities.get(rule.code, Severity.IGNORE) is not Severity.IGNORE
        return has_severity and any(code.startswith(name) for name in self.select)
