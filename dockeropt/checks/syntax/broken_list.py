"""DO7006: a list that is no JSON and is therefore none."""

import re
from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.checks.stages.triggers import views_with_triggers
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.instructions import Copy, Form, Healthcheck, Run, View, Volume
from dockeropt.syntax.json_form import read_strings
from dockeropt.syntax.lines import LogicalText
from dockeropt.syntax.source import Span

_TYPED = "\u2018\u2019\u201c\u201d"
"""the quotes of a word processor"""
_QUOTED = rf"""(?:'[^']*'|"[^"]*"|[{_TYPED}][^{_TYPED}]*[{_TYPED}])"""
_WORD = r"[\w./:=@%+-]++"
_ITEM = rf"{_QUOTED}|{_WORD}"
_LIST = rf"\[\s*+(?:{_QUOTED}(?:\s*+,\s*+{_QUOTED})*+\s*+,?+|{_WORD}(?:\s*+,\s*+{_WORD})++)\s*+\]"
"""items in any quotes, or two and more without, with commas between: no shell's ``[ -f file ]``"""


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for each argument that is written like a list and is read as plain text."""
    for view in views_with_triggers(stage):
        text = _text(view)
        if text is None or not text.text.startswith("[") or not re.fullmatch(_LIST, text.text.rstrip()):
            continue
        if read_strings(text.text) is not None:
            continue
        keyword = view.instruction.keyword
        yield Finding(
            text.to_source(Span(0, len(text.text.rstrip()))),
            f"this looks like a list but is no JSON, so {keyword} takes it for {_meaning(view)}; "
            'write every item in "double quotes", with commas between and none at the end',
            _fix(text, view),
        )


def _fix(text: LogicalText, view: View) -> Fix | None:
    """Return the fix that quotes every item; None where a shell reads variables, or over several lines."""
    body = text.text.rstrip()
    span = Span(0, len(body))
    has_variables = "$" in body and isinstance(view, Run | Healthcheck)
    if has_variables or "\\" in body or not text.is_contiguous(span):
        return None
    import json  # takes longer than linting a small file

    items = [found[0] for found in re.finditer(_ITEM, body[1:-1])]
    values = [each[1:-1] if each[0] in f"'\"{_TYPED}" else each for each in items]
    written = ", ".join(json.dumps(value, ensure_ascii=False) for value in values)
    return Fix(f"write [{written}]", (Edit(text.to_source(span), f"[{written}]"),), Applicability.UNSAFE)


def _text(view: View) -> LogicalText | None:
    if isinstance(view, Run | Volume | Copy):
        return view.instruction.body
    if isinstance(view, Healthcheck) and view.command is not None and view.command.form is Form.SHELL:
        return view.command.script
    return None


def _meaning(view: View) -> str:
    if isinstance(view, Copy):
        return "names of files"
    return "names of folders" if isinstance(view, Volume) else "a line for the shell"


RULE = Rule("DO7006", "broken-list", Severity.ERROR, Stage, check, fixes=Applicability.UNSAFE)
