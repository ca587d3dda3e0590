"""DL3025: CMD or ENTRYPOINT in shell form."""

from collections.abc import Iterator

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Finding
from dockeropt.semantics.build import Build, Stage
from dockeropt.syntax.instructions import Cmd, Entrypoint, Form
from dockeropt.syntax.source import Span

_SPECIAL = frozenset("\"#$&'()*;<>?[\\]`{|}~!")
"""characters that mean something to a shell"""


def check(stage: Stage, build: Build, options: Options) -> Iterator[Finding]:
    """Yield a finding for every CMD and ENTRYPOINT that a shell will run and that is not replaced by exec."""
    for view in stage.views:
        if not isinstance(view, (Cmd, Entrypoint)) or view.command.form is Form.EXEC:
            continue
        script = view.command.script
        text = script.text
        if not text or text.startswith("exec "):
            continue
        keyword = view.instruction.keyword
        span = script.to_source(Span(0, len(text)))
        if text.startswith("[") and text.rstrip().endswith("]"):
            yield Finding(
                span,
                f"this {keyword} looks like a list but is no JSON, so a shell runs it as text; "
                'write every word in "double quotes", with commas between',
            )
            continue
        yield Finding(
            span,
            f"{keyword} runs under a shell, which keeps SIGTERM from the program; "
            f"write it as a list: {keyword} {_as_list(text)}",
        )


def _as_list(text: str) -> str:
    """Return a plain command as a JSON list, a sketch of one for a command that wants a shell."""
    words = text.split()
    is_plain = all(word.isascii() and not _SPECIAL.intersection(word) for word in words)
    if not is_plain or "=" in words[0]:
        words = ["program", "argument"]
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


RULE = Rule("DL3025", "shell-form-command", Severity.WARNING, Stage, check, aliases=("JSONArgsRecommended",))
