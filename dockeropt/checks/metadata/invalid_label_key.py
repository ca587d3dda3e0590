"""DL3048: a label key that Docker's guidelines do not allow."""

import re
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build
from dockeropt.syntax.edits import replace_word
from dockeropt.syntax.instructions import Label
from dockeropt.syntax.tree import Word

_MANY = 100
"""instructions with labels in a stage, from which on none is changed"""
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_ALLOWED = _LETTERS | _DIGITS | frozenset("._-/")


def check(label: Label, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every key that is reserved or badly made up."""
    for pair in label.pairs:
        key = pair.key.value
        if "$" in key:
            key = build.expand(pair.key, label).text
        fault = None if "$" in key else _fault(key)
        if fault is not None:
            yield Finding(pair.key.span, f"the label key `{key}` {fault}", _fix(pair.key, label, build))


def _fix(key: Word, label: Label, build: Build) -> Fix | None:
    """Return the fix that writes small letters and single marks, where that makes a good and new key."""
    wanted = re.sub(r"([.-])\1+", r"\1", key.value.lower())
    labels = [view for view in build.stage_of(label).views if isinstance(view, Label)]
    taken = {pair.key.value for view in labels for pair in view.pairs} if len(labels) < _MANY else {wanted}
    if key.raw != key.value or wanted in taken or _fault(wanted) is not None:
        return None
    return fix_of(f"write `{wanted}`", replace_word(key, wanted), applicability=Applicability.UNSAFE)


def _fault(key: str) -> str | None:
    """Return what is wrong with a key and what to do, None for a good one."""
    if not key:
        return None
    prefix = next((prefix for prefix in _RESERVED if key.startswith(prefix)), None)
    if prefix is not None:
        return f"begins with `{prefix}`, which is Docker's own; use a domain of yours"
    if key != key.lower():
        return f"has upper-case letters; write `{key.lower()}`"
    odd = next((character for character in key if character not in _ALLOWED), None)
    if odd is not None:
        shown = "white space" if odd.isspace() else f"`{odd}`"
        return f"has {shown} in it; use lower-case letters, digits, and single `.` and `-` between them"
    if key[0] not in _LETTERS:
        return "does not begin with a letter; put one before it"
    if key[-1] not in _LETTERS and key[-1] not in _DIGITS:
        return f"ends with `{key[-1]}`; remove it"
    double = next((mark for mark in ("..", "--") if mark in key), None)
    return None if double is None else f"has `{double}` in it; write `{double[0]}` once"


RULE = Rule("DL3048", "invalid-label-key", Severity.STYLE, Label, check, fixes=Applicability.UNSAFE)
