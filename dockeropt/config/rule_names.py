"""Names of rules as people write them: codes, slugs, aliases, and the beginning of a code for its family."""

import re
from collections.abc import Callable, Iterable

from dockeropt.checks.registry import find, rules
from dockeropt.checks.rule import Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.errors import UsageError

ALL = "all"

_FOREIGN = re.compile(r"sc[0-9]{0,4}|dl[0-9]{4}")
"""codes and families of ShellCheck, which has more than we list, and codes hadolint has or had"""
_ALL_OF_SHELLCHECK = frozenset(("sc", "shellcheck"))
"""the family of ShellCheck's rules and the name they share; to look for it would import all of ours"""


def selected(names: Iterable[str]) -> frozenset[str]:
    """Return the names of the rules to run: a family leaves out what is off by default, ``all`` nothing.

    Raises UsageError for a name that no rule has.
    """
    return _expand(names, lambda rule: rule.severity is not Severity.IGNORE)


def ignored(names: Iterable[str]) -> frozenset[str]:
    """Return the names of the rules not to run; raises UsageError for a name that no rule has."""
    return _expand(names, lambda rule: True)


def codes(name: str) -> tuple[str, ...]:
    """Return the codes of the rules a name or family means; raises UsageError where there is none."""
    lowered = name.lower()
    if lowered in _ALL_OF_SHELLCHECK:
        return ("SC",)
    rule = find(name)
    if rule is not None:
        return (rule.code,)
    family = tuple(rule.code for rule in rules() if rule.code.lower().startswith(lowered))
    if lowered == ALL:
        return tuple(rule.code for rule in rules())
    if family and re.fullmatch("[a-z]{2}[0-9]*", lowered):
        return family
    if _FOREIGN.fullmatch(lowered):
        return (name.upper(),)
    raise UsageError(f"there is no rule {name}", _hint(lowered))


def _expand(names: Iterable[str], is_taken: Callable[[Rule], bool]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        # A family without a rule of ours must not read as an empty selection, which is every rule.
        found.add(name.lower())
        for code in codes(name):
            rule = None if code == "SC" else find(code)
            if rule is not None and (is_taken(rule) or name.lower() == ALL):
                found.add(code.lower())
    return frozenset(found)


def _hint(name: str) -> str:
    from difflib import get_close_matches

    known = [each.lower() for rule in rules() for each in (rule.code, rule.slug, *rule.aliases)]
    near = get_close_matches(name, known, 1)
    rule = find(near[0]) if near else None
    if rule is None:
        return "`dockeropt rules` lists them"
    return f"did you mean {rule.code} ({rule.slug})? `dockeropt rules` lists them"
