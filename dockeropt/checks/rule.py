"""A rule is a value and a pure function."""

from collections.abc import Callable, Iterator
from typing import Any

from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding
from dockeropt.records import NamedTuple
from dockeropt.semantics.build import Build

Options = dict[str, str | int | bool | tuple[str, ...]]
"""a rule's options: its defaults overlaid with what the configuration says"""


class Rule(NamedTuple):
    """A check and what is known about it.

    ``subject`` is the type of what ``check`` looks at: Dockerfile, Build, Stage, or an instruction view
    such as Run; the linter calls it for every such thing, with the build and the rule's options.
    """

    code: str
    slug: str
    """named for the fault, so that "allow <slug>" reads well"""
    severity: Severity
    subject: type
    check: Callable[[Any, Build, Options], Iterator[Finding]]
    options: Options = {}  # noqa: RUF012 - a NamedTuple's default, never changed
    fixes: Applicability | None = None
    """the best fix the rule has"""
    since: str = "0.1.0"
    aliases: tuple[str, ...] = ()
    """codes and names of the same check in other tools"""
    programs: tuple[str, ...] = ()
    """of which one runs in every Dockerfile it finds a fault in; none where that does not matter"""


class ForeignRule(NamedTuple):
    """A check that another program makes, as far as settings and comments are concerned with it."""

    code: str
    slug: str
    severity: Severity
    aliases: tuple[str, ...]
