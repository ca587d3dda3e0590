"""What a rule points at in a Dockerfile."""

from dockeropt.config.settings import Settings
from dockeropt.lint.linter import lint_source
from dockeropt.syntax.source import Source


def marked(code: str, text: str) -> list[str]:
    """Return the text of each finding of a rule, in order."""
    found = lint_source(Source(text), Settings(select=frozenset((code.lower(),))))
    return [text[each.finding.span.start : each.finding.span.end] for each in found]
