"""DL3025: CMD or ENTRYPOINT in shell form."""

import re
from collections.abc import Iterator
from functools import lru_cache

from dockeropt.checks.rule import Options, Rule
from dockeropt.diagnostics.diagnostic import Severity
from dockeropt.diagnostics.finding import Applicability, Finding, Fix, fix_of
from dockeropt.semantics.build import Build, Stage
from dockeropt.shell.dialect import dialect_of
from dockeropt.shell.script import Dialect
from dockeropt.syntax.edits import Edit
from dockeropt.syntax.instructions import Cmd, Entrypoint, Form
from dockeropt.syntax.source import Span

_SPECIAL = frozenset("\"#$&'()*;<>?[\\]`{|}~!")
"""characters that mean something to a shell"""
_BUILTINS = frozenset(
    (".", ":", "cd", "command", "eval", "exit", "export", "set", "source", "ulimit", "umask")
)
"""what only a shell can run"""


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
            _fix(view, stage, build),
        )


def _fix(view: Cmd | Entrypoint, stage: Stage, build: Build) -> Fix | None:
    """Return the fix that puts every word in quotes, where a plain program is run by a POSIX shell."""
    script = view.command.script
    words = [Span(*found.span()) for found in re.finditer(r"\S+", script.text)]
    texts = [script.text[start:end] for start, end in words]
    if not _is_plain(texts) or texts[0] in _BUILTINS or stage.end.shell is not None:
        return None
    if dialect_of(None, build.root_stage(stage).base) is not Dialect.POSIX:
        return None
    if isinstance(view, Entrypoint) and _has_commands(build):
        return None
    if not all(script.is_contiguous(span) for span in words):
        return None
    last = len(words) - 1
    edits = [
        Edit(
            script.to_source(span),
            f'{"" if number else "["}"{texts[number]}"{"," if number < last else "]"}',
        )
        for number, span in enumerate(words)
    ]
    return fix_of("write it as a list", *edits, applicability=Applicability.UNSAFE)


@lru_cache(1)
def _has_commands(build: Build) -> bool:
    """Tell whether a file has a CMD, which an ENTRYPOINT written as a list would be given."""
    return any(isinstance(view, Cmd) for stage in build.stages for view in stage.views)


def _as_list(text: str) -> str:
    """Return a plain command as a JSON list, a sketch of one for a command that wants a shell."""
    words = text.split()
    if not _is_plain(words):
        words = ["program", "argument"]
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _is_plain(words: list[str]) -> bool:
    """Tell whether words mean the same without a shell."""
    return "=" not in words[0] and all(word.isascii() and not _SPECIAL.intersection(word) for word in words)


RULE = Rule(
    "DL3025",
    "shell-form-command",
    Severity.WARNING,
    Stage,
    check,
    fixes=Applicability.UNSAFE,
    aliases=("JSONArgsRecommended",),
)
