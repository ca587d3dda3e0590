"""What the linter reports."""

from enum import Enum

from dockeropt.diagnostics.finding import Finding
from dockeropt.records import NamedTuple
from dockeropt.syntax.source import Source


class Severity(Enum):
    """How bad a finding is, hadolint's words, worst first; ``IGNORE`` means off unless asked for."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    STYLE = "style"
    IGNORE = "ignore"


class Reruns(NamedTuple):
    """How often the step a finding speaks of ran again over the git history, between two bounds."""

    commits: int
    reran_least: int
    reran_most: int
    needed: int
    """in how many commits it had to"""


class Entry(NamedTuple):
    """A diagnostic as a report holds it, for a format that writes each the same whatever else is found."""

    severity: Severity
    path: str
    text: str
    """what the format writes of it, but for the path"""


class Diagnostic(NamedTuple):
    """A finding with the rule that made it and the file it is in."""

    code: str
    slug: str
    aliases: tuple[str, ...]
    severity: Severity
    source: Source
    finding: Finding
    reruns: Reruns | None = None
    """None where no history was asked for"""
